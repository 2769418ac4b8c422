import { dayMs, serialOf } from '../parquet/serial-days.ts'
import { type ArrowArray, aligned } from './array.ts'
import type { ArrowType } from './schema.ts'

/** The stored numbers of an array, times as serial days; NULL, and what is no number, is NaN. Undefined for types without. */
export function numbersOf(array: ArrowArray): Float64Array | undefined {
  const { stored, valid, length } = array
  const numbers = plainNumbers(array)
  if (numbers === undefined) return undefined
  if ('ticksPerDay' in stored) {
    const ticks = cutsNanos(stored) ? microsPerDay : stored.ticksPerDay
    if (stored.kind === 'date' || stored.kind === 'timestamp')
      for (let i = 0; i < length; i++) numbers[i] = serialOf(numbers[i]!, ticks)
    else for (let i = 0; i < length; i++) numbers[i] = numbers[i]! / ticks
  }
  if (valid !== undefined)
    for (let i = 0; i < length; i++)
      if (((valid[i >> 3]! >> (i & 7)) & 1) === 0) numbers[i] = Number.NaN
  return numbers
}

const microsPerDay = dayMs * 1000

/** Nanoseconds since 1970 do not fit a double; cut to microseconds, as Parquet's are, equal times stay equal. */
function cutsNanos(type: ArrowType): boolean {
  return (type.kind === 'timestamp' || type.kind === 'duration') && type.ticksPerDay > microsPerDay
}

export function isNull({ stored, valid }: ArrowArray, row: number): boolean {
  if (stored.kind === 'null') return true
  return valid !== undefined && ((valid[row >> 3]! >> (row & 7)) & 1) === 0
}

/** Whole 64-bit values, as they are stored. */
export function longsOf({ data, length, stored }: ArrowArray): BigInt64Array | BigUint64Array {
  const { buffer, byteOffset } = aligned(data, 8)
  return stored.kind === 'int' && !stored.signed
    ? new BigUint64Array(buffer, byteOffset, length)
    : new BigInt64Array(buffer, byteOffset, length)
}

function plainNumbers(array: ArrowArray): Float64Array | undefined {
  const { stored, data, length } = array
  switch (stored.kind) {
    case 'null':
      return new Float64Array(length).fill(Number.NaN)
    case 'bool': {
      const numbers = new Float64Array(length)
      for (let i = 0; i < length; i++) numbers[i] = -((data[i >> 3]! >> (i & 7)) & 1) + 0
      return numbers
    }
    case 'float':
      return floats(data, length, stored.bits)
    case 'decimal':
      return decimals(data, length, stored.bits / 32, stored.scale)
    case 'int':
      return stored.bits < 64
        ? smallIntegers(data, length, stored.bits, stored.signed)
        : longNumbers(data, length, stored.signed)
    case 'timestamp':
    case 'duration':
      return cutsNanos(stored)
        ? Float64Array.from(longsOf(array), (nanos) => Number(nanos / 1000n))
        : longNumbers(data, length, true)
    case 'date':
    case 'time':
      return stored.bits < 64
        ? smallIntegers(data, length, stored.bits, true)
        : longNumbers(data, length, true)
    case 'interval':
      return stored.unit === 'days and milliseconds' ? daysAndMillis(data, length) : undefined
    default:
      return undefined
  }
}

function smallIntegers(
  bytes: Uint8Array,
  length: number,
  bits: number,
  signed: boolean,
): Float64Array {
  const { buffer, byteOffset } = aligned(bytes, bits / 8)
  if (bits === 8)
    return new Float64Array(
      signed ? new Int8Array(buffer, byteOffset, length) : bytes.subarray(0, length),
    )
  if (bits === 16)
    return new Float64Array(
      signed
        ? new Int16Array(buffer, byteOffset, length)
        : new Uint16Array(buffer, byteOffset, length),
    )
  return new Float64Array(
    signed
      ? new Int32Array(buffer, byteOffset, length)
      : new Uint32Array(buffer, byteOffset, length),
  )
}

/** Rounded where they have more than 53 bits, without a BigInt for each. */
function longNumbers(bytes: Uint8Array, length: number, signed: boolean): Float64Array {
  const { buffer, byteOffset } = aligned(bytes, 4)
  const words = new Int32Array(buffer, byteOffset, length * 2)
  const numbers = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const high = words[2 * i + 1]!
    numbers[i] = (signed ? high : high >>> 0) * 2 ** 32 + (words[2 * i]! >>> 0)
  }
  return numbers
}

function floats(bytes: Uint8Array, length: number, bits: number): Float64Array {
  const { buffer, byteOffset } = aligned(bytes, bits / 8)
  const numbers =
    bits === 16
      ? Float64Array.from(new Uint16Array(buffer, byteOffset, length), halfFloat)
      : bits === 32
        ? new Float64Array(new Float32Array(buffer, byteOffset, length))
        : new Float64Array(buffer.slice(byteOffset, byteOffset + length * 8))
  for (let i = 0; i < length; i++) if (!Number.isFinite(numbers[i])) numbers[i] = Number.NaN
  return numbers
}

function halfFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 0x3ff
  if (exponent === 31) return Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

/** Powers of ten that a double holds exactly. */
const exactPowers = Array.from({ length: 23 }, (_, power) => 10 ** power)

/** Words, the lowest first; the nearest double of the decimal. */
function decimals(bytes: Uint8Array, length: number, words: number, scale: number): Float64Array {
  const { buffer, byteOffset } = aligned(bytes, 4)
  const all = new Int32Array(buffer, byteOffset, length * words)
  const numbers = new Float64Array(length)
  const power = exactPowers[scale]
  for (let i = 0; i < length; i++) {
    const digits = smallDecimal(all, i * words, words)
    numbers[i] =
      power !== undefined && Number.isSafeInteger(digits)
        ? digits / power
        : Number(`${longDecimal(all, i * words, words)}e${-scale}`)
  }
  return numbers
}

/** NaN where the number has more than 64 bits. */
function smallDecimal(all: Int32Array, at: number, words: number): number {
  const low = all[at]!
  if (words === 1) return low
  const high = all[at + 1]!
  for (let word = 2; word < words; word++) if (all[at + word] !== high >> 31) return Number.NaN
  return high * 2 ** 32 + (low >>> 0)
}

function longDecimal(all: Int32Array, at: number, words: number): bigint {
  let digits = BigInt(all[at + words - 1]!)
  for (let word = words - 2; word >= 0; word--)
    digits = (digits << 32n) | BigInt(all[at + word]! >>> 0)
  return digits
}

function daysAndMillis(bytes: Uint8Array, length: number): Float64Array {
  const { buffer, byteOffset } = aligned(bytes, 4)
  const parts = new Int32Array(buffer, byteOffset, length * 2)
  const numbers = new Float64Array(length)
  for (let i = 0; i < length; i++) numbers[i] = parts[2 * i]! + parts[2 * i + 1]! / dayMs
  return numbers
}
