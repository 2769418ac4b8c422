import { type FormatClause, LoadError, type OpenSource } from '@lichen/engine'
import type { StreamSource } from '../byte-source.ts'
import { codepageOf, decoderOf, tellsCodepage } from '../codepage.ts'
import type { Format } from '../format.ts'
import { checkItems, extentOf } from '../format-items.ts'
import { unsupported } from '../load-errors.ts'
import { columnAt } from './columns.ts'
import { positionOf } from './position.ts'
import { type RecordLayout, recordsOf } from './records.ts'

/**
 * Records of fixed width. The fields are the positions the LOAD names, such as `@1:10` or `@11:n`, counted in bytes from 1; a LOAD that names
 * none gets the whole record as `@1:n`. A record is a line unless `record is n` tells its bytes or `record is n lines` its lines, which
 * follow one another without their ends. `header is` passes over bytes or lines, `tabs are n` makes a tab n blanks.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptSpecifiers/record-is.htm
 * @throws LoadError `source-unsupported`, `budget-exceeded`
 */
export const fixedFormat: Format = {
  open: async (source, clause) => openFixed(source, clause),
}

const items: ReadonlySet<string> = new Set(['header', 'record', 'tabs', 'no eof', 'no labels'])

/** Nothing is read before the batches are asked for. */
export function openFixed(source: StreamSource, clause: FormatClause): OpenSource {
  const { name } = source
  checkItems(clause, (item) => items.has(item) || tellsCodepage(item), name, 'fixed width')
  const encoding = codepageOf(clause, name) ?? 'utf-8'
  if (encoding.startsWith('utf-16'))
    throw unsupported(
      name,
      'fixed width counts bytes, which UTF-16 does not suit; save it as UTF-8',
    )
  const layout = layoutOf(clause, name)
  const asked = (clause.asked ?? []).filter((field) => positionOf(field, name) !== undefined)
  const fields = asked.length === 0 ? ['@1:n'] : asked
  return {
    fields,
    async *batches(wanted, token) {
      const positions = wanted.map((index) => {
        const position = positionOf(fields[index] ?? '', name)
        if (position === undefined)
          throw new LoadError('field-not-found', `${name} has no field ${index}`)
        return position
      })
      const decode = encoding === 'utf-8' ? undefined : decoderOf(encoding, false)
      for await (const records of recordsOf(source, layout, token))
        yield {
          rows: records.rows,
          columns: positions.map((position) => columnAt(records, position, decode)),
        }
    },
  }
}

function layoutOf({ options }: FormatClause, name: string): RecordLayout {
  const header = extentOf(options.get('header') ?? '0', 'header', name)
  const record = extentOf(options.get('record') ?? 'line', 'record', name)
  if (record.count === 0) throw unsupported(name, 'a record has at least one byte or line')
  const tabs = Number(options.get('tabs') ?? 0)
  if (!Number.isInteger(tabs) || tabs < 0 || tabs > 256)
    throw unsupported(name, '"tabs are n" needs a whole number up to 256')
  return { header, record, tabs }
}
