import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Task } from '../workloads/task.ts'
import { readOptions } from './options.ts'
import { runSuite } from './suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'lichen-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A contender by name: `lichen` and `equal` say the same, `planted` one state otherwise, `broken` fails, `absent` does not start. */
const script = join(folder, 'contender.mjs')
writeFileSync(
  script,
  `import { createInterface } from 'node:readline'
const name = process.argv[2]
const timing = { wall: 1, cpu: 1, net: name === 'lichen' ? 1 : 3 }
const send = (reply) => process.stdout.write('\\n\\u0001' + JSON.stringify(reply) + '\\n')
const answer = { region: [['Asia', name === 'planted' ? 'excluded' : 'optional']] }
const replies = {
  load: timing,
  tune: null,
  memory: { resident: 1, peak: 1 },
  time: [timing],
  answers: [{ form: 'only', answers: [answer], ms: 1 }],
}
if (name === 'absent') process.exit(3)
send({ result: null })
process.stdout.write('noise of a library\\n')
for await (const line of createInterface({ input: process.stdin })) {
  const { op } = JSON.parse(line)
  send(name === 'broken' && op === 'answers' ? { error: 'out of memory' } : { result: replies[op] })
}
`,
)
const task: Task = {
  kind: 'states',
  name: 'one region',
  family: 'states',
  fields: ['region'],
  selections: [],
  frequencies: false,
}
const run = (...candidates: string[]) =>
  runSuite({
    ...readOptions(['--rounds', '2'], ''),
    set: 'star',
    setRows: 100,
    tasks: [task],
    candidates,
    missing: undefined,
    loads: 1,
    script,
    say: () => undefined,
  })

test('contenders that answer alike are measured in turn', async () => {
  const result = await run('equal')
  expect(result.notRun).toEqual({})
  expect(result.tasks).toHaveLength(1)
  expect(result.tasks[0]?.times).toMatchObject({
    lichen: { runs: 2, median: 1 },
    equal: { runs: 2, median: 3 },
  })
})

test('a planted difference is an error that names query and peer', async () => {
  await expect(run('equal', 'planted')).rejects.toThrow(
    /states, one region, planted \(only\): region: .*"optional".*"excluded"/,
  )
})

test('a peer that fails or is not there is reported, and the others go on', async () => {
  const result = await run('absent', 'broken', 'equal')
  expect(result.notRun).toMatchObject({
    absent: expect.stringMatching(/^start: /),
    broken: 'one region: out of memory',
  })
  expect(Object.keys(result.tasks[0]?.times ?? {})).toEqual(['lichen', 'equal'])
})
