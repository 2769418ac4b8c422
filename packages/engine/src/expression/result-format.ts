import type { ModelView } from '../model/view.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { Bound, Program } from './bound.ts'

/**
 * The format a result takes from its outermost function or from the field it is a value of; null = automatic.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Visualizations/number-formatting.htm
 */
export function resultFormat(tree: Bound, program: Program, view: ModelView): NumberFormat | null {
  switch (tree.kind) {
    case 'field':
      return view.fields[tree.field]?.symbols.format ?? null
    case 'call': {
      const kind = tree.definition.resultFormat
      return kind === undefined ? null : { kind, pattern: '' }
    }
    case 'aggregate': {
      const aggregation = program.aggregations[tree.index]
      const [arg] = aggregation?.args ?? []
      if (
        aggregation === undefined ||
        arg === undefined ||
        aggregation.definition.resultFormat !== 'argument'
      )
        return null
      return resultFormat(arg, program, view)
    }
    case 'virtual': {
      const aggr = program.aggrs[tree.index]
      return aggr === undefined ? null : resultFormat(aggr.body, aggr.program, view)
    }
    default:
      return null
  }
}
