import type { DataLocation } from '../contenders/contender.ts'
import { type DataSet, dataFolder } from '../data/files.ts'
import type { Task } from '../workloads/task.ts'
import { Child } from './child.ts'
import { difference } from './compare.ts'
import type { Options } from './options.ts'
import type { MemoryUse } from './protocol.ts'
import { type Summary, summarize } from './statistics.ts'

export interface SuiteOptions extends Options {
  readonly set: DataSet
  /** Rows of this data set. */
  readonly setRows: number
  readonly tasks: readonly Task[]
  /** Peers of this suite, whether asked for or not. */
  readonly candidates: readonly string[]
  /** Why the peers could not be installed, if so. */
  readonly missing: string | undefined
  readonly loads: number
  readonly script: string
  readonly say: (line: string) => void
}

export interface TaskResult {
  readonly family: string
  readonly name: string
  /** Net ms by contender. */
  readonly times: Readonly<Record<string, Summary>>
  /** The form that counted, by contender. */
  readonly forms: Readonly<Record<string, string>>
}

/** Net ms of the first click of a process that has done nothing but a load. */
export interface FirstClick {
  readonly atOnce: number
  /** After the engine has had time for itself. */
  readonly rested: number
}

export interface SuiteResult {
  readonly set: DataSet
  readonly rows: number
  readonly tasks: readonly TaskResult[]
  /** Wall ms of loading, by contender. */
  readonly loads: Readonly<Record<string, Summary>>
  readonly memory: Readonly<Record<string, MemoryUse>>
  /** Our memory after all measurements. */
  readonly lastMemory: MemoryUse
  /** Of ours; undefined without a click among the tasks. */
  readonly firstClick: FirstClick | undefined
  readonly notRun: Readonly<Record<string, string>>
}

export const ours = 'lichen'
const heapMegabytes = 8192
/** A peer this many times slower than the fastest cannot become the best; it is measured a few times for the record only. */
const hopeless = 4
const hopelessRounds = 3
/** After so many queries of a family only the forms that were fastest for one of them are tried; statements written for one query are all tried. */
const trials = 8

/** One data set: loads, compares answers, then measures round by round with the contenders taking turns. @throws Error when an answer differs */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const suite = new Suite(options)
  try {
    return await suite.run()
  } finally {
    suite.stop()
  }
}

class Suite {
  readonly #options: SuiteOptions
  readonly #children = new Map<string, Child>()
  readonly #notRun: Record<string, string> = {}
  readonly #loads = new Map<string, number[]>()
  readonly #memory: Record<string, MemoryUse> = {}
  #firstClick: FirstClick | undefined
  /** The fastest forms so far, by family and contender. */
  readonly #fastest = new Map<string, string[]>()

  constructor(options: SuiteOptions) {
    this.#options = options
  }

  stop(): void {
    for (const child of this.#children.values()) child.stop()
  }

  async run(): Promise<SuiteResult> {
    const { set, setRows, seed, tasks, say } = this.#options
    say(`${set}: ${setRows.toLocaleString('en')} rows`)
    const data = { set, folder: dataFolder(set, setRows, seed) }
    this.#firstClick = await this.#clickFirst(data)
    await this.#start()
    await this.#load(data)
    await this.#eachPeer('tune', (child) => child.ask<'tune'>({ op: 'tune', data }))
    const plans = await this.#compareAll(tasks)
    const results = await this.#measure(plans)
    return {
      set,
      rows: setRows,
      tasks: results,
      firstClick: this.#firstClick,
      lastMemory: await this.#own().ask<'memory'>({ op: 'memory' }),
      loads: Object.fromEntries(
        [...this.#loads].map(([name, times]) => [name, summarize(times)] as const),
      ),
      memory: this.#memory,
      notRun: this.#notRun,
    }
  }

  async #start(): Promise<void> {
    const { script, candidates, peers, missing } = this.#options
    this.#children.set(ours, await Child.start(script, ours, heapMegabytes))
    for (const name of candidates.filter((each) => peers === undefined || peers.includes(each))) {
      if (missing !== undefined) {
        this.#giveUp(name, new Error(missing))
        continue
      }
      try {
        this.#children.set(name, await Child.start(script, name, heapMegabytes))
      } catch (error) {
        this.#giveUp(name, error)
      }
    }
  }

  async #load(data: DataLocation): Promise<void> {
    for (let round = 0; round < this.#options.loads; round++) {
      await this.#eachPeer('load', async (child) => {
        // Wall: much of a load is reading, and threads that wait for one another would be forgiven twice.
        const { wall } = await child.ask<'load'>({ op: 'load', data })
        const times = this.#loads.get(child.name) ?? []
        times.push(wall)
        this.#loads.set(child.name, times)
        if (round === 0) this.#memory[child.name] = await child.ask<'memory'>({ op: 'memory' })
        // What ours does for itself after a load must not disturb the next one.
        if (child.name === ours) await child.ask<'tune'>({ op: 'tune', data })
      })
    }
  }

  async #clickFirst(data: DataLocation): Promise<FirstClick | undefined> {
    const task = this.#options.tasks.find(({ kind }) => kind === 'dashboard')
    if (task === undefined) return undefined
    const atOnce = await this.#firstClickOf(data, task, false)
    return { atOnce, rested: await this.#firstClickOf(data, task, true) }
  }

  async #firstClickOf(data: DataLocation, task: Task, isRested: boolean): Promise<number> {
    const child = await Child.start(this.#options.script, ours, heapMegabytes)
    try {
      await child.ask<'load'>({ op: 'load', data })
      if (isRested) await child.ask<'tune'>({ op: 'tune', data })
      const [timing] = await child.ask<'time'>({ op: 'time', task, form: 'native' })
      return timing?.net ?? Number.NaN
    } finally {
      child.stop()
    }
  }

  #own(): Child {
    const own = this.#children.get(ours)
    if (own === undefined) throw new Error('our own process has ended')
    return own
  }

  /** Ours must succeed, a peer that fails is left out from here on. */
  async #eachPeer(what: string, work: (child: Child) => Promise<unknown>): Promise<void> {
    for (const child of [...this.#children.values()]) {
      try {
        await work(child)
      } catch (error) {
        if (child.name === ours) throw error
        this.#giveUp(child.name, error, what)
      }
    }
  }

  #giveUp(name: string, error: unknown, what: string = 'start'): void {
    const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    // Without the folders of the machine, and no longer than a line.
    const reason = `${what}: ${words.replaceAll(/(?:\/[\w.+~-]+)+\//g, '').slice(0, 160)}`
    this.#notRun[name] = reason
    this.#children.get(name)?.stop()
    this.#children.delete(name)
    this.#options.say(`${name}: not run: ${reason}`)
  }

  async #compareAll(tasks: readonly Task[]): Promise<Plan[]> {
    const plans: Plan[] = []
    for (const task of tasks) {
      plans.push(await this.#compare(task))
      if (plans.length % 10 === 0 || plans.length === tasks.length)
        this.#options.say(`${plans.length} of ${tasks.length} queries answered alike`)
    }
    return plans
  }

  /** The fastest form by contender. @throws Error naming query and peer when an answer is not ours */
  async #compare(task: Task): Promise<Plan> {
    const own = this.#own()
    const [expected] = await own.ask<'answers'>({ op: 'answers', task })
    if (expected === undefined) throw new Error(`no answer to ${task.name}`)
    const chosen = new Map([[ours, { form: expected.form, ms: expected.ms }]])
    const different: string[] = []
    await this.#eachPeer(task.name, async (child) => {
      if (child === own) return
      const fastest = this.#fastestForms(task, child)
      const isTried = task.kind === 'expression' || fastest.length < trials
      const forms = isTried ? undefined : [...new Set(fastest)]
      const given = await child.ask<'answers'>({
        op: 'answers',
        task,
        ...(forms === undefined ? {} : { forms }),
      })
      for (const { form, answers, ms } of given) {
        const found = answers
          .map((answer, step) => difference(expected.answers[step] ?? {}, answer))
          .find((words) => words !== null)
        if (found !== undefined && found !== null)
          different.push(`${task.family}, ${task.name}, ${child.name} (${form}): ${found}`)
        const best = chosen.get(child.name)
        if (best === undefined || ms < best.ms) chosen.set(child.name, { form, ms })
      }
      const choice = chosen.get(child.name)
      if (choice !== undefined) fastest.push(choice.form)
    })
    if (different.length > 0)
      throw new Error(`answers differ (ours to theirs)\n${different.join('\n')}`)
    return { task, chosen }
  }

  #fastestForms(task: Task, child: Child): string[] {
    const key = `${task.family}/${child.name}`
    const known = this.#fastest.get(key)
    if (known !== undefined) return known
    const fresh: string[] = []
    this.#fastest.set(key, fresh)
    return fresh
  }

  async #measure(plans: readonly Plan[]): Promise<TaskResult[]> {
    const times = plans.map(() => new Map<string, number[]>())
    const { rounds, clickRounds } = this.#options
    for (let round = 0; round < rounds; round++) {
      for (const [at, plan] of plans.entries()) {
        if (plan.task.kind === 'dashboard' && round >= clickRounds) continue
        await this.#measureOnce(plan, round, times[at] ?? new Map())
      }
      this.#options.say(`round ${round + 1} of ${rounds}`)
    }
    return plans.map(({ task, chosen }, at) => ({
      family: task.family,
      name: task.name,
      times: Object.fromEntries(
        [...(times[at] ?? [])].map(([name, values]) => [name, summarize(values)] as const),
      ),
      forms: Object.fromEntries([...chosen].map(([name, { form }]) => [name, form] as const)),
    }))
  }

  async #measureOnce(
    { task, chosen }: Plan,
    round: number,
    times: Map<string, number[]>,
  ): Promise<void> {
    const fastest = Math.min(
      ...[...chosen].flatMap(([name, { ms }]) => (name === ours ? [] : [ms])),
    )
    await this.#eachPeer(task.name, async (child) => {
      const choice = chosen.get(child.name)
      if (choice === undefined) return
      if (child.name !== ours && round >= hopelessRounds && choice.ms > hopeless * fastest) return
      const steps = await child.ask<'time'>({ op: 'time', task, form: choice.form })
      const values = times.get(child.name) ?? []
      values.push(...steps.map(({ net }) => net))
      times.set(child.name, values)
    })
  }
}

interface Plan {
  readonly task: Task
  readonly chosen: ReadonlyMap<string, { readonly form: string; readonly ms: number }>
}
