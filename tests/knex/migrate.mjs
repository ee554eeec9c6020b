// The real knex applies our SQL under .ts names, all of it in one batch: node migrate.mjs FOLDER LABEL...
// The database is named by the PG* variables.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import createKnex from 'knex'

const [folder, ...labels] = process.argv.slice(2)
const read = (label, part) => readFileSync(join(folder, `${label}.${part}.sql`), 'utf8').replaceAll('?', '\\?')
const migrationSource = {
  getMigrations: async () => labels,
  getMigrationName: (label) => label.replace(/\.(plain|timescale)$/, '') + '.ts',
  getMigration: async (label) => ({
    up: (knex) => knex.raw(read(label, 'up')),
    down: (knex) => knex.raw(read(label, 'down')),
  }),
}
const knex = createKnex({ client: 'pg', connection: {} })
try {
  const [batch, done] = await knex.migrate.latest({ migrationSource })
  console.log(`Batch ${batch} run: ${done.length} migrations`)
} finally {
  await knex.destroy()
}
