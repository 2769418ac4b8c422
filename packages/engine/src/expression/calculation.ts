import type { Value } from '../value/dual.ts'
import { Vector } from '../value/vector.ts'
import type { BinaryOperator } from './ast.ts'
import type { Evaluator } from './evaluator.ts'

/** An operation on values that are not both numbers. */
export type General = (a: Value, b: Value) => Value

export type Calculation = (
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  count: number,
) => void

/** One loop per operator, so that each stays monomorphic. */
export const calculations: ReadonlyMap<BinaryOperator, Calculation> = new Map<
  BinaryOperator,
  Calculation
>([
  [
    '+',
    (a, b, out, count) => {
      for (let i = 0; i < count; i++) out[i] = a[i]! + b[i]!
    },
  ],
  [
    '-',
    (a, b, out, count) => {
      for (let i = 0; i < count; i++) out[i] = a[i]! - b[i]!
    },
  ],
  [
    '*',
    (a, b, out, count) => {
      for (let i = 0; i < count; i++) out[i] = a[i]! * b[i]!
    },
  ],
  [
    '/',
    (a, b, out, count) => {
      for (let i = 0; i < count; i++) out[i] = a[i]! / b[i]!
    },
  ],
])

/** Calculates every slot as if both operands were numbers; then slots where they are not go the general way. */
export function calculated(
  left: Evaluator,
  right: Evaluator,
  calculation: Calculation,
  general: General,
): Evaluator {
  const out = new Vector()
  return (block) => {
    const a = left(block)
    const b = right(block)
    calculation(a.numbers, b.numbers, out.numbers, block.count)
    setKinds(a, b, block.count, out, general)
    return out
  }
}

function setKinds(a: Vector, b: Vector, count: number, out: Vector, general: General): void {
  const left = a.kinds
  const right = b.kinds
  const { kinds, numbers } = out
  for (let i = 0; i < count; i++) {
    // The difference is NaN for NaN and infinities, which are NULL.
    if ((left[i]! & right[i]! & 1) === 1) kinds[i] = numbers[i]! - numbers[i]! === 0 ? 1 : 0
    else out.set(i, general(a.get(i), b.get(i)))
  }
}

export type NumberLoop = (left: Evaluator, right: Evaluator, general: General) => Evaluator

/** Loops for operands that are both numbers; other slots go the general way. */
export function numberLoop(operator: BinaryOperator): NumberLoop | undefined {
  switch (operator) {
    case '=':
      return loop((a, b) => (a === b ? -1 : 0))
    case '<>':
      return loop((a, b) => (a === b ? 0 : -1))
    case '<':
      return loop((a, b) => (a < b ? -1 : 0))
    case '<=':
      return loop((a, b) => (a <= b ? -1 : 0))
    case '>':
      return loop((a, b) => (a > b ? -1 : 0))
    case '>=':
      return loop((a, b) => (a >= b ? -1 : 0))
    case 'and':
      return loop((a, b) => (a !== 0 && b !== 0 ? -1 : 0))
    case 'or':
      return loop((a, b) => (a !== 0 || b !== 0 ? -1 : 0))
    case 'xor':
      return loop((a, b) => ((a !== 0) !== (b !== 0) ? -1 : 0))
    default:
      return undefined
  }
}

function loop(calculate: (a: number, b: number) => number): NumberLoop {
  return (left, right, general) => {
    const out = new Vector()
    return (block) => {
      const a = left(block)
      const b = right(block)
      const { kinds, numbers } = out
      for (let i = 0; i < block.count; i++) {
        if ((a.kinds[i]! & b.kinds[i]! & 1) === 1) {
          const number = calculate(a.numbers[i]!, b.numbers[i]!)
          numbers[i] = number
          kinds[i] = Number.isFinite(number) ? 1 : 0
        } else out.set(i, general(a.get(i), b.get(i)))
      }
      return out
    }
  }
}
