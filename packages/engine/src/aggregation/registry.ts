import type { AggregationDefinition } from './aggregation.ts'
import { chi2TestAggregations } from './chi2-test.ts'
import { concatAggregations } from './concat.ts'
import { extremeAggregations } from './extreme.ts'
import { financialAggregations } from './financial.ts'
import { geospatialAggregations } from './geospatial.ts'
import { regressionAggregations } from './regression.ts'
import { sampleAggregations } from './sample.ts'
import { singleAggregations } from './single.ts'
import { sumAggregations } from './sum.ts'
import { tTestAggregations } from './t-test.ts'
import { zTestAggregations } from './z-test.ts'

/** Every aggregation, in the order of the reference. */
export const aggregations: readonly AggregationDefinition[] = [
  ...sumAggregations,
  ...extremeAggregations,
  ...singleAggregations,
  ...concatAggregations,
  ...sampleAggregations,
  ...regressionAggregations,
  ...financialAggregations,
  ...geospatialAggregations,
  ...chi2TestAggregations,
  ...tTestAggregations,
  ...zTestAggregations,
]

const byName: ReadonlyMap<string, AggregationDefinition> = new Map(
  aggregations.map((definition) => [definition.name.toLowerCase(), definition]),
)

/** Names are matched without case. */
export function findAggregation(name: string): AggregationDefinition | undefined {
  return byName.get(name.toLowerCase())
}
