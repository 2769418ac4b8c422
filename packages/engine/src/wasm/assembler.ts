import { type Code, constant } from './instructions.ts'
import { unsigned } from './leb128.ts'

/**
 * One function of a module; it returns nothing. Its locals are numbered from 0: first the parameters, 32-bit integers, then further such
 * integers, those of 64 bits, doubles and vectors of 16 bytes.
 */
export interface WasmFunction {
  readonly name: string
  readonly params: number
  readonly integers: number
  readonly longs?: number
  readonly doubles?: number
  readonly vectors?: number
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
  const bodies = functions.map(({ integers, longs = 0, doubles = 0, vectors = 0, body }) => {
    const locals = [
      [...unsigned(integers), i32],
      [...unsigned(longs), i64],
      [...unsigned(doubles), f64],
      [...unsigned(vectors), v128],
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
const i64 = 0x7e
const f64 = 0x7c
const v128 = 0x7b
const funcref = 0x70

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
