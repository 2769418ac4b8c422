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
import { typedValue } from './sql.ts'
import { cubeAnswer, stateRows } from './sql-answer.ts'

/** The part of nodejs-polars used here. */
interface Polars {
  readCSV(path: string): Frame
  col(name: string): Expression
  readonly Int32: unknown
  readonly Float64: unknown
  readonly Categorical: unknown
}
interface Expression {
  alias(name: string): Expression
  and(other: Expression): Expression
  cast(type: unknown): Expression
  count(): Expression
  implode(): Expression
  isIn(values: readonly (string | number)[]): Expression
  max(): Expression
  mean(): Expression
  min(): Expression
  nUnique(): Expression
  sum(): Expression
  unique(): Expression
  readonly str: {
    contains(text: string, literal: boolean): Expression
    toLowerCase(): Expression
  }
}
interface LazyFrame {
  filter(condition: Expression): LazyFrame
  select(...columns: Expression[]): LazyFrame
  groupBy(by: readonly string[]): { agg(...columns: Expression[]): LazyFrame }
  sort(options: { readonly by: string; readonly descending: boolean }): LazyFrame
  head(rows: number): LazyFrame
  collectSync(): Frame
}
interface Frame {
  readonly height: number
  readonly columns: readonly string[]
  lazy(): LazyFrame
  withColumns(...columns: Expression[]): Frame
  join(other: Frame, options: { readonly on: string; readonly how: 'inner' }): Frame
  head(rows: number): Frame
  rows(): (readonly unknown[])[]
  getColumn(name: string): { toArray(): unknown[] }
}

const packageName: string = 'nodejs-polars'
const pageRows = 100

export async function openPolars(): Promise<Contender> {
  const { default: polars }: { readonly default: Polars } = await import(packageName)
  return new PolarsContender(polars)
}

/** Lazy queries over the joined table, texts as categories. A scan for all list boxes, one more for each with a selection of its own. */
class PolarsContender implements Contender {
  readonly #polars: Polars
  readonly #tables = new Map<string, Frame>()

  constructor(polars: Polars) {
    this.#polars = polars
  }

  async load({ set, folder }: DataLocation): Promise<void> {
    const names = set === 'star' ? ['sales', ...dimensionTables.map(({ table }) => table)] : [set]
    for (const name of names)
      this.#tables.set(name, this.#polars.readCSV(join(folder, `${name}.csv`)))
  }

  async tune({ set }: DataLocation): Promise<void> {
    const { col, Categorical, Int32 } = this.#polars
    if (set === 'names') {
      const names = this.#table('names')
      this.#tables.set(
        'names',
        names.withColumns(col('name').str.toLowerCase().alias('lower_name')),
      )
    }
    if (set !== 'star') return
    let flat = this.#table('sales')
    for (const { table, key } of dimensionTables)
      flat = flat.join(this.#table(table), { on: key, how: 'inner' })
    const typed = allFields
      .filter((field) => field !== 'price')
      .map((field) => col(field).cast(textFields.has(field) ? Categorical : Int32))
    this.#tables.set('flat', flat.withColumns(...typed))
  }

  #table(name: string): Frame {
    const frame = this.#tables.get(name)
    if (frame === undefined) throw new Error(`no table ${name}`)
    return frame
  }

  forms(task: Task): readonly string[] {
    switch (task.kind) {
      case 'states':
        return task.frequencies ? [] : ['flat']
      case 'cube':
      case 'dashboard':
        return ['flat']
      case 'search':
        return ['contains', 'lower']
      case 'brush':
      case 'expression':
        return []
    }
  }

  run(task: Task, form: string): Frame[] {
    switch (task.kind) {
      case 'states':
        return this.#states(task.fields, task.selections)
      case 'cube':
        return [this.#cube(task.cube, task.selections)]
      case 'dashboard':
        return [
          ...this.#states(task.fields, task.selections),
          ...task.cubes.map((cube) => this.#cube(cube, task.selections)),
        ]
      case 'search':
        return [this.#search(task.text, form)]
      case 'brush':
      case 'expression':
        return []
    }
  }

  answer(task: Task, _form: string, frames: Frame[]): Answer {
    switch (task.kind) {
      case 'states':
        return this.#stateAnswers(task.fields, task.selections, frames)
      case 'cube':
        return { [task.cube.name]: cubeAnswer(task.cube, frames[0]?.rows() ?? []) }
      case 'dashboard': {
        const charts = frames.slice(frames.length - task.cubes.length)
        return {
          ...this.#stateAnswers(task.fields, task.selections, frames),
          ...Object.fromEntries(
            task.cubes.map((cube, at) => [cube.name, cubeAnswer(cube, charts[at]?.rows() ?? [])]),
          ),
        }
      }
      case 'search':
        return { names: (frames[0]?.rows() ?? []).map(([name]): AnswerRow => [String(name)]) }
      case 'brush':
      case 'expression':
        return {}
    }
  }

  #filtered(selections: readonly FieldSelection[], table: string = 'flat'): LazyFrame {
    const frame = this.#table(table).lazy()
    const conditions = selections.map(({ field, values }) => this.#polars.col(field).isIn(values))
    const [first, ...others] = conditions
    if (first === undefined) return frame
    return frame.filter(others.reduce((all, condition) => all.and(condition), first))
  }

  #values(field: string): Expression[] {
    const distinct = this.#polars.col(field).unique()
    return largeFields.has(field)
      ? [
          distinct.count().alias(`${field}_count`),
          distinct.cast(this.#polars.Float64).sum().alias(`${field}_sum`),
        ]
      : [distinct.implode().alias(field)]
  }

  /** A frame for the fields without a selection, then one for each selected field. */
  #states(fields: readonly string[], selections: readonly FieldSelection[]): Frame[] {
    const own = new Set(selections.map(({ field }) => field))
    const shared = fields.filter((field) => !own.has(field)).flatMap((field) => this.#values(field))
    return [
      this.#filtered(selections)
        .select(...shared)
        .collectSync(),
      ...fields
        .filter((field) => own.has(field))
        .map((field) =>
          this.#filtered(selections.filter((selection) => selection.field !== field))
            .select(...this.#values(field))
            .collectSync(),
        ),
    ]
  }

  #stateAnswers(
    fields: readonly string[],
    selections: readonly FieldSelection[],
    frames: readonly Frame[],
  ): Answer {
    const column = (name: string): unknown => {
      const frame = frames.find(({ columns }) => columns.includes(name))
      return frame?.getColumn(name).toArray()[0]
    }
    return Object.fromEntries(
      fields.map((field) => {
        if (largeFields.has(field))
          return [field, [[Number(column(`${field}_count`)), Number(column(`${field}_sum`))]]]
        const values = column(field)
        const reachable = isList(values) ? [...values].map((value) => typedValue(field, value)) : []
        return [field, stateRows(field, reachable, selections)]
      }),
    )
  }

  #cube(cube: CubeQuery, selections: readonly FieldSelection[]): Frame {
    const measures = cube.measures.map((measure, at) => this.#measure(measure).alias(`m${at}`))
    const rows = this.#filtered(selections)
    const grouped =
      cube.dimensions.length === 0
        ? rows.select(...measures)
        : rows.groupBy(cube.dimensions).agg(...measures)
    const wanted =
      cube.top === undefined ? grouped : grouped.sort({ by: 'm0', descending: true }).head(cube.top)
    const frame = wanted.collectSync()
    frame.head(pageRows).rows()
    return frame
  }

  #measure({ of, field }: Measure): Expression {
    const column = this.#polars.col(field)
    switch (of) {
      case 'sum':
        return column.sum()
      case 'average':
        return column.mean()
      case 'count':
        return column.count()
      case 'distinct':
        return column.nUnique()
      case 'least':
        return column.min()
      case 'largest':
        return column.max()
    }
  }

  #search(text: string, form: string): Frame {
    const { col } = this.#polars
    const name = form === 'lower' ? col('lower_name') : col('name').str.toLowerCase()
    const frame = this.#table('names')
      .lazy()
      .filter(name.str.contains(text, true))
      .select(col('name'))
      .collectSync()
    frame.head(pageRows).rows()
    return frame
  }
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}
