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

/** Probability that Student's t exceeds `t`; with infinite freedom it is normal. */
export function studentTail(t: number, freedom: number): number {
  if (!(freedom >= 1) || Number.isNaN(t)) return Number.NaN
  if (freedom === Number.POSITIVE_INFINITY) return normalCumulative(-t)
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

export function fisherDensity(f: number, numerator: number, denominator: number): number {
  if (f < 0 || numerator < 1 || denominator < 1) return Number.NaN
  const a = numerator / 2
  const b = denominator / 2
  const ratio = numerator / denominator
  const scale = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(ratio)
  return Math.exp(scale + (a - 1) * Math.log(f) - (a + b) * Math.log(1 + ratio * f))
}

/** Gamma distribution of shape `k` and scale `theta`. */
export function gammaCumulative(x: number, k: number, theta: number): number {
  return x < 0 || !(k > 0 && theta > 0) ? Number.NaN : lowerGamma(k, x / theta)
}

export function gammaDensity(x: number, k: number, theta: number): number {
  if (x < 0 || !(k > 0 && theta > 0)) return Number.NaN
  return Math.exp((k - 1) * Math.log(x / theta) - x / theta - logGamma(k)) / theta
}

export function gammaInverse(probability: number, k: number, theta: number): number {
  if (!(probability >= 0 && probability < 1)) return Number.NaN
  return tailInverse((x) => 1 - gammaCumulative(x, k, theta), 1 - probability)
}

export function betaCumulative(x: number, alpha: number, beta: number): number {
  return !(x >= 0 && x <= 1 && alpha > 0 && beta > 0) ? Number.NaN : incompleteBeta(alpha, beta, x)
}

export function betaDensity(x: number, alpha: number, beta: number): number {
  if (!(x >= 0 && x <= 1 && alpha > 0 && beta > 0)) return Number.NaN
  const scale = logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta)
  return Math.exp(scale + (alpha - 1) * Math.log(x) + (beta - 1) * Math.log(1 - x))
}

export function betaInverse(probability: number, alpha: number, beta: number): number {
  return rootBetween((x) => betaCumulative(x, alpha, beta) - probability, 0, 1)
}

/** Probability of at most `count` successes. */
export function binomialCumulative(count: number, trials: number, chance: number): number {
  const k = Math.floor(count)
  if (!validTrials(trials, chance) || k < 0) return Number.NaN
  return k >= trials ? 1 : incompleteBeta(trials - k, k + 1, 1 - chance)
}

export function binomialProbability(count: number, trials: number, chance: number): number {
  if (!validTrials(trials, chance) || !Number.isInteger(count) || count < 0 || count > trials)
    return Number.NaN
  if (chance === 0 || chance === 1) return count === trials * chance ? 1 : 0
  const ways = logGamma(trials + 1) - logGamma(count + 1) - logGamma(trials - count + 1)
  return Math.exp(ways + count * Math.log(chance) + (trials - count) * Math.log(1 - chance))
}

export function binomialInverse(probability: number, trials: number, chance: number): number {
  if (!validTrials(trials, chance)) return Number.NaN
  return leastCount((count) => binomialCumulative(count, trials, chance), probability)
}

export function poissonCumulative(count: number, mean: number): number {
  return count < 0 || !(mean > 0) ? Number.NaN : upperGamma(Math.floor(count) + 1, mean)
}

export function poissonProbability(count: number, mean: number): number {
  if (!Number.isInteger(count) || count < 0 || !(mean > 0)) return Number.NaN
  return Math.exp(count * Math.log(mean) - mean - logGamma(count + 1))
}

export function poissonInverse(probability: number, mean: number): number {
  return mean > 0 ? leastCount((count) => poissonCumulative(count, mean), probability) : Number.NaN
}

function validTrials(trials: number, chance: number): boolean {
  return Number.isInteger(trials) && trials >= 0 && chance >= 0 && chance <= 1
}

/** The least count whose cumulative probability reaches the given one. */
function leastCount(cumulative: (count: number) => number, probability: number): number {
  if (!(probability >= 0 && probability < 1)) return Number.NaN
  let high = 1
  while (cumulative(high) < probability) {
    high *= 2
    if (high > 2 ** 40) return Number.NaN
  }
  let low = -1
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (cumulative(middle) >= probability) high = middle
    else low = middle
  }
  return high
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
