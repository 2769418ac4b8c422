import { LoadError } from '@lichen/engine'
import { malformed, unsupported } from '../load-errors.ts'
import { type CellRange, parseRange, wholeSheet } from './cell-reference.ts'
import type { DefinedName, Sheet, Workbook } from './workbook.ts'

/** Names an error lists. */
const maxShown = 50

/** A sheet and the cells of it that are the table. */
interface SheetTable {
  readonly sheet: Sheet
  readonly range: CellRange
}

/**
 * The table a script asks for: a sheet by its name, a named area, or without a name the first sheet that is not hidden.
 * Source: https://help.qlik.com/en-US/qlikview/Subsystems/Client/Content/QV_QlikView/File_Wizard_Type_Excel_XLSX.htm
 * @throws LoadError `table-not-found` naming the tables there are, `source-unsupported` for a name that is no area
 */
export function findTable(
  workbook: Workbook,
  wanted: string | undefined,
  source: string,
): SheetTable {
  const { sheets } = workbook
  const areas = workbook.names.filter(({ name }) => !/^_xlnm\./i.test(name))
  if (wanted === undefined) {
    const first = sheets.find(({ hidden }) => !hidden) ?? sheets[0]
    if (first === undefined) throw malformed(source, 'the workbook has no worksheet')
    return { sheet: first, range: wholeSheet }
  }
  const sheet = findSheet(sheets, wanted)
  if (sheet !== undefined) return { sheet, range: wholeSheet }
  const same = areas.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  const area = same.find(({ local }) => !local) ?? same[0]
  if (area !== undefined) return tableOfArea(area, sheets, source)
  const shown = areas.filter(({ local }) => !local).slice(0, maxShown)
  const whole = shown.filter((each) => rangeOf(each, sheets) !== undefined)
  const known = [...sheets, ...whole].map(({ name }) => `[${name}]`)
  throw new LoadError(
    'table-not-found',
    `${source} has no sheet or named area ${wanted}; there are ${known.slice(0, maxShown).join(', ')}`,
  )
}

/** Letters of any case; `Sheet1$` and `'My sheet$'` are ways to write Sheet1 and My sheet. */
function findSheet(sheets: readonly Sheet[], wanted: string): Sheet | undefined {
  const bare = wanted
    .replace(/^'(.*)'$/s, '$1')
    .replace(/\$$/, '')
    .replaceAll("''", "'")
  for (const name of [wanted, bare]) {
    const exact = sheets.find((sheet) => sheet.name === name)
    const same = exact ?? sheets.find((sheet) => sheet.name.toLowerCase() === name.toLowerCase())
    if (same !== undefined) return same
  }
  return undefined
}

function tableOfArea(area: DefinedName, sheets: readonly Sheet[], source: string): SheetTable {
  const found = rangeOf(area, sheets)
  if (found !== undefined) return found
  throw unsupported(
    source,
    `the name ${area.name} stands for ${area.refersTo.slice(0, 100)}, which is not one area of a sheet; write table is and a sheet`,
  )
}

function rangeOf({ refersTo }: DefinedName, sheets: readonly Sheet[]): SheetTable | undefined {
  const cut = refersTo.lastIndexOf('!')
  const sheet = cut < 0 ? undefined : findSheet(sheets, refersTo.slice(0, cut))
  const range = parseRange(refersTo.slice(cut + 1))
  return sheet === undefined || range === undefined ? undefined : { sheet, range }
}
