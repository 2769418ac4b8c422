import { binomial, factorial, fallingFactorial } from '../math/combinatorics.ts'
import { numberOrNull } from '../value/dual.ts'
import {
  category,
  type Definition,
  numberArg,
  numeric,
  optionalNumber,
  type ScalarFunction,
  shownFalse,
  shownTrue,
  truth,
} from './function.ts'

/** Moves a number to the grid `offset + k * step`. Quotients of fractional steps are cleaned of binary noise. */
function onGrid(
  signature: string,
  meaning: string,
  choose: (quotient: number) => number,
): Definition {
  return {
    signature,
    meaning,
    max: 3,
    evaluate: (args, context) => {
      const x = numberArg(args, 0, context)
      const step = Math.abs(optionalNumber(args, 1, context, 1))
      const offset = optionalNumber(args, 2, context, 0)
      if (!(step > 0)) return null
      if (Number.isInteger(step) && Number.isInteger(offset))
        return numberOrNull(choose((x - offset) / step) * step + offset + 0)
      const steps = choose(clean((x - offset) / step))
      return numberOrNull(clean(steps * step + offset) + 0)
    },
  }
}

function clean(number: number): number {
  return Number(number.toPrecision(15))
}

function wholes(numbers: readonly number[]): boolean {
  return numbers.every((number) => Number.isInteger(number))
}

function countBits(number: number): number {
  if (!Number.isInteger(number)) return Number.NaN
  let bits = BigInt.asUintN(64, BigInt(number))
  let count = 0
  for (; bits !== 0n; bits &= bits - 1n) count += 1
  return count
}

function parity(signature: string, meaning: string, remainder: number): Definition {
  return {
    signature,
    meaning,
    evaluate: (args, context) => {
      const number = numberArg(args, 0, context)
      return Number.isInteger(number) ? truth(Math.abs(number % 2) === remainder) : null
    },
  }
}

export const numericFunctions: readonly ScalarFunction[] = [
  ...category('general numeric', 'GeneralNumericFunctions/general-numeric-functions.htm', [
    onGrid('Ceil(x [,step [,offset]])', 'round up to a grid', Math.ceil),
    onGrid('Floor(x [,step [,offset]])', 'round down to a grid', Math.floor),
    onGrid('Round(x [,step [,offset]])', 'round to nearest grid point, halves up', (q) =>
      Math.floor(q + 0.5),
    ),
    numeric('Fabs(x)', 'absolute value', 1, (x = Number.NaN) => Math.abs(x)),
    numeric('Frac(x)', 'x - Floor(x)', 1, (x = Number.NaN) => x - Math.floor(x)),
    numeric('Sign(x)', '1, 0 or -1', 1, (x = Number.NaN) => Math.sign(x)),
    numeric(
      'Div(a, b)',
      'integer part of the quotient',
      2,
      (a = Number.NaN, b = Number.NaN) => Math.trunc(a / b) + 0,
    ),
    numeric(
      'Mod(a, b)',
      'non-negative remainder of integers, NULL for non-integers or b<=0',
      2,
      (a = Number.NaN, b = Number.NaN) =>
        wholes([a, b]) && b > 0 ? ((a % b) + b) % b : Number.NaN,
    ),
    numeric(
      'Fmod(a, b)',
      'remainder with the sign of the dividend',
      2,
      (a = Number.NaN, b = Number.NaN) => (a % b) + 0,
    ),
    parity('Even(n)', '-1 for even integers', 0),
    parity('Odd(n)', '-1 for odd integers', 1),
    numeric('BitCount(n)', 'bits set in the 64-bit two’s complement', 1, (n = Number.NaN) =>
      countBits(n),
    ),
    numeric('Fact(n)', 'factorial of a number cut to an integer', 1, (n = Number.NaN) =>
      factorial(Math.trunc(n)),
    ),
    numeric('Combin(n, q)', 'combinations of q out of n', 2, (n = Number.NaN, q = Number.NaN) =>
      binomial(n, q),
    ),
    numeric('Permut(n, q)', 'permutations of q out of n', 2, (n = Number.NaN, q = Number.NaN) =>
      fallingFactorial(n, q),
    ),
  ]),
  ...category('exponential&log', 'exponential-and-logarithmic-functions.htm', [
    numeric('Exp(x)', 'e^x', 1, (x = Number.NaN) => Math.exp(x)),
    numeric('Log(x)', 'natural logarithm', 1, (x = Number.NaN) => Math.log(x)),
    numeric('Log10(x)', 'base 10 logarithm', 1, (x = Number.NaN) => Math.log10(x)),
    numeric('Pow(x, y)', 'x^y', 2, (x = Number.NaN, y = Number.NaN) => x ** y),
    numeric('Sqr(x)', 'x squared', 1, (x = Number.NaN) => x * x),
    numeric('Sqrt(x)', 'square root', 1, (x = Number.NaN) => Math.sqrt(x)),
  ]),
  ...category('trigonometric', 'trigonometric-and-hyperbolic-functions.htm', [
    numeric('Sin(x)', 'sine', 1, (x = Number.NaN) => Math.sin(x)),
    numeric('Cos(x)', 'cosine', 1, (x = Number.NaN) => Math.cos(x)),
    numeric('Tan(x)', 'tangent', 1, (x = Number.NaN) => Math.tan(x)),
    numeric('Asin(x)', 'inverse sine', 1, (x = Number.NaN) => Math.asin(x)),
    numeric('Acos(x)', 'inverse cosine', 1, (x = Number.NaN) => Math.acos(x)),
    numeric('Atan(x)', 'inverse tangent', 1, (x = Number.NaN) => Math.atan(x)),
    numeric('Atan2(y, x)', 'angle of a point', 2, (y = Number.NaN, x = Number.NaN) =>
      Math.atan2(y, x),
    ),
    numeric('Sinh(x)', 'hyperbolic sine', 1, (x = Number.NaN) => Math.sinh(x)),
    numeric('Cosh(x)', 'hyperbolic cosine', 1, (x = Number.NaN) => Math.cosh(x)),
    numeric('Tanh(x)', 'hyperbolic tangent', 1, (x = Number.NaN) => Math.tanh(x)),
    numeric('Asinh(x)', 'inverse hyperbolic sine', 1, (x = Number.NaN) => Math.asinh(x)),
    numeric('Acosh(x)', 'inverse hyperbolic cosine', 1, (x = Number.NaN) => Math.acosh(x)),
    numeric('Atanh(x)', 'inverse hyperbolic tangent', 1, (x = Number.NaN) => Math.atanh(x)),
  ]),
  ...category('mathematical', 'mathematical-functions.htm', [
    numeric('Pi()', '3.14159…', 0, () => Math.PI),
    numeric('E()', '2.71828…', 0, () => Math.E),
    {
      signature: 'Rand()',
      meaning: 'uniform number of at least 0 and less than 1',
      min: 0,
      pure: false,
      evaluate: (_, context) => context.ports.random?.() ?? Math.random(),
    },
    {
      signature: 'True()',
      meaning: '-1, shown as True',
      min: 0,
      evaluate: () => shownTrue,
    },
    {
      signature: 'False()',
      meaning: '0, shown as False',
      min: 0,
      evaluate: () => shownFalse,
    },
  ]),
]
