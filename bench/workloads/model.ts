import type { DataSet } from '../data/files.ts'
import { dimensionTables, factFields, factTable } from './schema.ts'

/** A table with all its fields; a field of two tables links them. */
export interface ModelTable {
  readonly table: string
  readonly fields: readonly string[]
}

/** Tables that form a tree, sales first. */
export interface Model {
  readonly tables: readonly ModelTable[]
  /** Whether every key of a table is found in the others, so that inner joins lose nothing. */
  readonly isComplete: boolean
}

const star: readonly ModelTable[] = [
  { table: factTable, fields: factFields },
  ...dimensionTables.map(({ table, key, fields }) => ({ table, fields: [key, ...fields] })),
]

const single = (table: string, ...fields: readonly string[]): Model => ({
  tables: [{ table, fields }],
  isComplete: true,
})

export const models: Readonly<Record<DataSet, Model>> = {
  star: { tables: star, isComplete: true },
  clustered: { tables: star, isComplete: true },
  nulls: { tables: star, isComplete: false },
  bridge: {
    tables: [
      ...star,
      { table: 'product_tags', fields: ['product_key', 'tag'] },
      { table: 'tags', fields: ['tag', 'tag_group'] },
    ],
    isComplete: true,
  },
  texts: {
    tables: [{ table: factTable, fields: [...factFields, 'note'] }, ...star.slice(1)],
    isComplete: true,
  },
  // Their fields are asked for one by one.
  wide: single('wide'),
  names: single('names', 'id', 'name'),
}

export function fieldsOf({ tables }: Model): readonly string[] {
  return [...new Set(tables.flatMap(({ fields }) => fields))]
}

export function holdersOf({ tables }: Model, field: string): readonly ModelTable[] {
  return tables.filter(({ fields }) => fields.includes(field))
}

/** The fields of a table that other tables have too. */
export function keysOf(model: Model, { fields }: ModelTable): readonly string[] {
  return fields.filter((field) => holdersOf(model, field).length > 1)
}

/** A table on the way away from the sales and the key it hangs on. */
export interface Branch {
  readonly table: ModelTable
  readonly key: string
  /** The table it hangs on, nearer to the sales. */
  readonly parent: ModelTable
}

/** Every table but the sales, each after its parent. */
export function branchesOf(model: Model): readonly Branch[] {
  const reached = model.tables.slice(0, 1)
  const branches: Branch[] = []
  for (const parent of reached)
    for (const key of keysOf(model, parent))
      for (const table of holdersOf(model, key)) {
        if (reached.includes(table)) continue
        reached.push(table)
        branches.push({ table, key, parent })
      }
  return branches
}
