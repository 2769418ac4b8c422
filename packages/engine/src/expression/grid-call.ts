import type { ScalarFunction } from '../functions/registry.ts'
import type { Value } from '../value/dual.ts'
import { Vector } from '../value/vector.ts'
import type { Bound } from './bound.ts'
import type { Evaluator } from './evaluator.ts'

/** How a function moves a quotient to an integer: by Math.floor of direction · quotient + shift, taken back. */
interface Grid {
  readonly direction: 1 | -1
  readonly shift: number
}

const grids: ReadonlyMap<string, Grid> = new Map([
  ['Floor', { direction: 1, shift: 0 }],
  ['Ceil', { direction: -1, shift: 0 }],
  ['Round', { direction: 1, shift: 0.5 }],
])

/** Quotients below have integers of so few digits that decimals of 15 digits hold them, shares of a step included. */
const mostSteps = 1e9

/** A number of steps of `over` / `under`, both integers. */
interface Step {
  readonly over: number
  readonly under: number
}

/** The step of a call as a short decimal, where it has no other arguments. */
function stepOf([, step, ...others]: readonly Bound[]): Step | undefined {
  if (others.length > 0) return undefined
  if (step === undefined) return { over: 1, under: 1 }
  if (step.kind !== 'literal' || typeof step.value !== 'number' || !(step.value > 0))
    return undefined
  for (let under = 1; under <= 1e6; under *= 10) {
    const over = Math.round(step.value * under)
    if (over / under === step.value) return over <= 1e5 ? { over, under } : undefined
  }
  return undefined
}

/**
 * Floor, Ceil and Round by steps that are short decimals: a loop over numbers with the results of the function, which cleans quotients of
 * binary noise by 15 decimal digits. That is known without the digits unless a quotient is near an edge, but not on it; such slots, and those without
 * a number, are left to the function. Undefined for other calls.
 */
export function gridCall(
  definition: ScalarFunction,
  args: readonly Bound[],
  operand: (arg: Bound) => Evaluator,
  general: (value: Value) => Value,
): Evaluator | undefined {
  const grid = grids.get(definition.name)
  const step = stepOf(args)
  const [first] = args
  if (grid === undefined || step === undefined || first === undefined) return undefined
  const read = operand(first)
  const out = new Vector()
  return (block) => {
    toGrid(read(block), block.count, grid, step, out, general)
    return out
  }
}

// A function of its own, so that what the loop reads is known to stay where it is.
function toGrid(
  values: Vector,
  count: number,
  { direction, shift }: Grid,
  { over, under }: Step,
  out: Vector,
  general: (value: Value) => Value,
): void {
  const { kinds, numbers } = values
  const { kinds: outKinds, numbers: outNumbers } = out
  const size = over / under
  const isWhole = under === 1
  for (let i = 0; i < count; i++) {
    const quotient = (direction * numbers[i]!) / size
    const distance = Math.abs(quotient)
    let steps = Math.floor(quotient + shift)
    if ((kinds[i]! & 1) === 0 || !(distance < mostSteps)) {
      out.set(i, general(values.get(i)))
      continue
    }
    if (!isWhole) {
      const fromLow = quotient - (steps - shift)
      const toHigh = steps + 1 - shift - quotient
      // Decimals of 15 digits lie further apart than 1e-15 times their size, and no further than 1e-14 times it.
      if (toHigh <= distance * 4e-16) steps += 1
      else if (
        (fromLow <= distance * 1e-14 && fromLow > distance * 4e-16) ||
        toHigh <= distance * 1e-14
      ) {
        out.set(i, general(values.get(i)))
        continue
      }
    }
    outNumbers[i] = (direction * steps * over) / under + 0
    outKinds[i] = 1
  }
}
