import type { Catalogue } from '@lichen/engine'

const systemSchemas = "('information_schema', 'pg_catalog', 'mysql', 'performance_schema', 'sys')"

/**
 * Questions to an information schema with columns named as ODBC names them. `quote` is the sign around names, `types` the statement that lists
 * the types of the database.
 */
export function standardCatalogue(what: Catalogue, quote: '"' | '`', types: string): string {
  const as = (name: string): string => `AS ${quote}${name}${quote}`
  const place = `table_catalog ${as('TABLE_CAT')}, table_schema ${as('TABLE_SCHEM')}, table_name ${as('TABLE_NAME')}`
  const where = `WHERE table_schema NOT IN ${systemSchemas}`
  switch (what) {
    case 'tables':
      return `SELECT ${place}, CASE table_type WHEN 'BASE TABLE' THEN 'TABLE' ELSE table_type END ${as('TABLE_TYPE')} FROM information_schema.tables ${where} ORDER BY table_schema, table_name`
    case 'columns':
      return `SELECT ${place}, column_name ${as('COLUMN_NAME')}, data_type ${as('TYPE_NAME')}, ordinal_position ${as('ORDINAL_POSITION')}, is_nullable ${as('IS_NULLABLE')} FROM information_schema.columns ${where} ORDER BY table_schema, table_name, ordinal_position`
    case 'types':
      return types
  }
}
