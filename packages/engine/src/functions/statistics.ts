import {
  betaCumulative,
  betaDensity,
  betaInverse,
  binomialCumulative,
  binomialInverse,
  binomialProbability,
  chiSquareCumulative,
  chiSquareDensity,
  chiSquareInverse,
  chiSquareTail,
  fisherDensity,
  fisherInverse,
  fisherTail,
  gammaCumulative,
  gammaDensity,
  gammaInverse,
  normalCumulative,
  normalDensity,
  normalInverse,
  poissonCumulative,
  poissonInverse,
  poissonProbability,
  studentDensity,
  studentInverse,
  studentTail,
} from '../math/distributions.ts'
import { numberOrNull } from '../value/dual.ts'
import { category, numberArg, numeric, optionalNumber, type ScalarFunction } from './function.ts'

const none = Number.NaN

export const statisticsFunctions: readonly ScalarFunction[] = category(
  'statistical distribution',
  'StatisticalDistributionFunctions/statistical-distribution-functions.htm',
  [
    numeric(
      'CHIDIST(value, degrees_freedom)',
      'one-tailed probability of chi-squared',
      2,
      (x = none, freedom = none) => chiSquareTail(x, freedom),
    ),
    numeric(
      'CHIDENSITY(value, degrees_freedom)',
      'density of chi-squared',
      2,
      (x = none, freedom = none) => chiSquareDensity(x, freedom),
    ),
    numeric(
      'CHICDF(value, degrees_freedom)',
      'cumulative chi-squared',
      2,
      (x = none, freedom = none) => chiSquareCumulative(x, freedom),
    ),
    numeric(
      'CHIINV(prob, degrees_freedom)',
      'inverse of CHIDIST',
      2,
      (tail = none, freedom = none) => chiSquareInverse(tail, freedom),
    ),
    numeric(
      'FDIST(value, freedom1, freedom2)',
      'probability of exceeding an F value',
      3,
      (f = none, a = none, b = none) => fisherTail(f, a, b),
    ),
    numeric(
      'FINV(prob, freedom1, freedom2)',
      'inverse of FDIST',
      3,
      (tail = none, a = none, b = none) => fisherInverse(tail, a, b),
    ),
    {
      signature: 'NORMDIST(value [,mean [,standard_dev [,cumulative]]])',
      meaning: 'normal distribution, or its density when cumulative is 0',
      max: 4,
      evaluate: (args, context) => {
        const deviation = optionalNumber(args, 2, context, 1)
        const z = (numberArg(args, 0, context) - optionalNumber(args, 1, context, 0)) / deviation
        if (!(deviation > 0)) return null
        const cumulative = optionalNumber(args, 3, context, 1) !== 0
        return numberOrNull(cumulative ? normalCumulative(z) : normalDensity(z) / deviation)
      },
    },
    {
      signature: 'NORMINV(prob [,mean [,standard_dev]])',
      meaning: 'inverse of NORMDIST',
      max: 3,
      evaluate: (args, context) => {
        const deviation = optionalNumber(args, 2, context, 1)
        const z = normalInverse(numberArg(args, 0, context))
        return deviation > 0
          ? numberOrNull(optionalNumber(args, 1, context, 0) + z * deviation)
          : null
      },
    },
    numeric(
      'TDIST(value, degrees_freedom, tails)',
      'probability of exceeding a t value in one or both tails',
      3,
      (t = none, freedom = none, tails = none) =>
        t < 0 || (tails !== 1 && tails !== 2) ? none : tails * studentTail(t, freedom),
    ),
    numeric(
      'TDENSITY(value, degrees_freedom)',
      'density of Student’s t',
      2,
      (t = none, freedom = none) => studentDensity(t, freedom),
    ),
    numeric(
      'TINV(prob, degrees_freedom)',
      'two-tailed inverse of TDIST',
      2,
      (tails = none, freedom = none) => studentInverse(tails, freedom),
    ),
    numeric('FDensity(value, df1, df2)', 'F density', 3, (a = none, b = none, c = none) =>
      fisherDensity(a, b, c),
    ),
    numeric('BetaDist(value, alpha, beta)', 'beta cumulative', 3, (a = none, b = none, c = none) =>
      betaCumulative(a, b, c),
    ),
    numeric('BetaDensity(value, alpha, beta)', 'beta density', 3, (a = none, b = none, c = none) =>
      betaDensity(a, b, c),
    ),
    numeric('BetaInv(prob, alpha, beta)', 'inverse beta', 3, (a = none, b = none, c = none) =>
      betaInverse(a, b, c),
    ),
    numeric('GammaDist(value, k, theta)', 'gamma cumulative', 3, (a = none, b = none, c = none) =>
      gammaCumulative(a, b, c),
    ),
    numeric('GammaDensity(value, k, theta)', 'gamma density', 3, (a = none, b = none, c = none) =>
      gammaDensity(a, b, c),
    ),
    numeric('GammaInv(prob, k, theta)', 'inverse gamma', 3, (a = none, b = none, c = none) =>
      gammaInverse(a, b, c),
    ),
    numeric(
      'BinomDist(value, trials, p)',
      'binomial cumulative',
      3,
      (a = none, b = none, c = none) => binomialCumulative(a, b, c),
    ),
    numeric(
      'BinomFrequency(value, trials, p)',
      'binomial probability',
      3,
      (a = none, b = none, c = none) => binomialProbability(a, b, c),
    ),
    numeric('BinomInv(prob, trials, p)', 'inverse binomial', 3, (a = none, b = none, c = none) =>
      binomialInverse(a, b, c),
    ),
    numeric('PoissonDist(value, mean)', 'Poisson cumulative', 2, (a = none, b = none) =>
      poissonCumulative(a, b),
    ),
    numeric('PoissonFrequency(value, mean)', 'Poisson probability', 2, (a = none, b = none) =>
      poissonProbability(a, b),
    ),
    numeric('PoissonInv(prob, mean)', 'inverse Poisson', 2, (a = none, b = none) =>
      poissonInverse(a, b),
    ),
  ],
)
