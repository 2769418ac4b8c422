import { decodeUtf8 } from '../base/utf8.ts'
import type { SourceColumn } from '../storage/source.ts'
import type { Value } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { interpretCell } from '../value/interpret.ts'
import { NullCells } from './null-cells.ts'
import type { RunState } from './run-state.ts'
import type { StageSource } from './stage.ts'

/**
 * The cells of text as variables say they are read: the text of NullInterpret is NULL, and with Verbatim texts keep their outer blanks.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/SystemVariables/Verbatim.htm
 */
export function readCells(source: StageSource, state: RunState): StageSource {
  const nullText = state.systemVariable('NullInterpret') ?? ''
  const verbatim = state.systemVariable('Verbatim')?.trim() === '1'
  if (nullText === '' && !verbatim) return source
  const { settings } = state.space
  return {
    ...source,
    async *batches(wanted) {
      const cells = wanted.map(() => (nullText === '' ? undefined : new NullCells(nullText)))
      for await (const batch of source.batches(wanted))
        yield {
          ...batch,
          columns: batch.columns.map((column, index) => {
            if (column.kind === 'symbols') return column
            const read = cells[index]?.column(column) ?? column
            return verbatim ? withBlanks(read, settings) : read
          }),
        }
    },
  }
}

function withBlanks(column: SourceColumn, settings: FormatSettings): SourceColumn {
  if (column.kind !== 'text' || !column.interpret) return column
  const { bytes, starts, ends, missing } = column
  const values = new Array<Value>(starts.length)
  for (let row = 0; row < values.length; row++) {
    const cell = decodeUtf8(bytes.subarray(starts[row]!, ends[row]!))
    const value = interpretCell(cell, settings)
    values[row] = missing?.[row] === 1 ? null : typeof value === 'string' ? cell : value
  }
  return { kind: 'values', values }
}
