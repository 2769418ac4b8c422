import { join } from 'node:path'
import { nullText } from '../data/table.ts'
import { models } from '../workloads/model.ts'
import { factTable, largeFields, textFields } from '../workloads/schema.ts'
import type { Answer, AnswerRow, ExpressionTask, Task } from '../workloads/task.ts'
import { Association } from './association.ts'
import type { Contender, DataLocation } from './contender.ts'
import {
  cubeStatement,
  dashboardStatement,
  expressionStatement,
  flatStatement,
  flatTable,
  type SqlForm,
  statesStatement,
} from './sql.ts'
import { cubeAnswer, plainAnswer, statesAnswer, unionCubeAnswers } from './sql-answer.ts'

/** A result as the engine hands it over: in its own columns, with cells to be read one by one. */
export interface SqlResult {
  readonly rows: number
  readonly columns: number
  cell(column: number, row: number): unknown
}

/** What the engines of DuckDB's dialect differ in. */
export interface SqlEngine {
  query(sql: string): Promise<SqlResult> | SqlResult
  close(): void
}

/** Data with the tables of the star, every key in its place: what is written for a star will do. */
const stars: ReadonlySet<DataLocation['set']> = new Set(['star', 'clustered'])
const starForms: readonly string[] = ['flat', 'join', 'fold']

const smallTypes: Readonly<Record<string, string>> = {
  order_key: 'INTEGER',
  cust_key: 'INTEGER',
  product_key: 'INTEGER',
  date_key: 'INTEGER',
  supplier_key: 'INTEGER',
  quantity: 'UTINYINT',
  discount: 'UTINYINT',
  size: 'UTINYINT',
  rating: 'UTINYINT',
  year: 'SMALLINT',
  month: 'INTEGER',
}

const pageRows = 100

/** DuckDB's dialect: one statement a task, on the star and on the joined table; on other shapes of data by `Association`. */
export class SqlContender implements Contender {
  readonly #engine: SqlEngine
  #set: DataLocation['set'] = 'star'

  constructor(engine: SqlEngine) {
    this.#engine = engine
  }

  async load({ set, folder }: DataLocation): Promise<void> {
    this.#set = set
    const nulls = set === 'nulls' ? `, nullstr = '${nullText}'` : ''
    for (const { table } of models[set].tables) {
      const file = `read_csv('${join(folder, `${table}.csv`)}'${nulls})`
      await this.#engine.query(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${file}`)
    }
  }

  /** Small integers, texts as enumerations, the joined table; lower-case names for the search. */
  async tune({ set }: DataLocation): Promise<void> {
    if (set === 'names')
      await this.#engine.query(
        'CREATE OR REPLACE TABLE names AS SELECT *, lower(name) AS lower_name FROM names',
      )
    if (set === 'wide' || set === 'names') return
    const types = new Set<string>()
    for (const { table, fields } of models[set].tables) {
      const columns: string[] = []
      for (const field of fields) columns.push(await this.#tunedColumn(table, field, types))
      await this.#engine.query(
        `CREATE OR REPLACE TABLE ${table} AS SELECT ${columns.join(', ')} FROM ${table}`,
      )
    }
    if (!stars.has(set)) return
    await this.#engine.query(`DROP TABLE IF EXISTS ${flatTable}`)
    await this.#engine.query(flatStatement())
  }

  async #tunedColumn(table: string, field: string, types: Set<string>): Promise<string> {
    const type = smallTypes[field]
    if (type !== undefined) return `CAST(${field} AS ${type}) AS ${field}`
    if (!textFields.has(field) || largeFields.has(field)) return field
    const name = `${field}_values`
    if (!types.has(name)) {
      await this.#engine.query(
        `CREATE TYPE ${name} AS ENUM (SELECT DISTINCT CAST(${field} AS VARCHAR) FROM ${table} WHERE ${field} IS NOT NULL ORDER BY 1)`,
      )
      types.add(name)
    }
    return `CAST(${field} AS ${name}) AS ${field}`
  }

  forms(task: Task): readonly string[] {
    if (task.kind !== 'search' && models[this.#set].tables.length > 1 && !stars.has(this.#set))
      return ['association']
    switch (task.kind) {
      case 'states':
        return task.frequencies || task.selections.length === 0 ? ['fold'] : starForms
      case 'cube':
      case 'dashboard':
        return starForms
      case 'expression':
        return expressionForms(task)
      case 'search':
        return this.#set === 'names' ? ['ilike', 'lower'] : ['ilike']
      case 'brush':
        return []
    }
  }

  async run(task: Task, form: string): Promise<SqlResult> {
    const result = await this.#engine.query(this.#statement(task, form))
    const shown = Math.min(result.rows, pageRows)
    for (let row = 0; row < shown; row++)
      for (let column = 0; column < result.columns; column++) result.cell(column, row)
    return result
  }

  answer(task: Task, _form: string, result: SqlResult): Answer {
    const rows = Array.from({ length: result.rows }, (_, row) =>
      Array.from({ length: result.columns }, (_unused, column) => result.cell(column, row)),
    )
    switch (task.kind) {
      case 'states':
        return statesAnswer(task, rows)
      case 'cube':
        return { [task.cube.name]: cubeAnswer(task.cube, rows) }
      case 'expression':
        return { chart: plainAnswer(rows) }
      case 'dashboard':
        return { ...statesAnswer(task, rows), ...unionCubeAnswers(task, rows) }
      case 'search':
        return { names: rows.map(([name]): AnswerRow => [String(name)]) }
      case 'brush':
        return {}
    }
  }

  #statement(task: Task, form: string): string {
    if (form === 'association') return associationStatement(task, this.#set)
    return statementOf(task, form, this.#set === 'names' ? 'names' : factTable)
  }

  close(): void {
    this.#engine.close()
  }
}

/** Number and source of the rows of each statement; what reads the sales alone is one form. */
function expressionForms({ sql }: ExpressionTask): readonly string[] {
  return sql.flatMap((statement, at) => {
    const sources = statement.includes('{sales}') ? ['fold'] : starForms
    return sources.map((source) => `${at + 1} ${source}`)
  })
}

function associationStatement(task: Task, set: DataLocation['set']): string {
  switch (task.kind) {
    case 'states':
      return new Association(models[set], task.selections).states(task.fields)
    case 'cube':
      return new Association(models[set], task.selections).cube(task.cube)
    case 'dashboard':
      return new Association(models[set], task.selections).dashboard(task.fields, task.cubes)
    default:
      throw new Error(`no statement for ${task.kind}`)
  }
}

/** @param searched the table whose texts are searched */
function statementOf(task: Task, form: string, searched: string): string {
  const [source = form, place] = form.split(' ').reverse()
  const sqlForm: SqlForm = source === 'flat' || source === 'join' ? source : 'fold'
  switch (task.kind) {
    case 'states':
      return statesStatement(sqlForm, task.fields, task.selections, task.frequencies)
    case 'cube':
      return cubeStatement(sqlForm, task.cube, task.selections)
    case 'expression':
      return expressionStatement(sqlForm, task.sql[Number(place) - 1] ?? '', task.selections)
    case 'dashboard':
      return dashboardStatement(sqlForm, task.fields, task.cubes, task.selections)
    case 'search':
      return form === 'lower'
        ? `SELECT name FROM names WHERE contains(lower_name, '${task.text}')`
        : `SELECT ${task.field} FROM ${searched} WHERE ${task.field} ILIKE '%${task.text}%'`
    case 'brush':
      throw new Error('no statement for brushing')
  }
}
