import type { FormatClause } from '@lichen/engine'
import { unsupported } from '../load-errors.ts'

/** The items of a format clause, as they concern a workbook. */
interface XlsxOptions {
  /** Sheet or named area; undefined = the first sheet. */
  readonly table: string | undefined
  readonly labels: 'embedded' | 'none'
  /** Rows before the labels that are not read. */
  readonly headerRows: number
}

/** Say how text files are written; a workbook says that itself. */
const withoutEffect = new Set([
  'utf8',
  'unicode',
  'ansi',
  'oem',
  'mac',
  'codepage',
  'msq',
  'no quotes',
  'no eof',
])

/**
 * Source: https://help.qlik.com/en-US/sense/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptSpecifiers/format-specification-items.htm
 * @throws LoadError `source-unsupported` for an item that would change what is read and is not built
 */
export function clauseOptions(source: string, clause: FormatClause): XlsxOptions {
  let [table, labels, headerRows]: [string | undefined, 'embedded' | 'none', number] = [
    undefined,
    'embedded',
    0,
  ]
  for (const [item, setting] of clause.options)
    if (item === 'embedded labels' || item === 'explicit labels') labels = 'embedded'
    else if (item === 'no labels') labels = 'none'
    else if (item === 'table' && setting !== true) table = setting
    else if (item === 'header') headerRows = rowsOf(source, setting)
    else if (!withoutEffect.has(item))
      throw unsupported(
        source,
        `the format item "${item}" is not read for Excel workbooks; leave it out or prepare the sheet`,
      )
  return { table, labels, headerRows }
}

function rowsOf(source: string, setting: string | true): number {
  const count = /^(\d{1,7})(?:\s+lines?)?$/i.exec(String(setting))?.[1]
  if (count !== undefined) return Number(count)
  if (setting !== true && setting.toLowerCase() === 'line') return 1
  throw unsupported(source, `"header is ${setting}" is not read; write header is n lines`)
}
