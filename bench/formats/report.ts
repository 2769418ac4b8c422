import { markdownTable, short } from '../runner/report.ts'
import type { Ending } from './contender.ts'
import { type Measurement, summarized } from './measurement.ts'

export interface ContenderResult {
  readonly format: string
  readonly rows: number
  /** Of the file; NaN where there is none. */
  readonly bytes: number
  readonly name: string
  readonly ending: Ending
  readonly measurements: readonly Pick<Measurement, 'first' | 'second' | 'peak'>[]
  /** Why it was not run, or not to the end. */
  readonly reason: string | undefined
}

const head = [
  'format',
  'rows',
  'MB',
  'contender',
  'ends in',
  'ratio',
  'CPU ratio',
  'ms',
  'CPU ms',
  'first ms',
  'MB/s',
  'thousand rows/s',
  'peak MB',
]

/** Lines of Markdown. @param results ours first in each format @param absent formats that could not be prepared, with the reason */
export function loadReport(
  results: readonly ContenderResult[],
  absent: readonly string[],
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): readonly string[] {
  const run = results.filter(({ reason }) => reason === undefined)
  const failed = results.flatMap(({ format, name, reason }) =>
    reason === undefined ? [] : [`${format}, ${name}: ${reason}`],
  )
  const alone = run.filter(
    ({ format }) => results.filter((other) => other.format === format).length === 1,
  )
  const notRun = [
    ...absent,
    ...failed,
    ...alone.map(({ format }) => `${format}: no peer to compare with`),
  ]
  return [
    `The same table of eight columns, seed ${seed}; every load in a process of its own, ${rounds} rounds in turns, medians. Ours **ends in an associative model** that answers, most peers in plain JavaScript objects or columns, where such a model would only begin; those that end in a table of an engine say so. Ratio = peer's ms / ours: above 1 we are faster; in processor time likewise. *first* is a process's first load, *ms* its second; peak is that of the process after the first.`,
    '',
    ...markdownTable(
      head,
      run.map((result) => cells(result, run)),
    ),
    ...(notRun.length === 0 ? [] : ['', ...notRun.map((line) => `Not run: ${line}.`)]),
  ]
}

function cells(result: ContenderResult, all: readonly ContenderResult[]): string[] {
  const { format, rows, bytes, name, ending, measurements } = result
  const { first, wall, cpu, peak, bytesPerSecond, rowsPerSecond } = summarized(
    measurements,
    rows,
    bytes,
  )
  const own = all.find((other) => other.format === format && other.ending === 'model')
  const ratios = own === undefined || own === result ? ['', ''] : ratiosTo(own, wall, cpu)
  return [
    format,
    rows.toLocaleString('en'),
    short(bytes / 1e6),
    name,
    ending,
    ...ratios,
    ...[wall, cpu, first, bytesPerSecond / 1e6, rowsPerSecond / 1e3, peak / 1e6].map(short),
  ]
}

function ratiosTo(
  { measurements, rows, bytes }: ContenderResult,
  wall: number,
  cpu: number,
): string[] {
  const own = summarized(measurements, rows, bytes)
  return [short(wall / own.wall), short(cpu / own.cpu)]
}
