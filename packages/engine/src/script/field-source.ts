import { LichenError } from '../base/errors.ts'
import { encodeUtf8 } from '../base/utf8.ts'
import type { SourceColumn } from '../storage/source.ts'
import type { TableBuilder } from '../storage/table-builder.ts'
import { inlineSource } from './inline-source.ts'
import type { FormatClause, OpenSource } from './reader.ts'
import type { RunState } from './run-state.ts'
import type { NamedSource } from './sources.ts'
import type { StageSource } from './stage.ts'

const delimitedFormats: ReadonlySet<string> = new Set(['txt', 'csv'])

/**
 * FROM_FIELD: the texts of a field, row by row, read as a file. Of delimited text each value is a line; of other formats each value is a
 * document, and the records of all follow one another, with the fields of any of them. NULLs are passed over.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Load.htm
 * @throws LoadError; LichenError `field-not-found`, and `source-unsupported` when the host reads no bytes
 */
export async function fieldSource(
  table: TableBuilder,
  field: string,
  clause: FormatClause,
  state: RunState,
): Promise<NamedSource> {
  const texts = textsOf(table, field)
  if (clause.format === undefined || delimitedFormats.has(clause.format))
    return { ...inlineSource(texts.join('\n'), clause, state), name: table.name }
  const open = state.options.reader?.openBytes
  if (open === undefined)
    throw new LichenError(
      'source-unsupported',
      `This host gives scripts no reader for ${clause.format} in a field; write the values to files and load them FROM there`,
    )
  const documents: OpenSource[] = []
  for (const text of texts)
    documents.push(
      await open(
        `${table.name}.${field}`,
        encodeUtf8(text),
        clause,
        state.space.settings,
        state.cancellation,
      ),
    )
  return { name: table.name, source: joined(documents, state) }
}

function textsOf(table: TableBuilder, field: string): readonly string[] {
  const column = table.columnOf(field)
  if (column < 0)
    throw new LichenError('field-not-found', `Table "${table.name}" has no field "${field}"`)
  const symbols = table.symbolsOf(column)
  const texts: string[] = []
  for (const chunk of table.column(column).chunks())
    for (const code of chunk) if (code !== 0) texts.push(symbols.textAt(code - 1))
  return texts
}

function joined(documents: readonly OpenSource[], state: RunState): StageSource {
  const fields = [...new Set(documents.flatMap((document) => document.fields))]
  return {
    fields,
    rows: undefined,
    async *batches(wanted) {
      for (const document of documents) {
        const places = wanted.map((slot) => document.fields.indexOf(fields[slot] ?? ''))
        const own = places.filter((place) => place >= 0)
        for await (const { rows, columns } of document.batches(own, state.cancellation)) {
          let next = 0
          yield {
            rows,
            columns: places.map(
              (place): SourceColumn => (place < 0 ? undefined : columns[next++]) ?? nulls(rows),
            ),
          }
        }
      }
    },
  }
}

function nulls(rows: number): SourceColumn {
  return { kind: 'numbers', values: new Float64Array(rows).fill(Number.NaN), format: null }
}
