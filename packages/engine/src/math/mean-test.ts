import { studentInverse, studentTail } from './distributions.ts'

/** Observations by their moments; weights count an observation several times. */
export interface Sample {
  /** Sum of the weights. */
  readonly count: number
  readonly mean: number
  /** Weighted sum of the squared distances from the mean. */
  readonly squares: number
}

/** A mean, or a difference of means, against 0. Parts that the samples leave open are NaN. */
export interface MeanTest {
  readonly difference: number
  /** Standard error of the difference. */
  readonly error: number
  /** Degrees of freedom of Student's t; infinite where the statistic is normal. */
  readonly freedom: number
}

/** Source: https://www.itl.nist.gov/div898/handbook/prc/section2/prc22.htm */
export function oneSampleTest(sample: Sample): MeanTest {
  return {
    difference: sample.mean,
    error: Math.sqrt(varianceOf(sample) / sample.count),
    freedom: positive(sample.count - 1),
  }
}

/** With the deviation of the population, or in its place that of the sample. */
export function normalTest(
  sample: Sample,
  deviation: number = Math.sqrt(varianceOf(sample)),
): MeanTest {
  return {
    difference: sample.mean,
    error: (deviation >= 0 ? deviation : Number.NaN) / Math.sqrt(sample.count),
    freedom: Number.POSITIVE_INFINITY,
  }
}

/** Samples of one variance, pooled. Source: https://www.itl.nist.gov/div898/handbook/eda/section3/eda353.htm */
export function pooledTest(a: Sample, b: Sample): MeanTest {
  const freedom = positive(a.count > 0 && b.count > 0 ? a.count + b.count - 2 : Number.NaN)
  const variance = (a.squares + b.squares) / freedom
  return {
    difference: a.mean - b.mean,
    error: Math.sqrt(variance * (1 / a.count + 1 / b.count)),
    freedom,
  }
}

/** Samples of unequal variance, after Welch and Satterthwaite. Source: the page of `pooledTest` */
export function separateTest(a: Sample, b: Sample): MeanTest {
  const ofA = varianceOf(a) / a.count
  const ofB = varianceOf(b) / b.count
  // Shares instead of squares of variances, which leave the range of doubles sooner.
  const share = ofA / (ofA + ofB)
  return {
    difference: a.mean - b.mean,
    error: Math.sqrt(ofA + ofB),
    freedom: 1 / (share ** 2 / (a.count - 1) + (1 - share) ** 2 / (b.count - 1)),
  }
}

/** The t or z value: NaN where nothing varies. */
export function statisticOf({ difference, error }: MeanTest): number {
  return error > 0 ? difference / error : Number.NaN
}

/** Probability, in both tails, of a statistic at least as far from 0. */
export function significanceOf(test: MeanTest): number {
  return 2 * studentTail(Math.abs(statisticOf(test)), test.freedom)
}

/** The statistic that leaves out `tail` on either side; `tail` above 0, at most 0.5. */
export function criticalValue(tail: number, freedom: number): number {
  return studentInverse(2 * tail, freedom)
}

function varianceOf({ count, squares }: Sample): number {
  return squares / positive(count - 1)
}

function positive(number: number): number {
  return number > 0 ? number : Number.NaN
}
