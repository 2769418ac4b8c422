import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findFunction } from '../functions/registry.ts'
import type { Value } from '../value/dual.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { Vector } from '../value/vector.ts'
import type { Bound } from './bound.ts'
import { gridCall } from './grid-call.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 2000)
const context = { settings: defaultFormatSettings, clock: { now: () => 0 }, ports: {} }
const span = { start: 0, end: 0 }
const none = new Vector()

const steps = [undefined, 1, 2, 7, 0.5, 0.25, 0.1, 0.05, 0.01, 0.001, 0.3, 1.5, 1 / 3, 1e-7]

/** On an edge of a step, or a few last bits beside it. */
const nearEdges = fc
  .tuple(fc.integer({ min: -200_000, max: 200_000 }), fc.constantFrom(...steps), fc.integer())
  .map(([halves, step = 1, bits]) => (halves / 2) * step * (1 + (bits % 12) * 2 ** -53))
const products = fc
  .tuple(fc.nat(100_000), fc.nat(100))
  .map(([cents, percent]) => (cents / 100) * (1 - percent / 100))
const numbers = fc.oneof(
  nearEdges,
  products,
  fc.double({ noNaN: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
)

test.each(['Floor', 'Ceil', 'Round'])('%s in a loop gives what the function gives', (name) => {
  const definition = findFunction(name)
  if (definition === undefined) throw new Error(`no ${name}`)
  fc.assert(
    fc.property(
      fc.array(fc.oneof(numbers, fc.constantFrom('3.5', 'none', null)), { maxLength: 20 }),
      fc.constantFrom(...steps),
      (values: readonly Value[], step) => {
        const args: Bound[] = [{ kind: 'field', field: 0, span }]
        if (step !== undefined) args.push({ kind: 'literal', value: step, span })
        const rest = step === undefined ? [] : [step]
        const general = (value: Value) => definition.evaluate([value, ...rest], context)
        const given = new Vector()
        for (const [slot, value] of values.entries()) given.set(slot, value)
        const evaluate = gridCall(definition, args, () => () => given, general)
        const out = evaluate?.({
          count: values.length,
          codes: () => new Uint32Array(0),
          aggregate: () => none,
          virtual: () => none,
          listed: () => none,
          interRecord: () => ({ values: none }),
        })
        if (out === undefined) return
        for (let slot = 0; slot < values.length; slot++)
          expect(out.get(slot)).toBe(general(given.get(slot)))
      },
    ),
    { seed, numRuns },
  )
})

test('steps that are no short decimals, and offsets, are left to the function', () => {
  const definition = findFunction('Round')
  if (definition === undefined) throw new Error('no Round')
  const field: Bound = { kind: 'field', field: 0, span }
  const literal = (value: Value): Bound => ({ kind: 'literal', value, span })
  const made = (...args: Bound[]) =>
    gridCall(
      definition,
      args,
      () => () => none,
      () => null,
    )
  expect(made(field, literal(1 / 3))).toBeUndefined()
  expect(made(field, literal(0))).toBeUndefined()
  expect(made(field, literal(1), literal(0.5))).toBeUndefined()
  expect(made(field, field)).toBeUndefined()
})
