import type { DelimitedOptions } from '../delimited/options.ts'
import { scanText } from '../delimited/source.ts'
import type { FormatClause } from './reader.ts'
import type { RunState } from './run-state.ts'
import type { NamedSource } from './sources.ts'
import { readCells } from './text-cells.ts'

/**
 * The data of INLINE: delimited text in the script, by default with labels in the first line, commas between cells, and cells in `"` or
 * `'` quoted. Cells beyond the labels are dropped, missing ones empty.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Load.htm
 * @throws LichenError `invalid-argument` for an impossible delimiter
 */
export function inlineSource(data: string, clause: FormatClause, state: RunState): NamedSource {
  const options = optionsOf(clause)
  // The rest of the line with the opening bracket is no line of the data.
  const text = data.replace(/^[ \t\r]*\n/, '')
  const { fields } = scanText(text, options)
  const source = {
    fields,
    rows: undefined,
    async *batches(wanted: readonly number[]) {
      yield* scanText(text, options).batches(wanted)
    },
  }
  return { name: 'INLINE', source: readCells(source, state) }
}

function optionsOf({ options }: FormatClause): DelimitedOptions {
  const delimiter = options.get('delimiter')
  const comment = options.get('comment')
  const header = String(options.get('header') ?? 0)
  return {
    name: 'INLINE',
    labels: options.has('no labels') ? 'none' : 'embedded',
    quoting: options.has('no quotes') ? 'none' : 'msq',
    headerLines: /^line$/i.test(header) ? 1 : Number.parseInt(header, 10) || 0,
    extraCells: 'drop',
    ...(typeof delimiter === 'string'
      ? { delimiter: delimiter.replace(/^spaces$/i, 'spaces') }
      : {}),
    ...(typeof comment === 'string' ? { comment } : {}),
  }
}
