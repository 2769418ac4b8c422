/** Bytes of some instructions. */
export type Code = readonly number[]

/** One function of a module. Its locals are numbered from 0: first the parameters, then 32-bit integers, then doubles. It returns nothing. */
export interface WasmFunction {
  readonly name: string
  /** 32-bit integers. */
  readonly params: number
  readonly integers: number
  readonly doubles: number
  readonly body: Code
}

/** What a module has beside its functions. */
export interface ModuleShape {
  /** Whether the memory is shared between threads. */
  readonly isShared: boolean
  /** Pages the memory has at most. */
  readonly pages: number
  /** Names of the functions that are exported; all can be called by their number, see `callIndirect`. */
  readonly exports: readonly string[]
}

/**
 * The bytes of a module that imports its memory as `env.memory`.
 * https://webassembly.github.io/spec/core/binary/modules.html, https://github.com/WebAssembly/threads for what is shared
 */
export function assemble(functions: readonly WasmFunction[], shape: ModuleShape): Uint8Array {
  const types = functions.map(({ params }) => [0x60, ...counted(filled(params, i32)), 0x00])
  const memory = [
    ...text('env'),
    ...text('memory'),
    ...[0x02, shape.isShared ? 0x03 : 0x01],
    ...unsigned(1),
    ...unsigned(shape.pages),
  ]
  const exports = functions.flatMap(({ name }, index) =>
    shape.exports.includes(name) ? [[...text(name), 0x00, ...unsigned(index)]] : [],
  )
  const bodies = functions.map(({ integers, doubles, body }) => {
    const locals = [
      [...unsigned(integers), i32],
      [...unsigned(doubles), f64],
    ]
    return counted([...vector(locals), ...body, 0x0b])
  })
  const all = functions.map((_, index) => unsigned(index))
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(all)),
    ...section(4, vector([[funcref, 0x00, ...unsigned(functions.length)]])),
    ...section(7, vector(exports)),
    ...section(9, vector([[0x00, ...constant(0), 0x0b, ...vector(all)]])),
    ...section(10, vector(bodies)),
  ])
}

const i32 = 0x7f
const f64 = 0x7c
const funcref = 0x70

// Instructions: what they take from the stack comes first in `code`.
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

function section(id: number, content: Code): Code {
  return [id, ...counted(content)]
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()]
}

function counted(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes]
}

function text(value: string): Code {
  return counted(Array.from(value, (character) => character.charCodeAt(0)))
}

function filled(length: number, value: number): Code {
  return new Array<number>(length).fill(value)
}

/** LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

function signed(value: number): Code {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
    bytes.push(isLast ? low : low | 0x80)
    if (isLast) return bytes
  }
}
