import { maxColumns, maxRows } from './limits.ts'

/** Cells of one sheet, all bounds 0-based and included. */
export interface CellRange {
  readonly firstRow: number
  readonly lastRow: number
  readonly firstColumn: number
  readonly lastColumn: number
}

export const wholeSheet: CellRange = {
  firstRow: 0,
  lastRow: maxRows - 1,
  firstColumn: 0,
  lastColumn: maxColumns - 1,
}

/** 0 → A, 25 → Z, 26 → AA … 16383 → XFD. */
export function columnLetters(column: number): string {
  let letters = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(0x41 + ((rest - 1) % 26)) + letters
  return letters
}

/** The 0-based column of a reference such as `XFD12`, -1 when it is none. */
export function columnOf(bytes: Uint8Array, start: number, end: number): number {
  let column = 0
  let at = start
  for (; at < end; at++) {
    const letter = bytes[at]! & 0xdf
    if (letter < 0x41 || letter > 0x5a) break
    column = column * 26 + letter - 0x40
    if (column > maxColumns) return -1
  }
  for (let i = at; i < end; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return -1
  return at === start || at === end ? -1 : column - 1
}

/** `A1`, `$A$1:$C$9`, `A:C` or `2:7`; undefined for anything else. */
export function parseRange(text: string): CellRange | undefined {
  const corner = /^\$?([A-Z]{1,3})?(?:\$?([1-9]\d{0,6}))?$/i
  const [from = '', to = from, ...rest] = text.split(':')
  const first = corner.exec(from)
  const last = corner.exec(to)
  if (first === null || last === null || from === '' || to === '' || rest.length > 0)
    return undefined
  const whole = text.includes(':')
  if ((first[1] === undefined) !== (last[1] === undefined)) return undefined
  if ((first[2] === undefined) !== (last[2] === undefined)) return undefined
  if (!whole && (first[1] === undefined || first[2] === undefined)) return undefined
  const columns = [first[1], last[1]].map((letters) =>
    letters === undefined ? undefined : columnNumber(letters),
  )
  const rows = [first[2], last[2]].map((digits) =>
    digits === undefined ? undefined : Number(digits) - 1,
  )
  const range = {
    firstRow: rows[0] ?? 0,
    lastRow: rows[1] ?? maxRows - 1,
    firstColumn: columns[0] ?? 0,
    lastColumn: columns[1] ?? maxColumns - 1,
  }
  const ordered = range.firstRow <= range.lastRow && range.firstColumn <= range.lastColumn
  return ordered && range.lastRow < maxRows && range.lastColumn < maxColumns ? range : undefined
}

function columnNumber(letters: string): number {
  let column = 0
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 0x40
  return column - 1
}
