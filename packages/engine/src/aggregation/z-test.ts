import { normalTest } from '../math/mean-test.ts'
import type { AggregationDefinition } from './aggregation.ts'
import { meanTests } from './mean-test.ts'

/** Tests of a mean against 0 with a normal statistic. Significance is two-tailed as on the pages, though what their example prints is not. */
export const zTestAggregations: readonly AggregationDefinition[] = meanTests({
  prefix: 'ZTest',
  meaning: 'z-test against 0',
  folder: 'ztest',
  statistic: 'z',
  samples: 1,
  options: (interval) => (interval ? ['deviation', 'significance'] : ['deviation']),
  test: ([sample], { deviation }) => normalTest(sample, deviation),
})
