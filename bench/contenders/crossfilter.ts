import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brushCharts } from '../data/wide.ts'
import type { Answer, AnswerRow, BrushTask, Task } from '../workloads/task.ts'
import type { Contender, DataLocation } from './contender.ts'

/** The part of crossfilter2 used here. */
interface Crossfilter {
  dimension(value: (row: number) => number): Dimension
}
interface Dimension {
  filterRange(range: readonly [number, number]): void
  filterAll(): void
  group(): Group
}
interface Group {
  all(): readonly { readonly key: number; readonly value: number }[]
}

const packageName: string = 'crossfilter2'

export async function openCrossfilter(): Promise<Contender> {
  const { default: crossfilter }: { readonly default: (rows: number[]) => Crossfilter } =
    await import(packageName)
  return new CrossfilterContender(crossfilter)
}

/** Brushing only, which it is made for. Records are row numbers, values are read from typed arrays. */
class CrossfilterContender implements Contender {
  readonly #make: (rows: number[]) => Crossfilter
  readonly #dimensions = new Map<string, Dimension>()
  readonly #groups = new Map<string, Group>()

  constructor(make: (rows: number[]) => Crossfilter) {
    this.#make = make
  }

  async load({ folder }: DataLocation): Promise<void> {
    const columns = readIntegers(
      join(folder, 'wide.csv'),
      brushCharts.map(({ field }) => field),
    )
    const rows = columns[0]?.length ?? 0
    const filter = this.#make(Array.from({ length: rows }, (_, row) => row))
    brushCharts.forEach(({ field }, at) => {
      const values = columns[at] ?? new Int32Array()
      const dimension = filter.dimension((row) => values[row] ?? 0)
      this.#dimensions.set(field, dimension)
      this.#groups.set(field, dimension.group())
    })
  }

  forms(task: Task): readonly string[] {
    return task.kind === 'brush' ? ['filterRange'] : []
  }

  before(_task: Task, step: number): void {
    if (step === 0) for (const dimension of this.#dimensions.values()) dimension.filterAll()
  }

  run(task: Task, _form: string, step: number): unknown {
    if (task.kind !== 'brush') return undefined
    const [first, last] = task.steps[step] ?? [0, 0]
    this.#dimensions.get(task.field)?.filterRange([first, last + 1])
    return task.passive.map(({ field }) => this.#groups.get(field)?.all())
  }

  answer(task: Task): Answer {
    return task.kind === 'brush' ? this.#counts(task) : {}
  }

  #counts(task: BrushTask): Answer {
    return Object.fromEntries(
      task.passive.map(({ field }) => [
        field,
        (this.#groups.get(field)?.all() ?? [])
          .filter(({ value }) => value > 0)
          .map(({ key, value }): AnswerRow => [key, value]),
      ]),
    )
  }
}

/** The columns of small integers a CSV file of ours begins with. */
function readIntegers(path: string, names: readonly string[]): readonly Int32Array[] {
  const bytes = readFileSync(path)
  const labels = bytes.toString('latin1', 0, bytes.indexOf(10)).split(',')
  if (names.some((name, at) => labels[at] !== name)) throw new Error('the columns are others')
  let rows = -1
  for (const byte of bytes) if (byte === 10) rows++
  const columns = names.map(() => new Int32Array(rows))
  let at = bytes.indexOf(10) + 1
  for (let row = 0; row < rows; row++) {
    for (const column of columns) {
      let value = 0
      for (let byte = bytes[at++] ?? 0; byte !== 0x2c; byte = bytes[at++] ?? 0x2c)
        value = value * 10 + byte - 0x30
      column[row] = value
    }
    at = bytes.indexOf(10, at) + 1
  }
  return columns
}
