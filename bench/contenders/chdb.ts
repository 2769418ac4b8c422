import { createRequire } from 'node:module'
import { join } from 'node:path'
import { allFields, dimensionTables, largeFields, textFields } from '../workloads/schema.ts'
import type {
  Answer,
  AnswerRow,
  CubeQuery,
  FieldSelection,
  Measure,
  Task,
} from '../workloads/task.ts'
import type { Contender, DataLocation } from './contender.ts'
import { flatTable, isOneOf, typedValue } from './sql.ts'
import { cubeAnswer, stateRows } from './sql-answer.ts'

/** The part of chdb used here. */
interface ChdbApi {
  readonly Session: new () => Session
}
interface Session {
  query(sql: string, format?: string): string
  cleanup(): void
}

const packageName: string = 'chdb'

export async function openChdb(): Promise<Contender> {
  const { Session }: ChdbApi = createRequire(import.meta.url)(packageName)
  const session = new Session()
  session.query('CREATE DATABASE IF NOT EXISTS bench')
  session.query('USE bench')
  return new ChdbContender(session)
}

type Rows = readonly (readonly unknown[])[]

/** ClickHouse's dialect on the joined table: the values of all list boxes come from one scan as arrays, those of selected fields from one more each. */
class ChdbContender implements Contender {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  async load({ set, folder }: DataLocation): Promise<void> {
    const tables = set === 'star' ? ['sales', ...dimensionTables.map(({ table }) => table)] : [set]
    for (const table of tables)
      this.#create(table, `SELECT * FROM file('${join(folder, `${table}.csv`)}', 'CSVWithNames')`)
  }

  async tune({ set }: DataLocation): Promise<void> {
    if (set === 'names') this.#create('searched', 'SELECT *, lower(name) AS lower_name FROM names')
    if (set !== 'star') return
    const columns = allFields.map((field) =>
      textFields.has(field) ? `CAST(${field} AS LowCardinality(String)) AS ${field}` : field,
    )
    const joins = dimensionTables.map(({ table, key }) => `JOIN ${table} USING (${key})`)
    this.#create(flatTable, `SELECT ${columns.join(', ')} FROM sales ${joins.join(' ')}`)
  }

  #create(table: string, select: string): void {
    this.#session.query(
      `CREATE OR REPLACE TABLE ${table} ENGINE = MergeTree ORDER BY tuple() AS ${select} SETTINGS schema_inference_make_columns_nullable = 0, allow_suspicious_low_cardinality_types = 1`,
    )
  }

  forms(task: Task): readonly string[] {
    if (task.kind === 'brush' || task.kind === 'expression') return []
    if (task.kind === 'states' && task.frequencies) return []
    return ['flat']
  }

  /** A result for the list boxes, if there are any, then one for each chart. */
  run(task: Task): Rows[] {
    switch (task.kind) {
      case 'states':
        return [this.#rows(statesStatement(task.fields, task.selections))]
      case 'cube':
        return [this.#rows(cubeStatement(task.cube, task.selections))]
      case 'dashboard':
        return [
          this.#rows(statesStatement(task.fields, task.selections)),
          ...task.cubes.map((cube) => this.#rows(cubeStatement(cube, task.selections))),
        ]
      case 'search':
        return [
          this.#rows(`SELECT name FROM searched WHERE position(lower_name, '${task.text}') > 0`),
        ]
      case 'brush':
      case 'expression':
        return []
    }
  }

  /** The text of the result is what the engine hands over; reading it is part of its use. */
  #rows(sql: string): Rows {
    const text = this.#session.query(sql, 'JSONCompact')
    const parsed: { readonly data: Rows } = JSON.parse(text)
    return parsed.data
  }

  answer(task: Task, _form: string, results: Rows[]): Answer {
    switch (task.kind) {
      case 'states':
        return statesAnswer(task.fields, task.selections, results[0])
      case 'cube':
        return { [task.cube.name]: cubeAnswer(task.cube, results[0] ?? []) }
      case 'dashboard':
        return {
          ...statesAnswer(task.fields, task.selections, results[0]),
          ...Object.fromEntries(
            task.cubes.map((cube, at) => [cube.name, cubeAnswer(cube, results[at + 1] ?? [])]),
          ),
        }
      case 'search':
        return { names: (results[0] ?? []).map(([name]): AnswerRow => [String(name)]) }
      case 'brush':
      case 'expression':
        return {}
    }
  }

  close(): void {
    this.#session.cleanup()
  }
}

function where(selections: readonly FieldSelection[]): string {
  return selections.length === 0 ? '' : ` WHERE ${selections.map(isOneOf).join(' AND ')}`
}

function values(field: string, at: number): string {
  const distinct = `groupUniqArray(${field})`
  return largeFields.has(field)
    ? `[toFloat64(length(${distinct})), toFloat64(arraySum(${distinct}))] AS v${at}`
    : `${distinct} AS v${at}`
}

function statesStatement(fields: readonly string[], selections: readonly FieldSelection[]): string {
  const own = new Set(selections.map(({ field }) => field))
  const scan = (expressions: readonly string[], under: readonly FieldSelection[]): string =>
    `(SELECT ${expressions.join(', ')} FROM ${flatTable}${where(under)})`
  const shared = fields.flatMap((field, at) => (own.has(field) ? [] : [values(field, at)]))
  const apart = fields.flatMap((field, at) =>
    own.has(field)
      ? [
          scan(
            [values(field, at)],
            selections.filter((selection) => selection.field !== field),
          ),
        ]
      : [],
  )
  const columns = fields.map((_, at) => `v${at}`).join(', ')
  const scans = [scan(shared, selections), ...apart].map((text, at) => `${text} AS s${at}`)
  return `SELECT ${columns} FROM ${scans.join(' CROSS JOIN ')}`
}

function statesAnswer(
  fields: readonly string[],
  selections: readonly FieldSelection[],
  rows: Rows | undefined,
): Answer {
  return Object.fromEntries(
    fields.map((field, at) => {
      const cell = rows?.[0]?.[at]
      const reachable: readonly unknown[] = Array.isArray(cell) ? cell : []
      if (largeFields.has(field)) return [field, [reachable.map(Number)]]
      const typed = reachable.map((value) => typedValue(field, value))
      return [field, stateRows(field, typed, selections)]
    }),
  )
}

function cubeStatement(cube: CubeQuery, selections: readonly FieldSelection[]): string {
  const columns = [
    ...cube.dimensions,
    ...cube.measures.map((measure, at) => `${aggregate(measure)} AS m${at}`),
  ]
  const group = cube.dimensions.length === 0 ? '' : ` GROUP BY ${cube.dimensions.join(', ')}`
  const top = cube.top === undefined ? '' : ` ORDER BY m0 DESC LIMIT ${cube.top}`
  return `SELECT ${columns.join(', ')} FROM ${flatTable}${where(selections)}${group}${top}`
}

function aggregate({ of, field }: Measure): string {
  switch (of) {
    case 'sum':
      return `sum(${field})`
    case 'average':
      return `avg(${field})`
    case 'count':
      return `count(${field})`
    case 'distinct':
      return `uniqExact(${field})`
    case 'least':
      return `min(${field})`
    case 'largest':
      return `max(${field})`
  }
}
