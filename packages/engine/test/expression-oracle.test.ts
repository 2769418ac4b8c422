import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Case, casesOf, described, differencesOf, type Tally } from './oracle/chart-case.ts'
import { schemas } from './oracle/chart-data.ts'

/*
 * Chart expressions against an evaluator that shares nothing with the engine: random trees, printed as text, over random linked tables with
 * selections, in charts of up to two dimensions. Every cell and every total is compared.
 */

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 250)

async function check(cases: fc.Arbitrary<Case>, runs: number): Promise<void> {
  const tally: Tally = { expressions: 0, cells: 0, undecided: 0 }
  const outcome = await fc.check(
    fc.asyncProperty(cases, async (given) => (await differencesOf(given, tally)).length === 0),
    { seed, numRuns: runs },
  )
  const [failed] = outcome.counterexample ?? []
  if (outcome.failed && failed !== undefined) {
    const cause = outcome.errorInstance
    const differences = await differencesOf(failed, tally).catch(() => [])
    throw new Error(
      `LICHEN_SEED=${seed} LICHEN_RUNS=${numRuns}\n${described(failed, differences)}`,
      { cause },
    )
  }
  // An oracle without answers would agree with anything.
  expect(tally.undecided).toBeLessThan(tally.cells / 4)
}

test(
  `chart expressions equal a naive evaluation (seed ${seed}, ${numRuns} models)`,
  {
    timeout: 120_000,
  },
  () => check(fc.oneof(...schemas.map((schema) => casesOf(schema, { maxMeasures: 45 }))), numRuns),
)

const largeRuns = Math.ceil(numRuns / 4)

test(
  `so do those over records enough for kernels (seed ${seed}, ${largeRuns} models)`,
  {
    timeout: 120_000,
  },
  () =>
    check(
      fc.oneof(...schemas.map((schema) => casesOf(schema, { maxMeasures: 6, times: 2100 }))),
      largeRuns,
    ),
)
