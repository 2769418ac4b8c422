import type { InterRecordResult } from '../expression/block.ts'
import type { Bound } from '../expression/bound.ts'
import type { InterRecords } from '../expression/inter-record.ts'
import type { Measures } from '../expression/measure.ts'
import { Vector } from '../value/vector.ts'

/**
 * Inter-record calls in a total row: NULL, but Top and Bottom look at the data rows when there is one dimension or TOTAL, and
 * Dimensionality is 0. `data` are the sorted rows, `inRows` their calls.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/InterRecordFunctions/top.htm
 */
export function interRecordsOfTotals(
  data: Measures,
  inRows: InterRecords,
  dimensions: number,
): InterRecords {
  return {
    block(index): InterRecordResult {
      const values = new Vector()
      const call = data.program.interRecords[index]
      if (call === undefined) return { values }
      if (call.name === 'dimensionality') values.setNumber(0, 0)
      const edge = call.name === 'top' ? 0 : call.name === 'bottom' ? data.rows - 1 : undefined
      const [expression] = call.args
      if (
        edge !== undefined &&
        data.rows > 0 &&
        expression !== undefined &&
        (call.total || dimensions === 1)
      )
        values.set(0, valueAt(data, inRows, expression, edge))
      return call.args.length > 2
        ? { values, range: () => ({ values: [], beyond: 0 }) }
        : { values }
    },
  }
}

function valueAt(data: Measures, inRows: InterRecords, expression: Bound, position: number) {
  return data.column(expression, inRows).get(position)
}
