import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { infer } from '../src/inference/infer.ts'
import { selectWithDrop } from '../src/inference/selecting.ts'
import type { ModelView } from '../src/model/view.ts'
import type { Selections } from '../src/selection/selections.ts'
import { lock, noSelections, select, withoutFields } from '../src/selection/transitions.ts'
import { loadView } from './oracle/load.ts'
import { arbitraryModel } from './oracle/schema.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)

const arbitraryStep = fc.record({
  field: fc.nat(1000),
  values: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 2 }),
  locked: fc.boolean(),
})

interface Step {
  readonly field: number
  readonly values: readonly number[]
  readonly locked: boolean
}

function symbolsOf(view: ModelView, { field, values }: Step): { field: number; symbols: number[] } {
  const index = field % view.fields.length
  const count = view.fields[index]?.symbols.count ?? 0
  return { field: index, symbols: values.filter((symbol) => symbol < count) }
}

function chooseAll(view: ModelView, steps: readonly Step[]): Selections {
  return steps.reduce((selections, step) => {
    const { field, symbols } = symbolsOf(view, step)
    const chosen = select(selections, view, field, symbols, 'add').selections
    return step.locked ? lock(chosen, field).selections : chosen
  }, noSelections)
}

describe(`selecting excluded values (seed ${seed}, ${numRuns} cases)`, { timeout: 120_000 }, () => {
  it('makes a chosen value possible by the fewest drops, or is refused because of locks', () => {
    fc.assert(
      fc.property(
        arbitraryModel(),
        fc.array(arbitraryStep, { maxLength: 4 }),
        arbitraryStep,
        (model, steps, last) => {
          const view = loadView(model.tables)
          const before = chooseAll(view, steps)
          const { field, symbols } = symbolsOf(view, last)
          fc.pre(symbols.length > 0 && before.fields.get(field)?.locked !== true)
          const change = selectWithDrop(view, before, field, symbols, 'replace')
          const possibleUnder = (selections: Selections): boolean => {
            const reachable = infer(view, selections).possibleWithoutOwn(field)
            return symbols.some((symbol) => reachable.has(symbol))
          }
          const others = [...before.fields.values()].filter(
            (selection) => selection.field !== field,
          )
          const unlocked = new Set(
            others.filter(({ locked }) => !locked).map((selection) => selection.field),
          )
          if (change.refused === 'locked') {
            expect(change.selections).toBe(before)
            expect(possibleUnder(withoutFields(before, unlocked))).toBe(false)
            expect(possibleUnder(noSelections)).toBe(true)
            return
          }
          expect(possibleUnder(change.selections)).toBe(
            change.changed ? possibleUnder(noSelections) : possibleUnder(before),
          )
          for (const dropped of change.dropped) {
            expect(unlocked.has(dropped)).toBe(true)
            const rest = new Set(change.dropped.filter((other) => other !== dropped))
            expect(possibleUnder(withoutFields(before, rest))).toBe(false)
          }
          for (const { field: kept, symbols: keptSymbols } of others) {
            if (!change.dropped.includes(kept))
              expect(change.selections.fields.get(kept)?.symbols).toBe(keptSymbols)
          }
        },
      ),
      { seed, numRuns },
    )
  })
})
