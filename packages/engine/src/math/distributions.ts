import { incompleteBeta, logGamma, lowerGamma, upperGamma } from './gamma.ts'
import { rootBetween } from './root.ts'

/** Distribution functions. Arguments outside their domain give NaN. */

/** Probability that a standard normal variable is at most `z`. */
export function normalCumulative(z: number): number {
  const tail = upperGamma(0.5, (z * z) / 2) / 2
  return z < 0 ? tail : 1 - tail
}

export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
}

export function normalInverse(probability: number): number {
  return inverseOf(normalCumulative, probability, -40, 40)
}

/** One-tailed probability of exceeding `x`. */
export function chiSquareTail(x: number, freedom: number): number {
  return x < 0 || freedom < 1 ? Number.NaN : upperGamma(freedom / 2, x / 2)
}

export function chiSquareCumulative(x: number, freedom: number): number {
  return x < 0 || freedom < 1 ? Number.NaN : lowerGamma(freedom / 2, x / 2)
}

export function chiSquareDensity(x: number, freedom: number): number {
  if (x < 0 || freedom < 1) return Number.NaN
  const half = freedom / 2
  return Math.exp((half - 1) * Math.log(x) - x / 2 - half * Math.LN2 - logGamma(half))
}

export function chiSquareInverse(tail: number, freedom: number): number {
  return freedom < 1 ? Number.NaN : tailInverse((x) => chiSquareTail(x, freedom), tail)
}

/** Probability that Student's t exceeds `t`. */
export function studentTail(t: number, freedom: number): number {
  if (freedom < 1) return Number.NaN
  const tail = incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2
  return t < 0 ? 1 - tail : tail
}

export function studentDensity(t: number, freedom: number): number {
  if (freedom < 1) return Number.NaN
  const half = (freedom + 1) / 2
  const scale = logGamma(half) - logGamma(freedom / 2) - Math.log(freedom * Math.PI) / 2
  return Math.exp(scale - half * Math.log(1 + (t * t) / freedom))
}

/** The t that both tails together exceed with this probability. */
export function studentInverse(bothTails: number, freedom: number): number {
  return freedom < 1 ? Number.NaN : tailInverse((t) => 2 * studentTail(t, freedom), bothTails)
}

export function fisherTail(f: number, numerator: number, denominator: number): number {
  if (f < 0 || numerator < 1 || denominator < 1) return Number.NaN
  return incompleteBeta(denominator / 2, numerator / 2, denominator / (denominator + numerator * f))
}

export function fisherInverse(tail: number, numerator: number, denominator: number): number {
  if (numerator < 1 || denominator < 1) return Number.NaN
  return tailInverse((f) => fisherTail(f, numerator, denominator), tail)
}

/** The point where a falling tail has the probability; the bracket grows until it holds it. */
function tailInverse(tailOf: (x: number) => number, tail: number): number {
  if (!(tail > 0 && tail <= 1)) return Number.NaN
  if (tail === 1) return 0
  let high = 1
  while (tailOf(high) > tail) {
    high *= 2
    if (high > 1e300) return Number.NaN
  }
  return rootBetween((x) => tailOf(x) - tail, 0, high)
}

function inverseOf(
  cumulative: (x: number) => number,
  probability: number,
  low: number,
  high: number,
): number {
  if (!(probability > 0 && probability < 1)) return Number.NaN
  return rootBetween((x) => cumulative(x) - probability, low, high)
}
