import { malformed, type QvdField } from './header.ts'

export type RowCodes = Uint8Array | Uint16Array | Uint32Array

/**
 * The codes of one field for `rows` records in `bytes`: 0 is NULL, c is symbol c - 1.
 * @throws LoadError `source-malformed` when a record names a symbol that is not there
 */
export function readCodes(
  bytes: Uint8Array,
  rows: number,
  recordBytes: number,
  field: QvdField,
  source: string,
): RowCodes {
  const codes = allocate(field.symbols, rows)
  const { bitWidth, bias, symbols } = field
  if (bitWidth === 0) {
    const code = symbols === 0 || bias < 0 ? 0 : bias + 1
    if (code > symbols) throw unknownSymbol(field, source)
    return codes.fill(code)
  }
  const first = field.bitOffset >> 3
  const shift = field.bitOffset & 7
  const count = (shift + bitWidth + 7) >> 3
  const scale = 2 ** shift
  const range = 2 ** bitWidth
  for (let row = 0, at = first; row < rows; row++, at += recordBytes) {
    // Up to five bytes: beyond 32 bits, so by multiplication instead of shifts.
    let word = 0
    for (let i = count - 1; i >= 0; i--) word = word * 256 + bytes[at + i]!
    const index = (Math.floor(word / scale) % range) + bias
    if (index >= symbols) throw unknownSymbol(field, source)
    codes[row] = index < 0 ? 0 : index + 1
  }
  return codes
}

function allocate(symbols: number, rows: number): RowCodes {
  if (symbols < 0x100) return new Uint8Array(rows)
  return symbols < 0x10000 ? new Uint16Array(rows) : new Uint32Array(rows)
}

function unknownSymbol(field: QvdField, source: string): Error {
  return malformed(source, `a record names a symbol of field ${field.name} that does not exist`)
}
