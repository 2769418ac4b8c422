import { type Codes, codeWidth } from '../storage/column.ts'
import { type Arena, arena, blockSlots } from '../wasm/arena.ts'
import type { PositionReader } from './keyed-positions.ts'

/** Positions of tuples of one or two dimensions by the kernels; the same as `KeyedPositions`. */
export class ArenaPositions implements PositionReader {
  readonly #arena: Arena
  readonly #steps: readonly Codes[]
  readonly #ids: Uint32Array
  readonly #seen: Uint8Array
  readonly #present: Uint8Array

  private constructor(
    own: Arena,
    steps: readonly Codes[],
    ids: Uint32Array,
    seen: Uint8Array,
    present: Uint8Array,
  ) {
    this.#arena = own
    this.#steps = steps
    this.#ids = ids
    this.#seen = seen
    this.#present = present
  }

  /** undefined where there are no kernels, no room or too many dimensions. Parameters as of `KeyedPositions`. */
  static over(
    sizes: readonly number[],
    maps: readonly (Uint32Array | undefined)[],
    present: Uint8Array,
  ): ArenaPositions | undefined {
    const own = sizes.length <= 2 ? arena() : null
    if (own === null) return undefined
    const width = codeWidth(present.length - 1)
    const steps = sizes.map((size, d) =>
      roomForSteps(own, width, maps[d] === undefined ? size : maps[d].length),
    )
    const ids = own.words(blockSlots)
    const seen = own.bytes(present.length)
    if (ids === undefined || seen === undefined) return undefined
    const filled = steps.flatMap((table, d) => {
      if (table === undefined) return []
      const stride = d === 0 ? (sizes[1] ?? 1) : 1
      const map = maps[d]
      for (let code = 0; code < table.length; code++)
        table[code] = (map === undefined ? code : map[code]!) * stride
      return [table]
    })
    return filled.length < sizes.length
      ? undefined
      : new ArenaPositions(own, filled, ids, seen, present)
  }

  add(codes: readonly Uint32Array[], count: number): Uint32Array {
    const { kernels } = this.#arena
    const ids = this.#ids
    const [first = ids, second] = codes
    const [firstSteps = ids, secondSteps] = this.#steps
    const bits = bitsOf(firstSteps)
    const a = this.#arena.firstBlock(first, count)
    if (second === undefined || secondSteps === undefined)
      kernels[`markOne${bits}`](
        firstSteps.byteOffset,
        a,
        count,
        ids.byteOffset,
        this.#seen.byteOffset,
      )
    else
      kernels[`markTwo${bits}`](
        firstSteps.byteOffset,
        a,
        secondSteps.byteOffset,
        this.#arena.secondBlock(second, count),
        count,
        ids.byteOffset,
        this.#seen.byteOffset,
      )
    // The tuple of NULLs is asked for between blocks.
    this.#present[0]! |= this.#seen[0]!
    return ids
  }

  finish(): void {
    const seen = this.#seen
    const present = this.#present
    for (let at = 0; at < seen.length; at++) present[at]! |= seen[at]!
  }
}

/** Steps as wide as the largest position; those of both dimensions alike. */
function roomForSteps(own: Arena, width: 1 | 2 | 4, length: number): Codes | undefined {
  const at = own.room(length * width)
  if (at === undefined) return undefined
  if (width === 1) return new Uint8Array(own.buffer, at, length)
  return width === 2
    ? new Uint16Array(own.buffer, at, length)
    : new Uint32Array(own.buffer, at, length)
}

function bitsOf(steps: Codes): 8 | 16 | 32 {
  if (steps instanceof Uint8Array) return 8
  return steps instanceof Uint16Array ? 16 : 32
}
