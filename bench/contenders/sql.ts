import {
  allFields,
  dimensionOf,
  dimensionTables,
  factFields,
  factTable,
  largeFields,
  textFields,
} from '../workloads/schema.ts'
import type { CubeQuery, FieldSelection, Measure } from '../workloads/task.ts'

/**
 * Where the rows of a statement come from: `flat`, the joined table; `join`, the star joined for the selected rows; `fold`, the sales alone,
 * whose keys are then followed into the dimension tables.
 */
export type SqlForm = 'flat' | 'join' | 'fold'

export const flatTable = 'flat'

const literal = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`

export const isOneOf = ({ field, values }: FieldSelection): string =>
  `${field} IN (${values.map(literal).join(', ')})`

export function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
}

/** The star joined: the sales and the dimension tables the fields need. */
function joined(fields: readonly string[]): string {
  const needed = dimensionTables.filter(({ fields: own }) =>
    own.some((field) => fields.includes(field)),
  )
  return [factTable, ...needed.map(({ table, key }) => `JOIN ${table} USING (${key})`)].join(' ')
}

/** Conditions on the sales alone: a selected dimension value is a set of keys. */
function factConditions(selections: readonly FieldSelection[]): string[] {
  const conditions = selections.filter(({ field }) => dimensionOf(field) === undefined).map(isOneOf)
  for (const { table, key, fields } of dimensionTables) {
    const own = selections.filter(({ field }) => fields.includes(field))
    if (own.length > 0)
      conditions.push(`${key} IN (SELECT ${key} FROM ${table}${where(own.map(isOneOf))})`)
  }
  return conditions
}

/** SELECT of `columns` of the possible sales. */
function possibleSales(
  form: SqlForm,
  columns: readonly string[],
  selections: readonly FieldSelection[],
): string {
  const list = columns.join(', ')
  if (form === 'flat') return `SELECT ${list} FROM ${flatTable}${where(selections.map(isOneOf))}`
  if (form === 'fold') return `SELECT ${list} FROM ${factTable}${where(factConditions(selections))}`
  const fields = [...columns, ...selections.map(({ field }) => field)]
  return `SELECT ${list} FROM ${joined(fields)}${where(selections.map(isOneOf))}`
}

export function without(selections: readonly FieldSelection[], field: string): FieldSelection[] {
  return selections.filter((selection) => selection.field !== field)
}

/** A statement under construction: named intermediate results and the branches of the union. */
export class Union {
  readonly #parts = new Map<string, string>()
  readonly branches: string[] = []

  /** The name of a materialised intermediate result. */
  part(name: string, select: string): string {
    this.#parts.set(name, select)
    return name
  }

  has(name: string): boolean {
    return this.#parts.has(name)
  }

  text(materialized: string): string {
    const parts = [...this.#parts].map(([name, select]) => `${name} AS ${materialized} (${select})`)
    const head = parts.length === 0 ? '' : `WITH ${parts.join(',\n')}\n`
    return `${head}${this.branches.join('\nUNION ALL ')}`
  }
}

/** Number of value columns beside the tag and the two texts. */
const measureColumns = 7

export function branch(
  tag: number,
  texts: readonly string[],
  numbers: readonly string[],
  from: string,
): string {
  const columns = [
    `${tag} AS tag`,
    `${texts[0] ?? 'NULL'} AS a`,
    `${texts[1] ?? 'NULL'} AS b`,
    ...Array.from(
      { length: measureColumns },
      (_, at) =>
        `${numbers[at] === undefined ? 'CAST(NULL AS DOUBLE)' : `CAST(${numbers[at]} AS DOUBLE)`} AS m${at}`,
    ),
  ]
  return `SELECT ${columns.join(', ')} FROM ${from}`
}

export const asText = (field: string): string => `CAST(${field} AS VARCHAR)`
export const noText = 'CAST(NULL AS VARCHAR)'

/**
 * One statement for the possible values of all fields, each as if its own field had no selection; values of a large field as their number
 * and sum. With frequencies also the rows of the field's own table by value, among those all selections leave. Column `tag` is twice the
 * field's place, plus one for frequencies.
 */
export function statesStatement(
  form: SqlForm,
  fields: readonly string[],
  selections: readonly FieldSelection[],
  frequencies: boolean,
  materialized: string = 'MATERIALIZED',
): string {
  const union = new Union()
  addStates(union, form, fields, selections, frequencies, allColumns(form, fields, []))
  return union.text(materialized)
}

/** One statement for a dashboard. Tags of charts follow those of the fields. */
export function dashboardStatement(
  form: SqlForm,
  fields: readonly string[],
  cubes: readonly CubeQuery[],
  selections: readonly FieldSelection[],
  materialized: string = 'MATERIALIZED',
): string {
  const union = new Union()
  const columns = allColumns(form, fields, cubes)
  addStates(union, form, fields, selections, false, columns)
  const rows = selections.length === 0 ? wholeTable(form) : 's'
  if (selections.length > 0 && !union.has('s'))
    union.part('s', possibleSales(form, columns, selections))
  cubes.forEach((cube, at) => {
    const tag = fields.length * 2 + at
    const texts = [...cube.dimensions.map(asText), noText, noText]
    const from = cubeRows(form, rows, cube)
    const numbers = cube.measures.map(aggregate)
    const grouped = `${branch(tag, texts, numbers, from)}${groupBy(cube.dimensions)}`
    union.branches.push(
      cube.top === undefined
        ? grouped
        : `SELECT * FROM (${grouped} ORDER BY m0 DESC LIMIT ${cube.top})`,
    )
  })
  return union.text(materialized)
}

export function groupBy(dimensions: readonly string[]): string {
  return dimensions.length === 0 ? '' : ` GROUP BY ${dimensions.join(', ')}`
}

function wholeTable(form: SqlForm): string {
  return form === 'flat' ? flatTable : factTable
}

/** The possible sales with the dimension tables a chart needs, unless they are joined already. */
function cubeRows(form: SqlForm, rows: string, cube: CubeQuery): string {
  const unjoined = form === 'fold' || (form === 'join' && rows === factTable)
  return unjoined ? joined(cube.dimensions).replace(factTable, rows) : rows
}

/** Columns of the possible sales that the boxes and charts need. */
function allColumns(
  form: SqlForm,
  fields: readonly string[],
  cubes: readonly CubeQuery[],
): readonly string[] {
  const used = new Set([
    ...fields,
    ...cubes.flatMap(({ dimensions, measures }) => [
      ...dimensions,
      ...measures.map(({ field }) => field),
    ]),
  ])
  if (form !== 'fold') return allFields.filter((field) => used.has(field))
  for (const field of [...used]) {
    const key = dimensionOf(field)?.key
    if (key !== undefined) used.add(key)
  }
  return factFields.filter((field) => used.has(field))
}

function addStates(
  union: Union,
  form: SqlForm,
  fields: readonly string[],
  selections: readonly FieldSelection[],
  frequencies: boolean,
  columns: readonly string[],
): void {
  fields.forEach((field, at) => {
    const others = without(selections, field)
    const own = others.length < selections.length
    const from = fieldRows(union, form, field, others, own, columns)
    union.branches.push(
      largeFields.has(field)
        ? branch(
            at * 2,
            [noText, noText],
            ['count(*)', `sum(${field})`],
            `(SELECT DISTINCT ${field} FROM ${from})`,
          )
        : branch(at * 2, [asText(field), noText], [], `(SELECT DISTINCT ${field} FROM ${from})`),
    )
    if (!frequencies || largeFields.has(field)) return
    const counted = fieldRows(union, form, field, selections, false, columns)
    union.branches.push(
      `${branch(at * 2 + 1, [asText(field), noText], ['count(*)'], counted)} GROUP BY ${field}`,
    )
  })
}

/** Rows in which the possible values of a field are found under the selections; `apart` when these are not those of all fields. */
function fieldRows(
  union: Union,
  form: SqlForm,
  field: string,
  selections: readonly FieldSelection[],
  apart: boolean,
  columns: readonly string[],
): string {
  const dimension = dimensionOf(field)
  if (selections.length === 0) return dimension?.table ?? factTable
  if (form !== 'fold')
    return apart
      ? `(${possibleSales(form, [field], selections)})`
      : sales(union, form, columns, selections)
  if (dimension === undefined)
    return apart
      ? `(${possibleSales(form, [field], selections)})`
      : sales(union, form, columns, selections)
  const { table, key, fields } = dimension
  const ownConditions = selections.filter((selection) => fields.includes(selection.field))
  if (ownConditions.length === selections.length)
    return `(SELECT * FROM ${table}${where(ownConditions.map(isOneOf))})`
  if (apart)
    return `(SELECT ${field} FROM ${table} WHERE ${key} IN (${possibleSales(form, [key], selections)}))`
  const name = `d_${table}`
  if (union.has(name)) return name
  const from = sales(union, form, columns, selections)
  return union.part(name, `SELECT * FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${from})`)
}

function sales(
  union: Union,
  form: SqlForm,
  columns: readonly string[],
  selections: readonly FieldSelection[],
): string {
  return union.has('s') ? 's' : union.part('s', possibleSales(form, columns, selections))
}

export function aggregate({ of, field }: Measure): string {
  switch (of) {
    case 'sum':
      return `sum(${field})`
    case 'average':
      return `avg(${field})`
    case 'count':
      return `count(${field})`
    case 'distinct':
      return `count(DISTINCT ${field})`
    case 'least':
      return `min(${field})`
    case 'largest':
      return `max(${field})`
  }
}

/** A chart by itself: its dimensions, then its measures. */
export function cubeStatement(
  form: SqlForm,
  cube: CubeQuery,
  selections: readonly FieldSelection[],
): string {
  const measures = cube.measures.map((measure, at) => `${aggregate(measure)} AS m${at}`)
  const needed = [...cube.dimensions, ...(form === 'join' ? selections.map((s) => s.field) : [])]
  const from = form === 'flat' ? flatTable : joined(needed)
  const conditions = form === 'fold' ? factConditions(selections) : selections.map(isOneOf)
  const top = cube.top === undefined ? '' : ` ORDER BY m0 DESC LIMIT ${cube.top}`
  return `SELECT ${[...cube.dimensions, ...measures].join(', ')} FROM ${from}${where(conditions)}${groupBy(cube.dimensions)}${top}`
}

/** A statement of an expression task with its rows put in. */
export function expressionStatement(
  form: SqlForm,
  statement: string,
  selections: readonly FieldSelection[],
): string {
  const named = allFields.filter((field) => new RegExp(`\\b${field}\\b`).test(statement))
  const selected = selections.map(isOneOf)
  const inAll = [...named, ...selections.map(({ field }) => field)]
  const rows =
    form === 'flat'
      ? `FROM ${flatTable}${where(selected)}`
      : form === 'join'
        ? `FROM ${joined(inAll)}${where(selected)}`
        : `FROM ${joined(named)}${where(factConditions(selections))}`
  const sources: Readonly<Record<string, string>> = {
    rows: `(SELECT * ${rows})`,
    sales: `(SELECT * FROM ${factTable}${where(factConditions(selections))})`,
    all: form === 'flat' ? flatTable : `(SELECT * FROM ${joined(inAll)})`,
    selected: selected.length === 0 ? 'true' : selected.join(' AND '),
  }
  return statement.replaceAll(/\{(\w+)\}/g, (_, name: string) => sources[name] ?? '')
}

/** The joined table of all fields. */
export function flatStatement(): string {
  return `CREATE TABLE ${flatTable} AS SELECT ${allFields.join(', ')} FROM ${joined(allFields)}`
}

/** Text or number, as the field's values are. */
export function typedValue(field: string, value: unknown): string | number {
  return textFields.has(field) ? String(value) : Number(value)
}
