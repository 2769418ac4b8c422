import { geometricMean, type Summary } from './statistics.ts'
import { ours, type SuiteResult, type TaskResult } from './suite.ts'

/** A family of queries against the best peer. */
export interface FamilyRatio {
  readonly family: string
  readonly queries: number
  /** Geometric mean over the queries of the best peer's median by ours. */
  readonly ratio: number
  readonly lowest: { readonly ratio: number; readonly name: string; readonly peer: string }
  /** Geometric mean of our medians, and of the best peers', in ms. */
  readonly ourMs: number
  readonly peerMs: number
  /** The peer that is best most often. */
  readonly peer: string
}

interface Best {
  readonly peer: string
  readonly ms: number
}

function bestPeer({ times }: TaskResult): Best | undefined {
  let best: Best | undefined
  for (const [peer, { median }] of Object.entries(times))
    if (peer !== ours && (best === undefined || median < best.ms)) best = { peer, ms: median }
  return best
}

export function familyRatios(results: readonly SuiteResult[]): readonly FamilyRatio[] {
  const families = byFamily(results)
  const ratios: FamilyRatio[] = []
  for (const [family, tasks] of families) {
    const compared = tasks.flatMap((task) => {
      const best = bestPeer(task)
      const own = task.times[ours]?.median
      return best === undefined || own === undefined ? [] : [{ task, best, own }]
    })
    const lowest = [...compared].sort((a, b) => a.best.ms / a.own - b.best.ms / b.own)[0]
    if (lowest === undefined) continue
    ratios.push({
      family,
      queries: compared.length,
      ratio: geometricMean(compared.map(({ best, own }) => best.ms / own)),
      lowest: {
        ratio: lowest.best.ms / lowest.own,
        name: lowest.task.name,
        peer: lowest.best.peer,
      },
      ourMs: geometricMean(compared.map(({ own }) => own)),
      peerMs: geometricMean(compared.map(({ best }) => best.ms)),
      peer: mostFrequent(compared.map(({ best }) => best.peer)),
    })
  }
  return ratios
}

function byFamily(results: readonly SuiteResult[]): Map<string, TaskResult[]> {
  const families = new Map<string, TaskResult[]>()
  for (const task of results.flatMap(({ tasks }) => tasks)) {
    const family = families.get(task.family)
    if (family === undefined) families.set(task.family, [task])
    else family.push(task)
  }
  return families
}

function mostFrequent(names: readonly string[]): string {
  const count = (name: string): number => names.filter((other) => other === name).length
  return [...names].sort((a, b) => count(b) - count(a))[0] ?? ''
}

/** What a run was made with. */
export interface About {
  readonly machine: string
  readonly date: string
  readonly rounds: number
  readonly seed: number
}

function aboutLine(
  results: readonly SuiteResult[],
  { machine, date, rounds, seed }: About,
): string {
  const rows = results.map(({ set, rows: count }) => `${set} ${count.toLocaleString('en')} rows`)
  return `${machine}; ${date}; ${rows.join(', ')}; ${rounds} rounds, seed ${seed}.`
}

/** The report as Markdown. */
export function report(results: readonly SuiteResult[], about: About): string {
  return [
    '# Results',
    '',
    aboutLine(results, about),
    'How to read this: README.md. Ratio = best peer / Lichen; above 1 Lichen is faster. Times in ms, medians, wall time less waiting for a processor.',
    '',
    '## Ratios',
    '',
    ...markdownTable(ratioHead, [
      ...familyRatios(results).map(ratioRow),
      ...dashboardRows(results),
      ...loadRows(results),
    ]),
    '',
    '## Memory after load',
    '',
    ...markdownTable(memoryHead, memoryRows(results)),
    '',
    ...results.flatMap(ownLines),
    ...results.flatMap(notRunLines),
    '## Every query',
    '',
    'Median (p10–p90) by contender and the form that was fastest.',
    '',
    ...results.flatMap((result) => [...queryTable(result), '']),
  ].join('\n')
}

/** The section of the other shapes of data, which have no targets. */
export function shapesReport(results: readonly SuiteResult[], about: About): string {
  return [
    '## Shapes of data',
    '',
    `${aboutLine(results, about)} Without targets.`,
    '',
    ...markdownTable(ratioHead, [...familyRatios(results).map(ratioRow), ...loadRows(results)]),
    '',
    ...markdownTable(memoryHead, memoryRows(results)),
    '',
    ...results.flatMap(notRunLines),
    '### Every query of the shapes',
    '',
    'Median (p10–p90) by contender.',
    '',
    ...results.flatMap((result) => [...queryTable(result), '']),
  ].join('\n')
}

/** The section of charts of the expression language. */
export function expressionsReport(results: readonly SuiteResult[], about: About): string {
  return [
    '## Expressions',
    '',
    aboutLine(results, about),
    '',
    ...markdownTable(ratioHead, familyRatios(results).map(ratioRow)),
    '',
    ...results.flatMap(notRunLines),
    '### Every query of the expressions',
    '',
    'Median (p10–p90) by contender, the number of the statement that was fastest and where its rows come from.',
    '',
    ...results.flatMap((result) => [...queryTable(result), '']),
  ].join('\n')
}

const ratioHead: readonly string[] = [
  'workload',
  'queries',
  'ratio',
  'lowest',
  'at',
  'Lichen ms',
  'best peer ms',
  'best peer',
]

const memoryHead: readonly string[] = [
  'data',
  'engine',
  'resident MB',
  'peak MB',
  'data, bytes a row',
  'with indices',
]

function ratioRow(row: FamilyRatio): string[] {
  return [
    row.family,
    String(row.queries),
    short(row.ratio),
    short(row.lowest.ratio),
    `${row.lowest.name} (${row.lowest.peer})`,
    short(row.ourMs),
    short(row.peerMs),
    row.peer,
  ]
}

/** p50 and p95 over all clicks, each contender by itself. */
function dashboardRows(results: readonly SuiteResult[]): string[][] {
  const clicks = (byFamily(results).get('dashboard click') ?? []).map(({ times }) => times)
  const own = over(clicks, ours)
  if (own === undefined) return []
  const peers = [...new Set(clicks.flatMap((times) => Object.keys(times)))].filter(
    (name) => name !== ours,
  )
  return (['median', 'p95'] as const).flatMap((quantile) => {
    const best = peers
      .map((peer) => ({ peer, ms: over(clicks, peer)?.[quantile] ?? Number.POSITIVE_INFINITY }))
      .sort((a, b) => a.ms - b.ms)[0]
    if (best === undefined) return []
    const name = `dashboard click, ${quantile === 'median' ? 'p50' : 'p95'} over clicks`
    return [
      [
        name,
        String(clicks.length),
        short(best.ms / own[quantile]),
        '',
        '',
        short(own[quantile]),
        short(best.ms),
        best.peer,
      ],
    ]
  })
}

function over(
  clicks: readonly TaskResult['times'][],
  name: string,
): { readonly median: number; readonly p95: number } | undefined {
  const medians = clicks.flatMap((times) => times[name]?.median ?? []).sort((a, b) => a - b)
  const at = (share: number): number =>
    medians[Math.min(medians.length - 1, Math.floor(medians.length * share))] ?? Number.NaN
  return medians.length === 0 ? undefined : { median: at(0.5), p95: at(0.95) }
}

function loadRows(results: readonly SuiteResult[]): string[][] {
  return results.flatMap(({ set, loads }) => {
    const own = loads[ours]
    if (own === undefined || set === 'wide' || set === 'names') return []
    const load = set === 'star' ? 'CSV load' : `${set}, CSV load`
    return Object.entries(loads)
      .filter(([name]) => name !== ours)
      .map(([name, { median }]) => [
        `${load} against ${name}`,
        String(own.runs),
        short(median / own.median),
        '',
        '',
        short(own.median),
        short(median),
        name,
      ])
  })
}

function memoryRows(results: readonly SuiteResult[]): string[][] {
  return results.flatMap(({ set, memory }) =>
    Object.entries(memory).map(([name, { resident, peak, own }]) => [
      set,
      name,
      megabytes(resident),
      megabytes(peak),
      own === undefined ? '' : own.bytesPerRow.toFixed(1),
      own === undefined ? '' : own.indexedPerRow.toFixed(1),
    ]),
  )
}

/** What is measured of ours alone. */
function ownLines({ set, rows, lastMemory, firstClick }: SuiteResult): string[] {
  const { own, resident, peak } = lastMemory
  const indexed =
    own === undefined
      ? ''
      : `, ${own.indexedPerRow.toFixed(1)} bytes a row with the indices built by then, ${own.otherPerRow.toFixed(1)} of what is remembered and of room to work`
  const memory = `- ${set}, Lichen after all measurements: resident ${megabytes(resident)} MB, peak ${megabytes(peak)} MB${indexed}.`
  const click =
    firstClick === undefined
      ? []
      : [
          `- First dashboard click of a process, after loading ${rows.toLocaleString('en')} rows: ${short(firstClick.atOnce)} ms at once, ${short(firstClick.rested)} ms when the engine has had time for itself.`,
        ]
  return [memory, ...click, '']
}

function megabytes(bytes: number): string {
  return String(Math.round(bytes / 1e6))
}

function notRunLines({ set, notRun }: SuiteResult): string[] {
  const lines = Object.entries(notRun).map(
    ([name, reason]) => `- ${set}, ${name}: not run: ${reason}`,
  )
  return lines.length === 0 ? [] : [...lines, '']
}

function queryTable({ tasks }: SuiteResult): string[] {
  const names = [...new Set(tasks.flatMap(({ times }) => Object.keys(times)))]
  return markdownTable(
    ['family', 'query', 'ratio', ...names],
    tasks.map((task) => {
      const best = bestPeer(task)
      const own = task.times[ours]?.median ?? Number.NaN
      return [
        task.family,
        task.name,
        best === undefined ? '' : short(best.ms / own),
        ...names.map((name) => cell(task.times[name], name === ours ? '' : task.forms[name])),
      ]
    }),
  )
}

function cell(summary: Summary | undefined, form: string | undefined): string {
  if (summary === undefined) return ''
  const { median, p10, p90 } = summary
  return `${short(median)} (${short(p10)}–${short(p90)})${form === undefined || form === '' ? '' : ` ${form}`}`
}

/** Three digits. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2)
}

export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}
