import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dimensionTables, largeFields } from '../workloads/schema.ts'
import type {
  Answer,
  AnswerRow,
  CubeQuery,
  FieldSelection,
  Measure,
  Task,
} from '../workloads/task.ts'
import type { Contender, DataLocation } from './contender.ts'
import { typedValue } from './sql.ts'
import { cubeAnswer, stateRows } from './sql-answer.ts'

/** The part of arquero used here. */
interface Arquero {
  fromCSV(text: string): Table
  escape(test: (row: Record<string, string | number>) => boolean): object
  desc(column: string): object
  readonly op: Readonly<
    Record<
      'array_agg_distinct' | 'sum' | 'mean' | 'distinct' | 'min' | 'max',
      (column: string) => object
    >
  > & { count(): object }
}
interface Table {
  join(other: Table, on: string): Table
  derive(columns: Record<string, object>): Table
  filter(test: object): Table
  groupby(...columns: string[]): Table
  rollup(columns: Record<string, object>): Table
  orderby(order: object): Table
  slice(start: number, end: number): Table
  numRows(): number
  array(column: string): ArrayLike<unknown>
  columnNames(): string[]
  objects(options?: { readonly limit: number }): Record<string, unknown>[]
}

const packageName: string = 'arquero'
const pageRows = 100

export async function openArquero(): Promise<Contender> {
  const arquero: Arquero = await import(packageName)
  return new ArqueroContender(arquero)
}

/** Verbs over the joined table. Tests are plain functions, which its expressions cannot beat. */
class ArqueroContender implements Contender {
  readonly #arquero: Arquero
  readonly #tables = new Map<string, Table>()

  constructor(arquero: Arquero) {
    this.#arquero = arquero
  }

  async load({ set, folder }: DataLocation): Promise<void> {
    const names = set === 'star' ? ['sales', ...dimensionTables.map(({ table }) => table)] : [set]
    for (const name of names)
      this.#tables.set(
        name,
        this.#arquero.fromCSV(readFileSync(join(folder, `${name}.csv`), 'utf8')),
      )
  }

  async tune({ set }: DataLocation): Promise<void> {
    if (set !== 'star') return
    let flat = this.#table('sales')
    for (const { table, key } of dimensionTables) flat = flat.join(this.#table(table), key)
    this.#tables.set('flat', flat)
  }

  #table(name: string): Table {
    const found = this.#tables.get(name)
    if (found === undefined) throw new Error(`no table ${name}`)
    return found
  }

  forms(task: Task): readonly string[] {
    if (task.kind === 'brush' || task.kind === 'expression') return []
    if (task.kind === 'states' && task.frequencies) return []
    return ['verbs']
  }

  run(task: Task): Table[] {
    switch (task.kind) {
      case 'states':
        return this.#states(task.fields, task.selections)
      case 'cube':
        return [this.#cube(task.cube, this.#filtered(task.selections))]
      case 'dashboard': {
        const rows = this.#filtered(task.selections)
        return [
          ...this.#states(task.fields, task.selections),
          ...task.cubes.map((cube) => this.#cube(cube, rows)),
        ]
      }
      case 'search': {
        const wanted = task.text.toLowerCase()
        const found = this.#table('names').filter(
          this.#arquero.escape(({ name }) => String(name).toLowerCase().includes(wanted)),
        )
        found.objects({ limit: pageRows })
        return [found]
      }
      case 'brush':
      case 'expression':
        return []
    }
  }

  answer(task: Task, _form: string, tables: Table[]): Answer {
    switch (task.kind) {
      case 'states':
        return stateAnswers(task.fields, task.selections, tables)
      case 'cube':
        return { [task.cube.name]: rowsOf(task.cube, tables[0]) }
      case 'dashboard': {
        const charts = tables.slice(tables.length - task.cubes.length)
        return {
          ...stateAnswers(task.fields, task.selections, tables),
          ...Object.fromEntries(
            task.cubes.map((cube, at) => [cube.name, rowsOf(cube, charts[at])]),
          ),
        }
      }
      case 'search':
        return {
          names: Array.from(tables[0]?.array('name') ?? [], (name): AnswerRow => [String(name)]),
        }
      case 'brush':
      case 'expression':
        return {}
    }
  }

  #filtered(selections: readonly FieldSelection[]): Table {
    const flat = this.#table('flat')
    if (selections.length === 0) return flat
    const tests = selections.map(({ field, values }) => ({ field, values: new Set(values) }))
    return flat.filter(
      this.#arquero.escape((row) =>
        tests.every(({ field, values }) => values.has(row[field] ?? '')),
      ),
    )
  }

  /** A table for the fields without a selection, then one for each selected field. */
  #states(fields: readonly string[], selections: readonly FieldSelection[]): Table[] {
    const distinct = (wanted: readonly string[]): Record<string, object> =>
      Object.fromEntries(wanted.map((field) => [field, this.#arquero.op.array_agg_distinct(field)]))
    const own = fields.filter((field) => selections.some((selected) => selected.field === field))
    return [
      this.#filtered(selections).rollup(distinct(fields.filter((field) => !own.includes(field)))),
      ...own.map((field) =>
        this.#filtered(selections.filter((selection) => selection.field !== field)).rollup(
          distinct([field]),
        ),
      ),
    ]
  }

  #cube(cube: CubeQuery, rows: Table): Table {
    const measures = Object.fromEntries(
      cube.measures.map((measure, at) => [`m${at}`, this.#measure(measure)]),
    )
    const grouped = (cube.dimensions.length === 0 ? rows : rows.groupby(...cube.dimensions)).rollup(
      measures,
    )
    const wanted =
      cube.top === undefined
        ? grouped
        : grouped.orderby(this.#arquero.desc('m0')).slice(0, cube.top)
    wanted.objects({ limit: pageRows })
    return wanted
  }

  #measure({ of, field }: Measure): object {
    const { op } = this.#arquero
    switch (of) {
      case 'sum':
        return op.sum(field)
      case 'average':
        return op.mean(field)
      case 'count':
        return op.count()
      case 'distinct':
        return op.distinct(field)
      case 'least':
        return op.min(field)
      case 'largest':
        return op.max(field)
    }
  }
}

function rowsOf(cube: CubeQuery, table: Table | undefined): AnswerRow[] {
  const columns = [...cube.dimensions, ...cube.measures.map((_, at) => `m${at}`)]
  const rows = (table?.objects() ?? []).map((row) => columns.map((column) => row[column]))
  return cubeAnswer(cube, rows)
}

function stateAnswers(
  fields: readonly string[],
  selections: readonly FieldSelection[],
  tables: readonly Table[],
): Answer {
  return Object.fromEntries(
    fields.map((field) => {
      const table = tables.find((candidate) => candidate.columnNames().includes(field))
      const cell = table?.array(field)[0]
      const reachable: readonly unknown[] = Array.isArray(cell) ? cell : []
      const values = reachable.map((value) => typedValue(field, value))
      if (!largeFields.has(field)) return [field, stateRows(field, values, selections)]
      return [
        field,
        [[values.length, values.reduce((all: number, value) => all + Number(value), 0)]],
      ]
    }),
  )
}
