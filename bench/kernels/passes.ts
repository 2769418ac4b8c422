import type { TableReader } from '@lichen/engine'
import { Lichen } from '../contenders/lichen.ts'
import { quantile, summarize } from '../runner/statistics.ts'
import { brushTasks, starTasks } from '../workloads/suites.ts'
import type { Answer, BrushTask, Task } from '../workloads/task.ts'

/** Where the files of the star and of the wide table are, in the words of the reader. */
export interface Places {
  readonly star: string
  readonly wide: string
  readonly reader: (place: string) => TableReader
}

export interface Passes {
  /** ms by what was measured, in the order of the report. */
  readonly times: Readonly<Record<string, number>>
  /** Some answers, by task: they are the same wherever the engine runs. */
  readonly answers: Readonly<Record<string, Answer>>
  /** ms between two times the clock tells, at least. */
  readonly clock: number
}

const warmUp = 2
const rounds = 9
const clickRounds = 3
const checkedStep = 50
/** So often is a family of one short task run in a pass. */
const repeats = 20

/**
 * The engine alone on this thread, in Node or in a worker of a page. Clocks of pages are coarse, so what is short is timed in batches: the
 * times of all tasks of a family are added up, and later steps of a brush are timed together.
 */
export async function measurePasses(places: Places, rows: number, seed: number): Promise<Passes> {
  const lichen = new Lichen(places.reader)
  const tasks = starTasks(rows, seed, 50)
  const clicks = tasks.filter(({ kind }) => kind === 'dashboard')
  const answers: Record<string, Answer> = {}
  const times: Record<string, number> = {}
  times['CSV load, star'] = await elapsed(() => lichen.load({ set: 'star', folder: places.star }))
  for (const task of clicks.slice(0, 1)) {
    times['first dashboard click'] = timeOf(lichen, task)
    answers[task.name] = lichen.answer(task, '', undefined, 0)
  }
  for (const family of [
    'states, no selection',
    'states, selected',
    'hypercubes, no selection',
    'hypercubes, selected',
  ]) {
    const own = tasks.filter((task) => task.family === family)
    for (const task of own.slice(-1)) answers[`${family}: ${task.name}`] = answerTo(lichen, task)
    times[family] = await passOver(lichen, own)
  }
  const medians = await clickMedians(lichen, clicks)
  times['dashboard click, p50'] = quantile(medians, 0.5)
  times['dashboard click, p95'] = quantile(medians, 0.95)
  times['CSV load, wide'] = await elapsed(() => lichen.load({ set: 'wide', folder: places.wide }))
  for (const task of brushTasks()) {
    answers[task.family] = answerTo(lichen, task)
    Object.assign(times, await brushTimes(lichen, task))
  }
  return { times, answers, clock: clockStep() }
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function timeOf(lichen: Lichen, task: Task): number {
  lichen.before(task, 0)
  const start = performance.now()
  lichen.run(task, '', 0)
  return performance.now() - start
}

function answerTo(lichen: Lichen, task: Task): Answer {
  const last = task.kind === 'brush' ? checkedStep : 0
  lichen.before(task, 0)
  for (let step = 0; step <= last; step++) lichen.run(task, '', step)
  return lichen.answer(task, '', undefined, last)
}

/** Mean over the tasks, median over the rounds. */
async function passOver(lichen: Lichen, tasks: readonly Task[]): Promise<number> {
  const batch =
    tasks.length > 1 ? tasks : tasks.flatMap((task) => Array.from({ length: repeats }, () => task))
  const means: number[] = []
  for (let round = -warmUp; round < rounds; round++) {
    let total = 0
    for (const task of batch) {
      await pause()
      total += timeOf(lichen, task)
    }
    if (round >= 0) means.push(total / batch.length)
  }
  return summarize(means).median
}

/** Of each click over the rounds; ascending. */
async function clickMedians(lichen: Lichen, clicks: readonly Task[]): Promise<readonly number[]> {
  const times = clicks.map((): number[] => [])
  for (let round = 0; round < clickRounds; round++)
    for (const [at, task] of clicks.entries()) {
      await pause()
      times[at]?.push(timeOf(lichen, task))
    }
  return times.map((all) => summarize(all).median).sort((a, b) => a - b)
}

/** The first step, and the mean of those after the first fifty, by when what helps with brushing is there. */
async function brushTimes(
  lichen: Lichen,
  task: BrushTask,
): Promise<Readonly<Record<string, number>>> {
  const first: number[] = []
  const later: number[] = []
  const steps = task.steps.length
  for (let round = -warmUp; round < rounds; round++) {
    await pause()
    const start = timeOf(lichen, task)
    for (let step = 1; step <= checkedStep; step++) lichen.run(task, '', step)
    const since = performance.now()
    for (let step = checkedStep + 1; step < steps; step++) lichen.run(task, '', step)
    if (round < 0) continue
    first.push(start)
    later.push((performance.now() - since) / (steps - checkedStep - 1))
  }
  return {
    [`${task.family}, first step`]: summarize(first).median,
    [`${task.family}, later step`]: summarize(later).median,
  }
}

/** Between clicks the engine has time for itself. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

function clockStep(): number {
  let least = Number.POSITIVE_INFINITY
  for (let change = 0; change < 20; change++) {
    const start = performance.now()
    let now = start
    while (now === start) now = performance.now()
    least = Math.min(least, now - start)
  }
  return least
}
