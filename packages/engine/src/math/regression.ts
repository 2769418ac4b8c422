import { sumOf } from './exact-sum.ts'

/** The straight line `y = slope * x + intercept` with the least squared error, and how well it fits. */
export interface Line {
  readonly slope: number
  readonly intercept: number
  /** Coefficient of determination. */
  readonly r2: number
  /** Degrees of freedom left. */
  readonly freedom: number
  /** Sum of squares the line explains, and the rest. */
  readonly explained: number
  readonly residual: number
  /** Standard errors of the slope, the intercept and an estimated y. */
  readonly slopeError: number
  readonly interceptError: number
  readonly estimateError: number
}

/**
 * Fits a line through points, if `through` is given through that one. Parts that too few points leave open are NaN.
 * Source: https://www.itl.nist.gov/div898/handbook/pmd/section4/pmd431.htm
 */
export function lineThrough(
  ys: readonly number[],
  xs: readonly number[],
  through?: { readonly x: number; readonly y: number },
): Line {
  const count = xs.length
  const x0 = through?.x ?? sumOf(xs) / count
  const y0 = through?.y ?? sumOf(ys) / count
  const sxx = sumOf(xs.map((x) => (x - x0) ** 2))
  const sxy = sumOf(xs.map((x, index) => (x - x0) * ((ys[index] ?? 0) - y0)))
  const total = sumOf(ys.map((y) => (y - y0) ** 2))
  const slope = sxy / sxx
  const intercept = y0 - slope * x0
  const residual = sumOf(ys.map((y, index) => (y - slope * (xs[index] ?? 0) - intercept) ** 2))
  const freedom = count - (through === undefined ? 2 : 1)
  const estimateError = freedom > 0 ? Math.sqrt(residual / freedom) : Number.NaN
  return {
    slope,
    intercept,
    r2: 1 - residual / total,
    freedom,
    explained: total - residual,
    residual,
    slopeError: estimateError / Math.sqrt(sxx),
    interceptError:
      estimateError *
      (through === undefined
        ? Math.sqrt(1 / count + x0 ** 2 / sxx)
        : Math.abs(x0) / Math.sqrt(sxx)),
    estimateError,
  }
}
