import fc from 'fast-check'
import { type ChartValue, identity, numberIn, textIn } from './chart-value.ts'
import type { PlainTable } from './schema.ts'

/* Small linked tables of all kinds of values, and the script that loads them. */

export type FieldKind = 'key' | 'number' | 'text' | 'dual' | 'mixed'

export interface ChartField {
  readonly name: string
  readonly kind: FieldKind
}

export interface ChartTable {
  readonly name: string
  readonly fields: readonly ChartField[]
  readonly rows: readonly (readonly ChartValue[])[]
}

export type ChartSchema = readonly Omit<ChartTable, 'rows'>[]

const field = (name: string, kind: FieldKind): ChartField => ({ name, kind })
const facts = [field('Amount', 'number'), field('Kind', 'text'), field('Mixed', 'mixed')]
const shops = [field('Size', 'number'), field('Sub Kind', 'text'), field('Day', 'dual')]
const marks = [field('Weight', 'number'), field('Flag', 'dual')]
const [k1, k2] = [field('K1', 'key'), field('K2', 'key')]

/** One table, a link, a star, a chain, and an island. */
export const schemas: readonly ChartSchema[] = [
  [{ name: 'Facts', fields: facts }],
  [
    { name: 'Facts', fields: [k1, ...facts] },
    { name: 'Shops', fields: [k1, ...shops] },
  ],
  [
    { name: 'Facts', fields: [k1, k2, ...facts] },
    { name: 'Shops', fields: [k1, ...shops] },
    { name: 'Marks', fields: [k2, ...marks] },
  ],
  [
    { name: 'Facts', fields: [k1, ...facts] },
    { name: 'Shops', fields: [k1, k2, ...shops] },
    { name: 'Marks', fields: [k2, ...marks] },
  ],
  [
    { name: 'Facts', fields: [k1, ...facts] },
    { name: 'Shops', fields: [k1, ...shops] },
    { name: 'Marks', fields: marks },
  ],
]

const days = ['2024-01-15', '2024-02-01', '2023-12-31'].map((text) => ({
  text,
  number: Date.parse(text) / 86_400_000 + 25_569,
}))
const flags = [
  { text: 'yes', number: 1 },
  { text: 'no', number: 0 },
  { text: 'half', number: 0.5 },
]

/** What fields of a kind hold. */
export const pools: Readonly<Record<FieldKind, readonly ChartValue[]>> = {
  key: [1, 2, 3, 'p', 'q'],
  number: [0, 1, 2, 3, 7, 12, -4, 2.5, 0.25, 100],
  text: ['a', 'A', 'ab', 'b', 'B c', 'é', ''],
  dual: [...days.slice(0, 2), ...flags],
  mixed: [1, 2, { text: 'two', number: 2 }, 'two', -1.5, 'x*', { text: 'zero', number: 0 }],
}

function cellOf(kind: FieldKind, withoutDuals: boolean): fc.Arbitrary<ChartValue> {
  const pool = withoutDuals ? pools[kind].map((value) => numberIn(value) ?? value) : pools[kind]
  return fc.oneof(
    { arbitrary: fc.constantFrom<ChartValue[]>(...pool), weight: 6 },
    { arbitrary: fc.constant<ChartValue>(null), weight: 1 },
  )
}

/** `few`: of few rows, and without duals, so that they can be given as records. */
export function arbitraryTables(
  schema: ChartSchema,
  few: boolean,
): fc.Arbitrary<readonly ChartTable[]> {
  return fc.tuple(
    ...schema.map((table) =>
      fc
        .array(fc.tuple(...table.fields.map(({ kind }) => cellOf(kind, few))), {
          minLength: 1,
          maxLength: few ? 3 : 6,
        })
        .map((rows): ChartTable => ({ ...table, rows })),
    ),
  )
}

/** The rows of the first table several times, one after another. */
export function repeated(tables: readonly ChartTable[], times: number): readonly ChartTable[] {
  return tables.map((table, at) =>
    at > 0 ? table : { ...table, rows: Array.from({ length: times }, () => table.rows).flat() },
  )
}

/** Rows as single LOAD statements, which add to one table. */
export function scriptOf(tables: readonly ChartTable[]): string {
  return tables
    .map(({ name, fields, rows }) => {
      const isPlain = rows.every((row) => row.every(isInline))
      const loads = isPlain
        ? [inline(fields, rows)]
        : rows.map(
            (row) =>
              `LOAD ${row.map((value, at) => `${literal(value)} as [${fields[at]?.name}]`).join(', ')} AUTOGENERATE 1;`,
          )
      return `${name}:\n${loads.join('\n')}\n`
    })
    .join('')
}

function inline(fields: readonly ChartField[], rows: ChartTable['rows']): string {
  const lines = [fields.map(({ name }) => name), ...rows.map((row) => row.map(textIn))]
  return `LOAD * INLINE [\n${lines.map((cells) => cells.join(',')).join('\n')}\n];`
}

/** Whether a cell of INLINE with the value's text is read as that value. */
function isInline(value: ChartValue): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value !== '')
}

function literal(value: ChartValue): string {
  if (value === null) return 'Null()'
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? `'${value}'` : `Dual('${value.text}', ${value.number})`
}

/** The tables with their values numbered by field, so that equal values of a field are equal numbers. */
export interface CodedTables {
  readonly tables: readonly PlainTable[]
  /** By field: what a code shows. Equal numbers are one value, which shows the first text seen. */
  readonly values: ReadonlyMap<string, readonly ChartValue[]>
  /** The code of a value with this text and number (null: none). */
  codeOf(field: string, number: number | null, text: string): number
}

export function coded(tables: readonly ChartTable[]): CodedTables {
  const values = new Map<string, ChartValue[]>()
  const codes = new Map<string, Map<string, number>>()
  const codeIn = (name: string, value: ChartValue): number | null => {
    if (value === null) return null
    const known = codes.get(name) ?? new Map<string, number>()
    codes.set(name, known)
    const list = values.get(name) ?? []
    values.set(name, list)
    const key = identity(value)
    const code = known.get(key) ?? list.push(value) - 1
    known.set(key, code)
    return code
  }
  const plain = tables.map(({ name, fields, rows }) => ({
    name,
    fields: fields.map((held) => held.name),
    rows: rows.map((row) => row.map((value, at) => codeIn(fields[at]?.name ?? '', value))),
  }))
  for (const { fields } of tables)
    for (const held of fields) if (!values.has(held.name)) values.set(held.name, [])
  return {
    tables: plain,
    values,
    codeOf(name, number, text) {
      const found = (values.get(name) ?? []).findIndex((value) =>
        number === null ? value === text : numberIn(value) === number,
      )
      if (found === -1) throw new Error(`${name} has no value ${text}`)
      return found
    },
  }
}
