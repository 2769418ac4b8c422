import { join } from 'node:path'
import { dimensionTables, factFields, factTable, textFields } from '../workloads/schema.ts'
import type { Answer, AnswerRow, Task } from '../workloads/task.ts'
import type { Contender, DataLocation } from './contender.ts'
import {
  cubeStatement,
  dashboardStatement,
  flatStatement,
  flatTable,
  type SqlForm,
  statesStatement,
} from './sql.ts'
import { cubeAnswer, statesAnswer, unionCubeAnswers } from './sql-answer.ts'

/** A result as the engine hands it over: in its own columns, with cells to be read one by one. */
export interface SqlResult {
  readonly rows: number
  readonly columns: number
  cell(column: number, row: number): unknown
}

/** What the engines of DuckDB's dialect differ in. */
export interface SqlEngine {
  query(sql: string): Promise<SqlResult> | SqlResult
  /** What stands for a file in FROM. */
  file(path: string): string
  close(): void
}

const tables: Readonly<Record<DataLocation['set'], readonly string[]>> = {
  star: ['sales', 'customers', 'products', 'suppliers', 'dates'],
  wide: ['wide'],
  names: ['names'],
}

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

/** DuckDB's dialect: one statement a task, on the star and on the joined table. */
export class SqlContender implements Contender {
  readonly #engine: SqlEngine

  constructor(engine: SqlEngine) {
    this.#engine = engine
  }

  async load({ set, folder }: DataLocation): Promise<void> {
    for (const table of tables[set]) {
      const file = this.#engine.file(join(folder, `${table}.csv`))
      await this.#engine.query(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${file}`)
    }
  }

  /** Small integers, texts as enumerations, the joined table; lower-case names for the search. */
  async tune({ set }: DataLocation): Promise<void> {
    if (set === 'names')
      await this.#engine.query(
        'CREATE OR REPLACE TABLE names AS SELECT *, lower(name) AS lower_name FROM names',
      )
    if (set !== 'star') return
    const types = new Set<string>()
    for (const table of tables.star) {
      const columns: string[] = []
      for (const field of fieldsOf(table))
        columns.push(await this.#tunedColumn(table, field, types))
      await this.#engine.query(
        `CREATE OR REPLACE TABLE ${table} AS SELECT ${columns.join(', ')} FROM ${table}`,
      )
    }
    await this.#engine.query(`DROP TABLE IF EXISTS ${flatTable}`)
    await this.#engine.query(flatStatement())
  }

  async #tunedColumn(table: string, field: string, types: Set<string>): Promise<string> {
    const type = smallTypes[field]
    if (type !== undefined) return `CAST(${field} AS ${type}) AS ${field}`
    if (!textFields.has(field)) return field
    const name = `${field}_values`
    if (!types.has(name)) {
      await this.#engine.query(
        `CREATE TYPE ${name} AS ENUM (SELECT DISTINCT CAST(${field} AS VARCHAR) FROM ${table} ORDER BY 1)`,
      )
      types.add(name)
    }
    return `CAST(${field} AS ${name}) AS ${field}`
  }

  forms(task: Task): readonly string[] {
    switch (task.kind) {
      case 'states':
        return task.frequencies || task.selections.length === 0
          ? ['fold']
          : ['flat', 'join', 'fold']
      case 'cube':
      case 'dashboard':
        return ['flat', 'join', 'fold']
      case 'search':
        return ['ilike', 'lower']
      case 'brush':
        return []
    }
  }

  async run(task: Task, form: string): Promise<SqlResult> {
    const result = await this.#engine.query(statementOf(task, form))
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
      case 'dashboard':
        return { ...statesAnswer(task, rows), ...unionCubeAnswers(task, rows) }
      case 'search':
        return { names: rows.map(([name]): AnswerRow => [String(name)]) }
      case 'brush':
        return {}
    }
  }

  close(): void {
    this.#engine.close()
  }
}

function fieldsOf(table: string): readonly string[] {
  const dimension = dimensionTables.find((candidate) => candidate.table === table)
  if (dimension !== undefined) return [dimension.key, ...dimension.fields]
  return table === factTable ? factFields : []
}

function statementOf(task: Task, form: string): string {
  const sqlForm: SqlForm = form === 'flat' || form === 'join' ? form : 'fold'
  switch (task.kind) {
    case 'states':
      return statesStatement(sqlForm, task.fields, task.selections, task.frequencies)
    case 'cube':
      return cubeStatement(sqlForm, task.cube, task.selections)
    case 'dashboard':
      return dashboardStatement(sqlForm, task.fields, task.cubes, task.selections)
    case 'search':
      return form === 'lower'
        ? `SELECT name FROM names WHERE contains(lower_name, '${task.text}')`
        : `SELECT name FROM names WHERE name ILIKE '%${task.text}%'`
    case 'brush':
      throw new Error('no statement for brushing')
  }
}
