import { type MeanTest, oneSampleTest, pooledTest, separateTest } from '../math/mean-test.ts'
import type { AggregationDefinition } from './aggregation.ts'
import { meanTests, type Options, type Samples } from './mean-test.ts'

// The pages name no formulas: pooled variance by default, else the degrees of freedom of Welch and Satterthwaite, as their report shows.
function twoSampleTest([first, second]: Samples, { equalVariance }: Options): MeanTest {
  return equalVariance === 0 ? separateTest(first, second) : pooledTest(first, second)
}

/** Student's t-tests of the means of two samples, and of one sample against 0. */
export const tTestAggregations: readonly AggregationDefinition[] = [
  ...meanTests({
    prefix: 'TTest',
    meaning: 't-test of two independent samples',
    folder: 'ttest',
    statistic: 't',
    samples: 2,
    options: (interval) => (interval ? ['significance', 'equalVariance'] : ['equalVariance']),
    test: twoSampleTest,
  }),
  ...meanTests({
    prefix: 'TTest1',
    meaning: 't-test of one sample against 0',
    folder: 'ttest',
    statistic: 't',
    samples: 1,
    options: (interval) => (interval ? ['significance'] : []),
    test: ([sample]) => oneSampleTest(sample),
  }),
]
