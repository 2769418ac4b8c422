import { presentCodes } from '../inference/presence.ts'
import type { KeyLink } from '../model/model.ts'
import type { ModelView } from '../model/view.ts'
import { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'
import { gather, mapCodes } from './gather.ts'

/** What joins need of a view again and again; independent of selections and dropped with the view. */
interface JoinCache {
  readonly unreferenced: Map<string, Bitset>
  readonly remaps: Map<string, Uint32Array>
  readonly composed: Map<Uint32Array, Map<Uint32Array, Uint32Array>>
}

const caches = new WeakMap<ModelView, JoinCache>()

function cacheOf(view: ModelView): JoinCache {
  let cache = caches.get(view)
  if (cache === undefined) {
    cache = { unreferenced: new Map(), remaps: new Map(), composed: new Map() }
    caches.set(view, cache)
  }
  return cache
}

/** Visible rows of the link's table whose key is NULL or occurs in no visible row of the sources. */
export function unreferencedRows(
  view: ModelView,
  link: KeyLink,
  sources: readonly number[],
): Bitset {
  const { unreferenced } = cacheOf(view)
  const key = `${link.table}:${link.field}:${sources.join(',')}`
  let rows = unreferenced.get(key)
  if (rows === undefined) {
    rows = findUnreferenced(view, link, sources)
    unreferenced.set(key, rows)
  }
  return rows
}

function findUnreferenced(view: ModelView, link: KeyLink, sources: readonly number[]): Bitset {
  const seen = presentCodes(view, link.field, sources)
  const visible = view.visibleRows(link.table)
  const found = new Bitset(link.column.rows)
  for (const { start, codes } of link.column.segments) {
    for (let i = 0; i < codes.length; i++) {
      if (!seen.has(codes[i]!) && (visible === null || visible.has(start + i))) found.add(start + i)
    }
  }
  return found
}

/** Over a unique link: code of the key → code of another column of the link's table; 0 where there is no row. */
export function remap(view: ModelView, link: KeyLink, field: number, column: Column): Uint32Array {
  const { remaps } = cacheOf(view)
  const key = `${link.table}:${link.field}:${field}`
  let codes = remaps.get(key)
  if (codes === undefined) {
    const rows = view.rowOfCode(link)
    codes = new Uint32Array(rows.length)
    gather(column, rows, rows.length, codes)
    remaps.set(key, codes)
  }
  return codes
}

/** Whether the map is there already. */
export function knowsRemap(view: ModelView, link: KeyLink, field: number): boolean {
  return cacheOf(view).remaps.has(`${link.table}:${link.field}:${field}`)
}

/** second[first[code]] for every code; both from `remap` or `composed`. */
export function composed(view: ModelView, first: Uint32Array, second: Uint32Array): Uint32Array {
  const known = cacheOf(view).composed
  const byFirst = known.get(first) ?? new Map<Uint32Array, Uint32Array>()
  known.set(first, byFirst)
  let both = byFirst.get(second)
  if (both === undefined) {
    both = new Uint32Array(first.length)
    mapCodes(second, first, first.length, both)
    byFirst.set(second, both)
  }
  return both
}
