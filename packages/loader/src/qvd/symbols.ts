import { Dual, type Value } from '@lichen/engine'
import { malformed, type QvdField } from './header.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The symbols of a field from its part of the symbol section.
 * @throws LoadError `source-malformed` naming the field and the byte
 */
export function readSymbols(bytes: Uint8Array, field: QvdField, source: string): Value[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const symbols: Value[] = []
  let at = 0
  const fail = (what: string): never => {
    throw malformed(
      source,
      `field ${field.name}, symbol ${symbols.length}, byte ${field.offset + at}: ${what}`,
    )
  }
  const text = (): string => {
    const end = bytes.indexOf(0, at)
    if (end === -1) return fail('a text does not end')
    const start = at
    at = end + 1
    try {
      return decodeText(bytes, start, end)
    } catch {
      return fail('a text is not UTF-8')
    }
  }
  const number = (double: boolean): number => {
    const size = double ? 8 : 4
    if (at + size > bytes.length) return fail('a number is cut off')
    const value = double ? view.getFloat64(at, true) : view.getInt32(at, true)
    at += size
    return Number.isFinite(value) ? value : fail('a number is not finite')
  }
  while (symbols.length < field.symbols) {
    const type = bytes[at++]
    if (type === 0x01 || type === 0x02) symbols.push(number(type === 0x02))
    else if (type === 0x04) symbols.push(text())
    else if (type === 0x05 || type === 0x06) {
      const value = number(type === 0x06)
      symbols.push(new Dual(text(), value))
    } else fail(type === undefined ? 'the symbols end early' : `the symbol type ${type} is unknown`)
  }
  if (at !== bytes.length) fail('bytes follow the last symbol')
  return symbols
}

/** Short ASCII is faster without the decoder. */
function decodeText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 24) return utf8.decode(bytes.subarray(start, end))
  let out = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte >= 0x80) return utf8.decode(bytes.subarray(start, end))
    out += String.fromCharCode(byte)
  }
  return out
}
