import {
  type CancellationToken,
  type FormatClause,
  type FormatSettings,
  LoadError,
  type OpenSource,
  type SourceBatch,
  throwIfCancelled,
} from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import type { Format } from '../format.ts'
import { malformed, unsupported } from '../load-errors.ts'
import { BatchBuilder } from './batch-builder.ts'
import type { CellRange } from './cell-reference.ts'
import { clauseOptions } from './clause.ts'
import { fieldNames } from './labels.ts'
import { defaultLimits, maxColumns, type XlsxLimits } from './limits.ts'
import { findPart, type Package, scanning, scanPart } from './part.ts'
import { noStrings, type SharedStrings, SharedStringsReader } from './shared-strings.ts'
import { type SheetContext, SheetScanner } from './sheet.ts'
import { SheetExtent } from './sheet-extent.ts'
import { findTable } from './sheet-table.ts'
import { type Styles, StylesReader } from './styles.ts'
import { readWorkbook } from './workbook.ts'
import { readDirectory, type ZipEntry } from './zip.ts'

/**
 * Excel workbooks (.xlsx, .xlsm): one sheet, or the cells a defined name stands for, said by `table is`; without it the first sheet that is
 * not hidden. The table begins at the first row with a value below `header is n lines` and spans the columns that hold a value; its first
 * row is the labels unless `no labels`, and a column without a label is named by its letters. Rows without values inside it are records.
 * Numbers stay numbers; where their format means a date, a time or money they are shown by the format variables. Text stays text, booleans
 * are -1 and 0, formulas are their stored values; empty cells, errors and all but the first of merged cells are NULL.
 * Source: https://help.qlik.com/en-US/sense/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptSpecifiers/format-specification-items.htm
 * @throws LoadError `source-malformed`, `source-unsupported`, `table-not-found`, `budget-exceeded`
 */
export const xlsxFormat: Format = {
  open: (source, clause, settings, cancellation) =>
    openXlsx(source, clause, settings, cancellation),
}

/** What is read of a workbook before its sheet. */
interface OpenBook {
  readonly pack: Package
  readonly entry: ZipEntry
  readonly context: SheetContext
  readonly styles: Styles
  readonly strings: SharedStrings
}

/** Keeps the shared strings; the cells are read anew, batch by batch, whenever they are asked for. */
export async function openXlsx(
  source: ByteSource,
  clause: FormatClause,
  settings: FormatSettings,
  cancellation: CancellationToken,
  limits: XlsxLimits = defaultLimits,
): Promise<OpenSource> {
  const { table, labels, headerRows } = clauseOptions(source.name, clause)
  await checkKind(source)
  const pack: Package = { source, entries: await readDirectory(source, limits), limits }
  const workbook = await readWorkbook(pack, cancellation)
  const { sheet, range } = findTable(workbook, table, source.name)
  const strings = await readStrings(pack, workbook.sharedStrings, cancellation)
  const styles = await readStyles(pack, workbook.styles, settings, cancellation)
  const context = {
    styles,
    sharedStrings: strings.count,
    date1904: workbook.date1904,
    cellBytes: limits.tokenBytes,
  }
  const book = { pack, entry: findPart(pack, sheet.path), context, styles, strings }
  const below = { ...range, firstRow: range.firstRow + headerRows }
  const bounded = range.lastColumn - range.firstColumn + 1 < maxColumns
  const { extent, whole } = await readExtent(book, below, bounded, cancellation)
  if (extent.firstRow < 0) return { fields: [], rows: 0, async *batches() {} }
  const [firstColumn, lastColumn] = bounded
    ? [range.firstColumn, range.lastColumn]
    : whole
      ? [extent.firstColumn, extent.lastColumn]
      : [extent.firstOfLabels, extent.lastOfLabels]
  const firstRow = extent.firstRow + (labels === 'embedded' ? 1 : 0)
  const records: CellRange = { firstRow, lastRow: range.lastRow, firstColumn, lastColumn }
  const texts = labels === 'embedded' ? extent.labels : new Map<number, string>()
  const fields = fieldNames(texts, records.firstColumn, records.lastColumn)
  return {
    fields,
    ...(whole ? { rows: extent.lastRow + 1 - records.firstRow } : {}),
    batches(wanted, token) {
      const columns = wanted.map((index) => {
        if (fields[index] === undefined)
          throw new LoadError('field-not-found', `${source.name} has no field ${index}`)
        return records.firstColumn + index
      })
      return readBatches(book, records, columns, bounded, token)
    },
  }
}

async function* readBatches(
  { pack, entry, context, styles, strings }: OpenBook,
  range: CellRange,
  columns: readonly number[],
  partial: boolean,
  cancellation: CancellationToken,
): AsyncGenerator<SourceBatch> {
  const builder = new BatchBuilder({
    range,
    columns,
    partial,
    formats: styles.formats,
    strings,
    textBytes: pack.limits.stringBytes,
    where: `${pack.source.name}, ${entry.name}`,
  })
  const scanner = new SheetScanner(context, builder)
  for await (const _ of scanning(pack, entry, scanner.scan, cancellation)) {
    yield* checked(builder.take(), cancellation)
    if (builder.past) break
  }
  builder.end()
  yield* checked(builder.take(), cancellation)
}

function* checked(
  batches: Iterable<SourceBatch>,
  cancellation: CancellationToken,
): Generator<SourceBatch> {
  for (const batch of batches) {
    throwIfCancelled(cancellation)
    yield batch
  }
}

/**
 * Where the table of a sheet begins and ends. The whole sheet is read for that, unless the columns are given or the first row fills the
 * extent the sheet states, as sheets with a label in each column do.
 */
async function readExtent(
  { pack, entry, context, strings }: OpenBook,
  range: CellRange,
  bounded: boolean,
  cancellation: CancellationToken,
): Promise<{ readonly extent: SheetExtent; readonly whole: boolean }> {
  const where = `${pack.source.name}, ${entry.name}`
  const extent = new SheetExtent(range, strings, where, pack.limits.labelBytes)
  const scanner = new SheetScanner(context, extent)
  let checked = false
  for await (const _ of scanning(pack, entry, scanner.scan, cancellation)) {
    if (checked || !extent.pastFirst) continue
    checked = true
    if (bounded || fillsDimension(extent, scanner.dimension)) return { extent, whole: false }
  }
  return { extent, whole: true }
}

function fillsDimension(extent: SheetExtent, dimension: CellRange | undefined): boolean {
  return (
    dimension?.firstColumn === extent.firstOfLabels && dimension.lastColumn === extent.lastOfLabels
  )
}

async function readStrings(
  pack: Package,
  path: string | undefined,
  cancellation: CancellationToken,
): Promise<SharedStrings> {
  if (path === undefined) return noStrings
  const reader = new SharedStringsReader(`${pack.source.name}, ${path}`, pack.limits.stringBytes)
  await scanPart(pack, findPart(pack, path), pack.limits.partBytes, reader.scan, cancellation)
  return reader.end()
}

async function readStyles(
  pack: Package,
  path: string | undefined,
  settings: FormatSettings,
  cancellation: CancellationToken,
): Promise<Styles> {
  const reader = new StylesReader(settings)
  if (path !== undefined)
    await scanPart(pack, findPart(pack, path), pack.limits.bookBytes, reader.scan, cancellation)
  return reader.end()
}

const oleMagic = [0xd0, 0xcf, 0x11, 0xe0]

/** Old workbooks and those with a password are no archives. */
async function checkKind(source: ByteSource): Promise<void> {
  const magic = await source.read(0, Math.min(4, source.size))
  if (oleMagic.every((byte, i) => magic[i] === byte))
    throw unsupported(
      source.name,
      'it is a workbook with a password or of the old format (.xls); save it as .xlsx without a password',
    )
  if (magic[0] !== 0x50 || magic[1] !== 0x4b)
    throw malformed(
      source.name,
      'it is no Excel workbook (.xlsx); open it in Excel and save it as one',
    )
}
