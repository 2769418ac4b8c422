import type { PlainTable } from './schema.ts'

/** One record of the join: the row taken from each table, or -1, and the values of all fields of the component. */
export interface JoinedRecord {
  readonly rows: readonly number[]
  readonly values: ReadonlyMap<string, number | null>
}

/** Tables that reach each other by common fields, with the records they make together. */
export interface JoinedComponent {
  /** Positions in the list of tables given. */
  readonly tables: readonly number[]
  readonly fields: ReadonlySet<string>
  readonly records: readonly JoinedRecord[]
}

/**
 * The full outer natural join of all tables, told without an order of joining: a record is a set of rows, at most one a table, that
 * cannot be extended, in which any two rows with common fields agree on all of them (NULL agrees with nothing) and which hangs
 * together by common fields. `rows` of a record is parallel to the tables given.
 */
export function fullOuterJoin(tables: readonly PlainTable[]): readonly JoinedComponent[] {
  return componentsOf(tables).map((members) => ({
    tables: members,
    fields: new Set(members.flatMap((table) => tables[table]?.fields ?? [])),
    records: recordsOf(tables, members),
  }))
}

function componentsOf(tables: readonly PlainTable[]): number[][] {
  const left = new Set(tables.keys())
  const components: number[][] = []
  for (const first of tables.keys()) {
    if (!left.delete(first)) continue
    const members = [first]
    for (const member of members) {
      for (const other of [...left]) {
        if (commonFields(tables, member, other).length > 0) {
          left.delete(other)
          members.push(other)
        }
      }
    }
    components.push(members.sort((a, b) => a - b))
  }
  return components
}

function recordsOf(tables: readonly PlainTable[], members: readonly number[]): JoinedRecord[] {
  const records: JoinedRecord[] = []
  const visited = new Set<string>()
  const common = new Map<string, readonly string[]>()
  for (const a of members)
    for (const b of members) common.set(`${a},${b}`, commonFields(tables, a, b))
  const between = (a: number, b: number) => common.get(`${a},${b}`) ?? []

  const extend = (rows: readonly number[]): void => {
    const key = rows.join()
    if (visited.has(key)) return
    visited.add(key)
    let extended = false
    for (const table of members) {
      if (rows[table] !== -1) continue
      const neighbours = members.filter(
        (other) => rows[other] !== -1 && between(table, other).length > 0,
      )
      if (neighbours.length === 0) continue
      for (let row = 0; row < (tables[table]?.rows.length ?? 0); row++) {
        const agrees = neighbours.every((other) =>
          between(table, other).every((field) => {
            const value = cell(tables, table, row, field)
            return value !== null && value === cell(tables, other, rows[other] ?? -1, field)
          }),
        )
        if (!agrees) continue
        extended = true
        extend(rows.map((taken, at) => (at === table ? row : taken)))
      }
    }
    if (!extended) records.push({ rows, values: valuesOf(tables, members, rows) })
  }
  for (const table of members) {
    for (let row = 0; row < (tables[table]?.rows.length ?? 0); row++) {
      extend(tables.map((_, at) => (at === table ? row : -1)))
    }
  }
  return records
}

function valuesOf(
  tables: readonly PlainTable[],
  members: readonly number[],
  rows: readonly number[],
): Map<string, number | null> {
  const values = new Map<string, number | null>()
  for (const table of members) {
    for (const field of tables[table]?.fields ?? []) {
      const row = rows[table] ?? -1
      const value = row === -1 ? null : cell(tables, table, row, field)
      if (value !== null || !values.has(field)) values.set(field, value)
    }
  }
  return values
}

function commonFields(tables: readonly PlainTable[], a: number, b: number): string[] {
  const other = tables[b]?.fields ?? []
  return (tables[a]?.fields ?? []).filter((field) => other.includes(field))
}

function cell(
  tables: readonly PlainTable[],
  table: number,
  row: number,
  field: string,
): number | null {
  const held = tables[table]
  return held?.rows[row]?.[held.fields.indexOf(field)] ?? null
}
