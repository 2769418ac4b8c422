// A contender in a process of its own: `node contender.mjs <name>`; commands come on standard input and replies go to standard output, a JSON text a line.
import { createInterface } from 'node:readline'
import type { Contender } from './contenders/contender.ts'
import { openContender } from './contenders/open.ts'
import { timed } from './runner/clock.ts'
import type { Command, FormAnswer, MemoryUse, Replies, Reply } from './runner/protocol.ts'
import type { Answer, Task } from './workloads/task.ts'

const collect: () => void = typeof gc === 'function' ? gc : () => undefined

/** Steps of a brush whose answers are checked. */
const checkedSteps = [0, 1, 2, 50, 199]

async function answered(
  contender: Contender,
  task: Task,
  only: readonly string[] | undefined,
): Promise<FormAnswer[]> {
  const checked = task.kind === 'brush' ? checkedSteps : [0]
  const forms: FormAnswer[] = []
  for (const form of contender.forms(task)) {
    if (only !== undefined && !only.includes(form)) continue
    const answers: Answer[] = []
    for (const step of checked) {
      await contender.before?.(task, step)
      const result = await contender.run(task, form, step)
      answers.push(await contender.answer(task, form, result, step))
    }
    await contender.before?.(task, 0)
    const [, { net }] = await timed(() => contender.run(task, form, 0))
    forms.push({ form, answers, ms: net })
  }
  return forms
}

async function timedSteps(
  contender: Contender,
  task: Task,
  form: string,
): Promise<Replies['time']> {
  const steps = task.kind === 'brush' ? task.steps.length : 1
  const timings: Replies['time'][number][] = []
  for (let step = 0; step < steps; step++) {
    await contender.before?.(task, step)
    const [, timing] = await timed(() => contender.run(task, form, step))
    timings.push(timing)
  }
  return timings
}

function memoryUse(contender: Contender): MemoryUse {
  collect()
  const own = contender.memory?.()
  return {
    resident: process.memoryUsage().rss,
    peak: process.resourceUsage().maxRSS * 1024,
    ...(own === undefined ? {} : { own }),
  }
}

async function reply(contender: Contender, command: Command): Promise<Replies[keyof Replies]> {
  switch (command.op) {
    case 'load': {
      collect()
      const [, timing] = await timed(() => contender.load(command.data))
      return timing
    }
    case 'tune':
      await contender.tune?.(command.data)
      return null
    case 'answers':
      return answered(contender, command.task, command.forms)
    case 'time':
      return timedSteps(contender, command.task, command.form)
    case 'memory':
      return memoryUse(contender)
  }
}

// Peers print to standard output as they like; only what begins with the mark is a reply.
const mark = '\u0001'
const contender = await openContender(process.argv[2] ?? '')
const send = (message: Reply): boolean =>
  process.stdout.write(`\n${mark}${JSON.stringify(message)}\n`)
send({ result: null })
for await (const line of createInterface({ input: process.stdin })) {
  try {
    send({ result: await reply(contender, JSON.parse(line)) })
  } catch (error) {
    send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}
await contender.close?.()
process.exit(0)
