import { signed, signedLong, unsigned } from './leb128.ts'

/** Bytes of some instructions. */
export type Code = readonly number[]

// What an instruction takes from the stack comes first in its `Code`. https://webassembly.github.io/spec/core/binary/instructions.html
export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)]
export const constant = (value: number): Code => [0x41, ...signed(value)]
export const plus = (a: Code, b: Code): Code => [...a, ...b, 0x6a]
export const shifted = (a: Code, bits: number): Code => [...a, ...constant(bits), 0x74]
export const shiftedBy = (a: Code, bits: Code): Code => [...a, ...bits, 0x74]
export const shiftedRight = (a: Code, bits: number): Code => [...a, ...constant(bits), 0x76]
export const times = (a: Code, b: Code): Code => [...a, ...b, 0x6c]
/** Zeros below the lowest bit that is set. */
export const trailingZeros = (a: Code): Code => [...a, 0x68]
export const minus = (a: Code, b: Code): Code => [...a, ...b, 0x6b]
export const or = (a: Code, b: Code): Code => [...a, ...b, 0x72]
export const and = (a: Code, b: Code): Code => [...a, ...b, 0x71]
export const isBelow = (a: Code, b: Code): Code => [...a, ...b, 0x49]
export const load8 = (address: Code, offset: number = 0): Code => [
  ...address,
  ...[0x2d, 0x00],
  ...unsigned(offset),
]
export const load16 = (address: Code, offset: number = 0): Code => [
  ...address,
  ...[0x2f, 0x01],
  ...unsigned(offset),
]
export const load32 = (address: Code, offset: number = 0): Code => [
  ...address,
  ...[0x28, 0x02],
  ...unsigned(offset),
]
/** Adds to the integer at an address and gives what was there, in one step for all threads. */
export const fetchAdd = (address: Code, value: Code): Code => [
  ...address,
  ...value,
  ...[0xfe, 0x1e, 0x02, 0x00],
]
export const loadDouble = (address: Code): Code => [...address, 0x2b, 3, 0]
export const store8 = (address: Code, value: Code, offset: number = 0): Code => [
  ...address,
  ...value,
  ...[0x3a, 0x00],
  ...unsigned(offset),
]
export const store16 = (address: Code, value: Code, offset: number = 0): Code => [
  ...address,
  ...value,
  ...[0x3b, 0x01],
  ...unsigned(offset),
]
export const store32 = (address: Code, value: Code, offset: number = 0): Code => [
  ...address,
  ...value,
  ...[0x36, 0x02],
  ...unsigned(offset),
]
export const storeDouble = (address: Code, value: Code): Code => [...address, ...value, 0x39, 3, 0]
export const double = (value: number): Code => [
  0x44,
  ...new Uint8Array(Float64Array.of(value).buffer),
]
export const plusDouble = (a: Code, b: Code): Code => [...a, ...b, 0xa0]
export const toDouble = (a: Code): Code => [...a, 0xb7]
export const isLess = (a: Code, b: Code): Code => [...a, ...b, 0x63]
export const isMore = (a: Code, b: Code): Code => [...a, ...b, 0x64]
/** a where the condition holds, else b. */
export const choice = (a: Code, b: Code, condition: Code): Code => [...a, ...b, ...condition, 0x1b]

// Four lanes of 32 bits at once. https://github.com/WebAssembly/simd
/** Four bytes, each widened to a lane. */
export const loadLanes8 = (address: Code): Code => [
  ...address,
  ...[0xfd, 0x5c, 0x00, 0x00],
  ...[0xfd, 0x89, 0x01, 0xfd, 0xa9, 0x01],
]
/** Four codes of two bytes, each widened to a lane. */
export const loadLanes16 = (address: Code): Code => [...address, 0xfd, 0x04, 0x01, 0x00]
export const lanesOf = (value: Code): Code => [...value, 0xfd, 0x11]
/** All bits of a lane where that of a, without sign, is above that of b. */
export const aboveLanes = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0x3c]
/** Bit i is the highest of lane i. */
export const highestOfLanes = (a: Code): Code => [...a, 0xfd, 0xa4, 0x01]
export const storeLanes = (address: Code, value: Code): Code => [
  ...address,
  ...value,
  ...[0xfd, 0x0b, 0x02, 0x00],
]

/** Runs `body` as long as `condition` holds, which is asked before each turn. */
export const whileTrue = (condition: Code, body: Code): Code => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...[...condition, 0x45, 0x0d, 0x01],
  ...body,
  ...[0x0c, 0x00, 0x0b, 0x0b],
]

/** Calls the function of some number; its type is that of function `like`. */
export const callIndirect = (number: Code, args: readonly Code[], like: number): Code => [
  ...args.flat(),
  ...number,
  ...[0x11, ...unsigned(like), 0x00],
]

export const all = (...parts: readonly Code[]): Code => parts.flat()

// 64 bits.
export const isSame = (a: Code, b: Code): Code => [...a, ...b, 0x46]
export const isNot = (a: Code, b: Code): Code => [...a, ...b, 0x47]
export const isNegative = (a: Code): Code => [...a, ...constant(0), 0x48]
export const isAbove = (a: Code, b: Code): Code => [...a, ...b, 0x4b]
export const isAtMost = (a: Code, b: Code): Code => [...a, ...b, 0x4d]
export const isAtLeast = (a: Code, b: Code): Code => [...a, ...b, 0x4f]
export const not = (a: Code): Code => [...a, 0x45]
export const copyBytes = (to: Code, from: Code, count: Code): Code => [
  ...to,
  ...from,
  ...count,
  ...[0xfc, 0x0a, 0x00, 0x00],
]

export const long = (value: bigint): Code => [0x42, ...signedLong(value)]
export const toLong = (a: Code): Code => [...a, 0xad]
export const toWord = (a: Code): Code => [...a, 0xa7]
export const loadLong = (address: Code, offset: number = 0): Code => [
  ...address,
  ...[0x29, 0x00],
  ...unsigned(offset),
]
export const storeLong = (address: Code, value: Code, offset: number = 0): Code => [
  ...address,
  ...value,
  ...[0x37, 0x00],
  ...unsigned(offset),
]
export const sameLong = (a: Code, b: Code): Code => [...a, ...b, 0x51]
export const isZeroLong = (a: Code): Code => [...a, 0x50]
export const trailingZerosLong = (a: Code): Code => [...a, 0x7a]
export const plusLong = (a: Code, b: Code): Code => [...a, ...b, 0x7c]
export const minusLong = (a: Code, b: Code): Code => [...a, ...b, 0x7d]
export const timesLong = (a: Code, b: Code): Code => [...a, ...b, 0x7e]
export const andLong = (a: Code, b: Code): Code => [...a, ...b, 0x83]
export const orLong = (a: Code, b: Code): Code => [...a, ...b, 0x84]
export const xorLong = (a: Code, b: Code): Code => [...a, ...b, 0x85]
/** By the lowest six bits of `bits` only. */
export const leftLong = (a: Code, bits: Code): Code => [...a, ...bits, 0x86]
export const rightLong = (a: Code, bits: Code): Code => [...a, ...bits, 0x88]

/** Sixteen bytes. */
export const loadVector = (address: Code, offset: number = 0): Code => [
  ...address,
  ...[0xfd, 0x00, 0x00],
  ...unsigned(offset),
]
export const sixteenOf = (byte: Code): Code => [...byte, 0xfd, 0x0f]
export const sameBytes = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0x23]
export const orVector = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0x50]
export const andVector = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0x4e]
/** Bit i is the highest of byte i. */
export const highestBits = (a: Code): Code => [...a, 0xfd, 0x64]

// Blocks: `leave(n)` goes behind the n-th block around it, or to the start of it where that is a `repeat`.
export const block = (...body: readonly Code[]): Code => [0x02, 0x40, ...body.flat(), 0x0b]
export const repeat = (...body: readonly Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0b]
export const leave = (blocks: number): Code => [0x0c, ...unsigned(blocks)]
export const leaveIf = (condition: Code, blocks: number): Code => [
  ...condition,
  0x0d,
  ...unsigned(blocks),
]
export const when = (condition: Code, yes: Code, no: Code = []): Code => [
  ...condition,
  ...[0x04, 0x40],
  ...yes,
  ...(no.length === 0 ? [] : [0x05, ...no]),
  0x0b,
]
