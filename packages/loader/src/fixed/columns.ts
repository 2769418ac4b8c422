import type { SourceColumn } from '@lichen/engine'
import { TextBytes } from '../xml-text/text-bytes.ts'
import type { Position } from './position.ts'
import type { Records } from './records.ts'

type Decode = (bytes: Uint8Array) => string

/** What stands at a position of the records; `decode` is undefined where the bytes are UTF-8. */
export function columnAt(
  records: Records,
  position: Position,
  decode: Decode | undefined,
): SourceColumn {
  const { reading } = position
  if (reading === 'text' || reading === 'T') {
    const cells = cellsAt(records, position)
    const text =
      decode === undefined ? { bytes: records.bytes, ...cells } : decoded(records, cells, decode)
    return { kind: 'text', ...text, interpret: reading === 'text' }
  }
  const numbers = reading === 'B' ? packedAt(records, position) : binaryAt(records, position)
  return { kind: 'numbers', values: numbers, format: null }
}

interface Cells {
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** Where the cells of a field stand; short records have short cells. */
function cellsAt({ starts, ends, rows }: Records, { start, end }: Position): Cells {
  const cells = { starts: new Uint32Array(rows), ends: new Uint32Array(rows) }
  for (let row = 0; row < rows; row++) {
    const from = starts[row]!
    const to = ends[row]!
    cells.starts[row] = Math.min(to, from + start)
    cells.ends[row] = Math.min(to, from + end)
  }
  return cells
}

/** The cells of a codepage as UTF-8. */
function decoded(
  { bytes, rows }: Records,
  { starts, ends }: Cells,
  decode: Decode,
): Cells & { readonly bytes: Uint8Array } {
  const text = new TextBytes(1 << 12)
  for (let row = 0; row < rows; row++) {
    const from = starts[row]!
    const to = ends[row]!
    starts[row] = text.length
    if (isAscii(bytes, from, to)) text.append(bytes, from, to)
    else text.appendText(decode(bytes.subarray(from, to)))
    ends[row] = text.length
  }
  return { bytes: text.bytes, starts, ends }
}

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i]! >= 0x80) return false
  return true
}

/** Integers and reals; NaN, which is NULL, where a record ends before. */
function binaryAt({ bytes, starts, ends, rows }: Records, position: Position): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const { start, end, reading } = position
  const read = readerOf(view, reading, end - start)
  const values = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const from = starts[row]! + start
    values[row] = from + end - start > ends[row]! ? Number.NaN : read(from)
  }
  return values
}

function readerOf(view: DataView, reading: string, size: number): (at: number) => number {
  switch (`${reading}${size}`) {
    case 'I1':
      return (at) => view.getInt8(at)
    case 'I2':
      return (at) => view.getInt16(at, true)
    case 'I4':
      return (at) => view.getInt32(at, true)
    case 'U1':
      return (at) => view.getUint8(at)
    case 'U2':
      return (at) => view.getUint16(at, true)
    case 'U4':
      return (at) => view.getUint32(at, true)
    case 'R4':
      return (at) => view.getFloat32(at, true)
    default:
      return (at) => view.getFloat64(at, true)
  }
}

/** Packed decimals: two digits a byte, the last half byte the sign, D and B for minus. NaN where they are none. */
function packedAt({ bytes, starts, ends, rows }: Records, { start, end }: Position): Float64Array {
  const values = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const to = Math.min(ends[row]!, starts[row]! + end)
    let value = starts[row]! + start < to ? 0 : Number.NaN
    for (let i = starts[row]! + start; i < to; i++) {
      const high = bytes[i]! >>> 4
      const low = bytes[i]! & 15
      const last = i === to - 1
      value = high > 9 || (last ? low < 10 : low > 9) ? Number.NaN : value * 10 + high
      if (!last) value = value * 10 + low
      else if (low === 13 || low === 11) value = 0 - value
    }
    values[row] = value
  }
  return values
}
