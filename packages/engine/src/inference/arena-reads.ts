import type { Codes, Column } from '../storage/column.ts'
import { arenaOf } from '../wasm/arena.ts'
import { chunkNumber, chunksOfAll, Program } from '../wasm/program.ts'
import { ArenaRows, bitsOf } from './arena-rows.ts'
import type { Rows } from './rows.ts'

/** Fewer rows are read as quickly without kernels. */
const fewest = 32_768

/**
 * As the loops of a scan: sets the words from `word` on to which of the first `count` codes pass, 32 to a word. `count` is a multiple of 32.
 * False where kernels do not reach.
 */
export function filterInArena(
  codes: Codes,
  count: number,
  passes: Uint8Array,
  words: Uint32Array,
  word: number,
): boolean {
  const arena = count < fewest ? undefined : arenaOf(codes.buffer)
  const done = arena?.attempt(() => {
    const program = new Program(arena, chunksOfAll(arena, count))
    const passing = arena.take(passes.length)
    new Uint8Array(arena.buffer, passing, passes.length).set(passes)
    const length = count >>> 5
    const out = arena.take(length * 4)
    program.call(
      `filter${bitsOf(codes)}`,
      { base: codes.byteOffset, stride: codes.BYTES_PER_ELEMENT, of: chunkNumber.record },
      { base: 0, stride: 1, of: chunkNumber.words },
      { base: passing },
      { base: out, stride: 4, of: chunkNumber.word },
    )
    program.run()
    words.set(new Uint32Array(arena.buffer, out, length), word)
    return true
  })
  return done === true
}

/** Marks the codes of a column that occur in some rows (null = all) with 1 in `seen`; false where kernels do not reach. */
export function seenInArena(column: Column, rows: Rows | null, seen: Uint8Array): boolean {
  return readInArena(column, rows, (read, codes) => {
    const parts = read.program.bytes(seen.length)
    read.visit('seen', codes, parts.at)
    read.program.atEnd(() => {
      for (const part of parts.each)
        for (let code = 0; code < part.length; code++) seen[code]! |= part[code]!
    })
  })
}

/** Adds to `counts` how many of some rows (null = all) hold each code; false where kernels do not reach. */
export function countInArena(column: Column, rows: Rows | null, counts: Uint32Array): boolean {
  return readInArena(column, rows, (read, codes) => {
    const parts = read.program.words(counts.length)
    read.visit('count', codes, parts.at)
    read.program.atEnd(() => {
      for (const part of parts.each)
        for (let code = 0; code < part.length; code++) counts[code]! += part[code]!
    })
  })
}

/** Whether kernels read some rows (null = all) of a column. */
export function isInArena({ segments, rows: all }: Column, rows: Rows | null): boolean {
  const [segment, ...others] = segments
  const isFew = (rows?.count ?? all) < fewest
  return (
    segment !== undefined &&
    others.length === 0 &&
    !isFew &&
    arenaOf(segment.codes.buffer) !== undefined
  )
}

function readInArena(
  column: Column,
  rows: Rows | null,
  plan: (read: ArenaRows, codes: Codes) => void,
): boolean {
  const codes = column.segments[0]?.codes
  if (codes === undefined || !isInArena(column, rows)) return false
  const arena = arenaOf(codes.buffer)
  const done = arena?.attempt(() => {
    const read = new ArenaRows(arena, rows?.bits ?? null, column.rows)
    plan(read, codes)
    read.program.run()
    return true
  })
  return done === true
}
