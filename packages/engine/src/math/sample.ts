import { sumOf } from './exact-sum.ts'

/** Statistics of a list of numbers. NaN where the list is too short or does not vary. */

export function meanOf(numbers: readonly number[]): number {
  return sumOf(numbers) / numbers.length
}

/** Sum of the powers of the distances from the mean. */
function centralSum(numbers: readonly number[], power: number): number {
  const mean = meanOf(numbers)
  return sumOf(numbers.map((number) => (number - mean) ** power))
}

/** Sample variance, n − 1. */
export function varianceOf(numbers: readonly number[]): number {
  return numbers.length < 2 ? Number.NaN : centralSum(numbers, 2) / (numbers.length - 1)
}

export function standardDeviationOf(numbers: readonly number[]): number {
  return Math.sqrt(varianceOf(numbers))
}

/** Adjusted skewness of a sample of at least three numbers. */
export function skewnessOf(numbers: readonly number[]): number {
  const n = numbers.length
  const deviation = standardDeviationOf(numbers)
  if (n < 3 || deviation === 0) return Number.NaN
  return (n / ((n - 1) * (n - 2))) * (centralSum(numbers, 3) / deviation ** 3)
}

/** Excess kurtosis of a sample of at least four numbers. */
export function kurtosisOf(numbers: readonly number[]): number {
  const n = numbers.length
  const variance = varianceOf(numbers)
  if (n < 4 || variance === 0) return Number.NaN
  const scaled =
    ((n * (n + 1)) / ((n - 1) * (n - 2) * (n - 3))) * (centralSum(numbers, 4) / variance ** 2)
  return scaled - (3 * (n - 1) ** 2) / ((n - 2) * (n - 3))
}

/** Inclusive quantile with linear interpolation; `sorted` ascending, `fraction` 0 … 1. */
export function quantileOf(sorted: ArrayLike<number>, fraction: number): number {
  if (!(fraction >= 0 && fraction <= 1)) return Number.NaN
  return atPosition(sorted, fraction * (sorted.length - 1))
}

/** Exclusive quantile: defined between 1/(n+1) and n/(n+1). */
export function exclusiveQuantileOf(sorted: ArrayLike<number>, fraction: number): number {
  return atPosition(sorted, fraction * (sorted.length + 1) - 1)
}

function atPosition(sorted: ArrayLike<number>, position: number): number {
  const below = Math.floor(position)
  const low = sorted[below]
  if (low === undefined) return Number.NaN
  const rest = position - below
  if (rest === 0) return low
  const high = sorted[below + 1]
  return high === undefined ? Number.NaN : low + (high - low) * rest
}

/** Pearson correlation of pairs. */
export function correlationOf(xs: readonly number[], ys: readonly number[]): number {
  if (xs.length < 2 || xs.length !== ys.length) return Number.NaN
  const meanX = meanOf(xs)
  const meanY = meanOf(ys)
  const covariance = sumOf(xs.map((x, index) => (x - meanX) * ((ys[index] ?? 0) - meanY)))
  const spread = Math.sqrt(centralSum(xs, 2) * centralSum(ys, 2))
  return spread === 0 ? Number.NaN : Math.max(-1, Math.min(1, covariance / spread))
}

/** The number that occurs most often, or undefined when several do. */
export function modeOf<T>(values: Iterable<T>): T | undefined {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  let most = 0
  let mode: T | undefined
  for (const [value, count] of counts) {
    if (count === most) mode = undefined
    else if (count > most) {
      most = count
      mode = value
    }
  }
  return mode
}
