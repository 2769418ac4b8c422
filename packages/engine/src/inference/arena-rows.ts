import type { Bitset } from '../storage/bitset.ts'
import type { Codes } from '../storage/column.ts'
import { type Arena, NotInArena } from '../wasm/arena.ts'
import {
  type Chunks,
  chunkNumber,
  chunksOfAll,
  keepChunksOfBits,
  type Operand,
  Program,
  recordCount,
} from '../wasm/program.ts'

/**
 * A set of rows in the arena. The list boxes and charts of one selection read the same columns of the same rows, so that what is gathered
 * for the first stays for the others, as long as there is room.
 */
interface KeptRows {
  readonly generation: number
  readonly chunks: Chunks
  readonly bitsAt: number
  /** Address of the list of the rows, once made. */
  listAt: number | undefined
  /** Addresses of the codes of the rows in some columns, as wide as there. */
  readonly codes: Map<Codes, number>
}

const known = new WeakMap<Bitset, KeptRows>()

function keptRows(arena: Arena, rows: Bitset): KeptRows {
  const kept = known.get(rows)
  if (kept !== undefined && kept.generation === arena.generation) return kept
  const { words } = rows
  const bitsAt = arena.keep(words.byteLength)
  new Uint32Array(arena.buffer, bitsAt, words.length).set(words)
  const made: KeptRows = {
    generation: arena.generation,
    chunks: keepChunksOfBits(arena, words),
    bitsAt,
    listAt: undefined,
    codes: new Map(),
  }
  known.set(rows, made)
  return made
}

/** Codes of some rows of one table, chunk by chunk, for the calls of a program. */
export class ArenaRows {
  readonly program: Program
  readonly #kept: KeptRows | null
  #list: Operand | undefined
  readonly #places = new Map<Codes, Operand>()
  readonly #wide = new Map<Codes, Operand>()

  /** `rows`: the records; null = all `count` rows of the table. @throws NotInArena */
  constructor(arena: Arena, rows: Bitset | null, count: number) {
    this.#kept = rows === null ? null : keptRows(arena, rows)
    this.program = new Program(arena, this.#kept?.chunks ?? chunksOfAll(arena, count))
  }

  /** Plans a visit of every record's code: by the codes gathered before or those of the whole column, else by the bits of the rows. @throws NotInArena */
  visit(name: 'seen' | 'count', codes: Codes, target: Operand): void {
    const kept = this.#kept
    const { program } = this
    const bits = bitsOf(codes)
    if (kept === null || kept.codes.has(codes))
      program.call(`${name}${bits}`, this.narrow(codes), recordCount, target)
    else if (codes.buffer !== program.arena.buffer) throw new NotInArena()
    else
      program.call(
        `${name}OfBits${bits}`,
        { base: codes.byteOffset },
        { base: kept.bitsAt, stride: 4, of: chunkNumber.word },
        { base: 0, stride: 1, of: chunkNumber.words },
        { base: 0, stride: 1, of: chunkNumber.row },
        target,
      )
  }

  /** Codes as wide as those of the column. @throws NotInArena */
  narrow(codes: Codes): Operand {
    let place = this.#places.get(codes)
    if (place === undefined) {
      if (codes.buffer !== this.program.arena.buffer) throw new NotInArena()
      place = this.#kept === null ? ofRecords(codes.byteOffset, codes) : this.#gather(codes)
      this.#places.set(codes, place)
    }
    return place
  }

  /** Codes of four bytes. @throws NotInArena */
  wide(codes: Codes): Operand {
    const narrow = this.narrow(codes)
    if (codes instanceof Uint32Array) return narrow
    let wide = this.#wide.get(codes)
    if (wide === undefined) {
      wide = this.program.slots()
      this.program.call(`widen${bitsOf(codes)}`, narrow, recordCount, wide)
      this.#wide.set(codes, wide)
    }
    return wide
  }

  #gather(codes: Codes): Operand {
    const { program } = this
    const kept = this.#kept
    if (kept === null) throw new NotInArena()
    const before = kept.codes.get(codes)
    if (before !== undefined) return ofRecords(before, codes)
    const at = program.arena.keep(program.chunks.records * codes.BYTES_PER_ELEMENT)
    const place = ofRecords(at, codes)
    program.call(
      `gather${bitsOf(codes)}`,
      { base: codes.byteOffset },
      this.#rows(kept),
      recordCount,
      place,
    )
    program.atEnd(() => kept.codes.set(codes, at))
    return place
  }

  #rows(kept: KeptRows): Operand {
    if (this.#list !== undefined) return this.#list
    const { program } = this
    const at = kept.listAt ?? program.arena.keep(program.chunks.records * 4)
    const list = { base: at, stride: 4, of: chunkNumber.record }
    if (kept.listAt === undefined) {
      program.call(
        'members',
        { base: kept.bitsAt, stride: 4, of: chunkNumber.word },
        { base: 0, stride: 1, of: chunkNumber.words },
        { base: 0, stride: 1, of: chunkNumber.row },
        list,
      )
      program.atEnd(() => {
        kept.listAt = at
      })
    }
    this.#list = list
    return list
  }
}

function ofRecords(at: number, codes: Codes): Operand {
  return { base: at, stride: codes.BYTES_PER_ELEMENT, of: chunkNumber.record }
}

/** 8, 16 or 32, as in the names of kernels. */
export function bitsOf(codes: Codes): number {
  return codes.BYTES_PER_ELEMENT * 8
}
