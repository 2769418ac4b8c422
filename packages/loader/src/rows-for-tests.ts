import {
  defaultFormatSettings,
  type FormatClause,
  neverCancelled,
  type SourceBatch,
} from '@lichen/engine'
import { bytesSource } from './byte-source.ts'
import type { Format } from './format.ts'

/** Options of a clause, and under `asked` the names a LOAD asks for. */
export interface ClauseForTests {
  readonly options?: Readonly<Record<string, string | true>>
  readonly asked?: readonly string[]
  readonly name?: string
}

type Cell = string | number | null

/** What a format reads: names and cells, texts as they stand. */
export async function readAll(
  format: Format,
  content: string | Uint8Array,
  { options = {}, asked = [], name = 'x' }: ClauseForTests = {},
): Promise<{ readonly fields: readonly string[]; readonly rows: Cell[][] }> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const clause: FormatClause = { options: new Map(Object.entries(options)), asked }
  const source = await format.open(
    bytesSource(name, bytes),
    clause,
    defaultFormatSettings,
    neverCancelled,
  )
  const rows: Cell[][] = []
  for await (const batch of source.batches([...source.fields.keys()], neverCancelled))
    for (let row = 0; row < batch.rows; row++) rows.push(cellsOf(batch, row))
  return { fields: source.fields, rows }
}

function cellsOf(batch: SourceBatch, row: number): Cell[] {
  return batch.columns.map((column) => {
    if (column.kind === 'numbers') {
      const value = column.values[row] ?? Number.NaN
      return Number.isNaN(value) ? null : value
    }
    if (column.kind !== 'text') throw new Error('texts and numbers only')
    if (column.missing?.[row] === 1) return null
    return new TextDecoder().decode(column.bytes.subarray(column.starts[row], column.ends[row]))
  })
}

/** Numbers in [0, 1) that are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const damaged = bytes.slice()
  damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return damaged
}
