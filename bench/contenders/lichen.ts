import {
  type App,
  type AppCube,
  type CubeOptions,
  createApp,
  type TableReader,
} from '@lichen/engine'
import { nullText } from '../data/table.ts'
import { models } from '../workloads/model.ts'
import { largeFields } from '../workloads/schema.ts'
import type {
  Answer,
  AnswerRow,
  BrushTask,
  CubeQuery,
  ExpressionTask,
  FieldSelection,
  Measure,
  Task,
} from '../workloads/task.ts'
import type { Contender, DataLocation, OwnMemory } from './contender.ts'

function scriptOf(set: DataLocation['set']): string {
  const loads = models[set].tables.map(({ table }) => loading(table))
  return [set === 'nulls' ? `SET NullInterpret = '${nullText}';` : '', ...loads].join('\n')
}

function loading(table: string): string {
  return `${table}: LOAD * FROM [${table}.csv] (txt, utf8, embedded labels, delimiter is ',');`
}

/** The engine from its built packages, by its native face. */
export class Lichen implements Contender {
  readonly #reader: (folder: string) => TableReader
  #app: App | undefined
  readonly #cubes = new Map<string, AppCube>()

  /** @param reader of the files in a folder, or below an address */
  constructor(reader: (folder: string) => TableReader) {
    this.#reader = reader
  }

  async load({ set, folder }: DataLocation): Promise<void> {
    this.#app?.close()
    this.#app = undefined
    this.#cubes.clear()
    this.#app = await createApp({ script: scriptOf(set), reader: this.#reader(folder) })
  }

  /** What the engine does for itself while nobody waits. */
  async tune(): Promise<void> {
    while (this.#open.session.isRehearsing) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  get #open(): App {
    if (this.#app === undefined) throw new Error('nothing is loaded')
    return this.#app
  }

  forms(): readonly string[] {
    return ['native']
  }

  /** All selections but the last, which is the click. */
  before(task: Task, step: number): void {
    const app = this.#open
    if (task.kind === 'search' || step > 0) return
    app.clear()
    if (task.kind === 'brush') {
      app.session.forgetInferences()
      return
    }
    const isChart = task.kind === 'cube' || task.kind === 'expression'
    const apart = isChart ? task.selections : task.selections.slice(0, -1)
    for (const selection of apart) this.#select(selection)
    app.session.forgetInferences()
  }

  run(task: Task, _form: string, step: number): unknown {
    switch (task.kind) {
      case 'states':
        this.#click(task.selections)
        return task.fields.map((field) => this.#states(field, task.frequencies))
      case 'cube':
        return this.#read(cubeOptions(task.cube))
      case 'expression':
        return this.#read(expressionOptions(task))
      case 'dashboard':
        this.#click(task.selections)
        return [
          task.fields.map((field) => this.#states(field, false)),
          task.cubes.map((cube) => this.#read(cubeOptions(cube))),
        ]
      case 'brush':
        return this.#brush(task, step)
      case 'search':
        return this.#search(task.field, task.text)
    }
  }

  answer(task: Task, _form: string, result: unknown, _step: number): Answer {
    switch (task.kind) {
      case 'states':
        this.#assertSelected(task.selections)
        return this.#stateAnswers(task.fields, task.frequencies)
      case 'cube':
        return { [task.cube.name]: this.#cubeAnswer(task.cube) }
      case 'expression':
        return { chart: this.#chartAnswer(expressionOptions(task)) }
      case 'dashboard':
        this.#assertSelected(task.selections)
        return {
          ...this.#stateAnswers(task.fields, false),
          ...Object.fromEntries(task.cubes.map((cube) => [cube.name, this.#cubeAnswer(cube)])),
        }
      case 'brush':
        return this.#brushAnswer(task)
      case 'search':
        return { names: this.#searchAnswer(task.field, task.text, result) }
    }
  }

  memory(): OwnMemory {
    const report = this.#open.memory()
    const rows = report.tables[0]?.rows ?? 1
    const { columns = 0, symbols = 0, indices = 0, ...rest } = report.usage
    const others = Object.values(rest).reduce((total, bytes) => total + bytes, 0)
    return {
      bytesPerRow: report.bytes / rows,
      indexedPerRow: (columns + symbols + indices) / rows,
      otherPerRow: others / rows,
    }
  }

  #click(selections: readonly FieldSelection[]): void {
    const last = selections.at(-1)
    if (last !== undefined) this.#select(last)
  }

  #select({ field, values }: FieldSelection): void {
    if (!this.#open.field(field).select(values)) throw new Error(`nothing selected in ${field}`)
  }

  #states(field: string, frequencies: boolean): unknown {
    const app = this.#open
    if (largeFields.has(field)) return app.field(field).counts()
    const inference = app.session.inference()
    const { index } = app.session.field(field)
    const states = inference.states(index)
    return frequencies ? [states, inference.frequencies(index)] : states
  }

  #read(options: CubeOptions): unknown {
    const key = JSON.stringify(options)
    let cube = this.#cubes.get(key)
    if (cube === undefined) {
      cube = this.#open.cube(options)
      this.#cubes.set(key, cube)
    }
    const result = cube.read()
    return result.page(0, 100)
  }

  #assertSelected(selections: readonly FieldSelection[]): void {
    const { session } = this.#open
    const selected = session.selections().fields
    for (const { field, values } of selections) {
      const count = selected.get(session.field(field).index)?.symbols.count() ?? 0
      if (count !== values.length)
        throw new Error(`${count} of ${values.length} values are selected in ${field}`)
    }
    if (selected.size !== selections.length) throw new Error('other fields are selected too')
  }

  #stateAnswers(fields: readonly string[], frequencies: boolean): Answer {
    return Object.fromEntries(
      fields.map((field) => [
        field,
        largeFields.has(field) ? this.#largeAnswer(field) : this.#fieldAnswer(field, frequencies),
      ]),
    )
  }

  #fieldAnswer(field: string, frequencies: boolean): AnswerRow[] {
    const app = this.#open
    const counts = app.session.inference().frequencies(app.session.field(field).index)
    return app
      .field(field)
      .values()
      .flatMap(({ text, number, state }, symbol): AnswerRow[] => {
        if (state === 'excluded') return []
        const row = [number ?? text, state]
        return [frequencies ? [...row, counts[symbol + 1] ?? 0] : row]
      })
  }

  /** How many values are not excluded, and their sum. */
  #largeAnswer(field: string): AnswerRow[] {
    const reachable = this.#open
      .field(field)
      .values()
      .filter(({ state }) => state !== 'excluded' && state !== 'selected-excluded')
    return [
      [
        reachable.length,
        reachable.reduce((total, { number, text }) => total + (number ?? text.length), 0),
      ],
    ]
  }

  #cubeAnswer(query: CubeQuery): AnswerRow[] {
    return this.#chartAnswer(cubeOptions(query), query.top)
  }

  #chartAnswer(options: CubeOptions, top: number = 10_000_000): AnswerRow[] {
    const rows = this.#open.cube(options).page(0, top)
    return rows.map((cells) =>
      cells.map(({ isNull, number, text }) =>
        isNull ? null : Number.isNaN(number) ? text : number,
      ),
    )
  }

  #brush(task: BrushTask, step: number): unknown {
    const app = this.#open
    const [first, last] = task.steps[step] ?? [0, 0]
    app.field(task.field).select(Array.from({ length: last - first + 1 }, (_, at) => first + at))
    const inference = app.session.inference()
    return task.passive.map(({ field }) => inference.frequencies(app.session.field(field).index))
  }

  #brushAnswer(task: BrushTask): Answer {
    return Object.fromEntries(
      task.passive.map(({ field }) => [
        field,
        this.#fieldAnswer(field, true)
          .filter(([, , count]) => count !== 0)
          .map(([value, , count]): AnswerRow => [value ?? null, count ?? 0]),
      ]),
    )
  }

  #search(field: string, text: string): unknown {
    const { session } = this.#open
    const { index, symbols } = session.field(field)
    const found = session.search(index, `*${text}*`)
    const page: string[] = []
    let count = 0
    found.forEach((symbol) => {
      if (count++ < 100) page.push(symbols.textAt(symbol))
    })
    return { count, page }
  }

  #searchAnswer(field: string, text: string, result: unknown): AnswerRow[] {
    const { session } = this.#open
    const { index, symbols } = session.field(field)
    const found = session.search(index, `*${text}*`).toArray()
    const timed = result as { readonly count: number }
    if (found.length !== timed.count) throw new Error('the search does not repeat itself')
    return Array.from(found, (symbol): AnswerRow => [symbols.textAt(symbol)])
  }
}

function cubeOptions({ dimensions, measures, top }: CubeQuery): CubeOptions {
  return {
    dimensions,
    measures: measures.map(expressionOf),
    sort:
      top === undefined
        ? dimensions.map((_, dimension) => ({ dimension, by: 'load' as const }))
        : [{ measure: 0, order: 'descending' }],
  }
}

function expressionOptions({ dimensions, measures, sort }: ExpressionTask): CubeOptions {
  return {
    dimensions: dimensions.map((definition) => ({ definition })),
    measures,
    sort: dimensions.map((_, dimension) => ({
      dimension,
      by: sort === 'load' ? 'load' : 'numeric',
    })),
  }
}

function expressionOf({ of, field }: Measure): string {
  switch (of) {
    case 'sum':
      return `Sum(${field})`
    case 'average':
      return `Avg(${field})`
    case 'count':
      return `Count(${field})`
    case 'distinct':
      return `Count(DISTINCT ${field})`
    case 'least':
      return `Min(${field})`
    case 'largest':
      return `Max(${field})`
  }
}
