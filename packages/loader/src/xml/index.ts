import {
  type CancellationToken,
  type FormatClause,
  LoadError,
  type OpenSource,
} from '@lichen/engine'
import type { StreamSource } from '../byte-source.ts'
import { codepageOf, tellsCodepage } from '../codepage.ts'
import type { Format } from '../format.ts'
import { checkItems } from '../format-items.ts'
import { readDocument } from '../xml-text/document.ts'
import { XmlRecords } from './records.ts'
import { XmlStructure } from './structure.ts'
import { findRecord, tableOf } from './table.ts'

/**
 * XML: a record for each element at the path `table is [a/b/c]`, without it for each of the outermost element that repeats. Fields and keys
 * are those of `tableOf`. Texts are interpreted by the format variables; an empty element is an empty text, a missing one NULL. Names have
 * their prefixes. There is no DTD and no entity but the five. Of a QVD its XML header is read.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptSpecifiers/table-is.htm
 * and, for `String%Table`, https://qlikviewcookbook.com/2023/09/using-attributes-in-qvd-files/
 * @throws LoadError `source-malformed` with the byte, `source-unsupported`, `table-not-found`, `budget-exceeded`
 */
export const xmlFormat: Format = {
  open: (source, clause, _settings, cancellation) => openXml(source, clause, cancellation),
}

/** Reads the document once for its structure, and once more, batch by batch, whenever its records are asked for. */
export async function openXml(
  source: StreamSource,
  clause: FormatClause,
  cancellation: CancellationToken,
): Promise<OpenSource> {
  const { name } = source
  checkItems(clause, (item) => item === 'table' || tellsCodepage(item), name, 'XML')
  const codepage = codepageOf(clause, name)
  const structure = new XmlStructure(name)
  const isHeader = /\.qvd$/i.test(name)
  for await (const xml of readDocument(source, codepage, cancellation)) {
    const ended = structure.scan(xml)
    if (ended && isHeader) break
    if (ended) structure.scan(xml)
  }
  const path = clause.options.get('table')
  const record = findRecord(structure.top, typeof path === 'string' ? path : undefined, name)
  const { fields } = tableOf(record, clause.asked ?? [])
  return {
    fields: fields.map((field) => field.name),
    rows: record.count,
    async *batches(wanted, token) {
      const columns = wanted.map((index) => {
        const field = fields[index]
        if (field === undefined)
          throw new LoadError('field-not-found', `${name} has no field ${index}`)
        return field
      })
      const records = new XmlRecords(structure, record, columns, name)
      for await (const xml of readDocument(source, codepage, token))
        if (yield* records.scan(xml)) break
      yield* records.rest()
    },
  }
}
