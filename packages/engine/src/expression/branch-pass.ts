import type { Branch, RecordSource } from '../grouping/frame.ts'
import { mapCodes } from '../grouping/gather.ts'
import { GroupTable, noGroup } from '../grouping/group-table.ts'
import { ascending } from '../grouping/order.ts'
import type { Dimension } from './dimension.ts'
import { GroupSet } from './group-set.ts'
import type { RunningAggregation } from './running-aggregation.ts'

const blockRecords = 4096

/** A pass over the records before the branch. */
interface NearPass {
  readonly sources: readonly RecordSource[]
  readonly groups: GroupSet
  readonly aggregations: readonly RunningAggregation[]
  readonly showsNull: boolean
}

/**
 * Reads records of which one link leads to several rows without joining them: they are aggregated by the key of that link and by the
 * dimensions before it, and what each key has is then added to every group it leads to, once for each. What cannot be put together from
 * parts is given record by record. False where nothing was done.
 */
export function runByBranch(
  source: RecordSource,
  groups: GroupSet,
  aggregations: readonly RunningAggregation[],
  showsNull: boolean,
  run: (near: NearPass) => void,
): boolean {
  const branch = source.branch?.()
  if (branch === undefined || !aggregations.every((one) => one.canBranch(branch))) return false
  const { dimensions, maxGroups } = groups
  const isNear = dimensions.map(({ fields: [field = -1] }) => branch.isNear(field))
  const nearDimensions = [keyDimension(branch), ...dimensions.filter((_, d) => isNear[d])]
  const mostGroups = nearDimensions.reduce((product, { size }) => product * size, 1)
  const near = new GroupSet(nearDimensions, maxGroups)
  const [whole, parted] = divided(aggregations, (one) => one.absorbs(branch, mostGroups))
  const parts = parted.map((one) => one.apart(near))
  const far = farTuples(
    branch,
    dimensions.flatMap(({ field = -1, size }, d) => (isNear[d] ? [] : [{ field, size }])),
    maxGroups,
  )
  const noteNull = (ids: Uint32Array, count: number): void => {
    const nullId = groups.table.nullId()
    if (showsNull && nullId !== noGroup)
      groups.nullShown ||= ids.subarray(0, count).includes(nullId)
  }
  if (parts.length > 0 || whole.length === 0) {
    run({ sources: [branch.near], groups: near, aggregations: parts, showsNull: false })
    const ids = near.table.ids()
    const codes = nearDimensions.map((_, d) => near.table.codesOf(d, ids))
    const from = new Uint32Array(blockRecords)
    distribute(codes, ids.length, far, isNear, groups.table, (at, to, count) => {
      for (let i = 0; i < count; i++) from[i] = ids[at[i]!]!
      for (const [index, one] of parted.entries()) one.absorb(parts[index] ?? one, from, to, count)
      noteNull(to, count)
    })
  }
  if (whole.length > 0)
    giveRecords(branch, nearDimensions, far, isNear, groups.table, whole, noteNull)
  return true
}

function divided<T>(all: readonly T[], isSecond: (one: T) => boolean): [T[], T[]] {
  return [all.filter((one) => !isSecond(one)), all.filter(isSecond)]
}

/** Every record before the branch, with the groups of `table` its key leads to. */
function giveRecords(
  { near }: Branch,
  dimensions: readonly Dimension[],
  far: FarTuples,
  isNear: readonly boolean[],
  table: GroupTable,
  aggregations: readonly RunningAggregation[],
  noteNull: (ids: Uint32Array, count: number) => void,
): void {
  const taken = new Uint32Array(blockRecords)
  for (let start = 0; start < near.count; start += blockRecords) {
    const size = Math.min(blockRecords, near.count - start)
    const codes = dimensions.map(({ field = -1 }) => near.codes(field, start, size))
    distribute(codes, size, far, isNear, table, (at, to, count) => {
      for (const one of aggregations) one.addChosen(near, start, size, at, taken, to, count)
      noteNull(to, count)
    })
  }
}

function keyDimension({ key, keys }: Branch): Dimension {
  return {
    field: key,
    fields: [key],
    size: keys,
    plain: true,
    codes: (block) => block.codes(key),
    valueOf: () => null,
  }
}

/** What each code of the key leads to: tuples of dimension codes, each once. */
interface FarTuples {
  /** Tuples of code c are tuples[offsets[c] … offsets[c + 1]). */
  readonly offsets: Uint32Array
  readonly tuples: Uint32Array
  /** The tuple of NULLs, for codes that lead nowhere. */
  readonly none: number
  /** By dimension the code of each tuple. */
  readonly codes: readonly Uint32Array[]
}

function farTuples(
  { far, key, keys }: Branch,
  dimensions: readonly { readonly field: number; readonly size: number }[],
  maxGroups: number,
): FarTuples {
  const table = new GroupTable(
    dimensions.map(({ size }) => size),
    maxGroups,
  )
  const { count } = far
  const keyOf = new Uint32Array(count)
  const tupleOf = new Uint32Array(count)
  const offsets = new Uint32Array(keys + 2)
  for (let start = 0; start < count; start += blockRecords) {
    const size = Math.min(blockRecords, count - start)
    const codes = dimensions.map(({ field }) => far.codes(field, start, size))
    table.add(codes, size, tupleOf.subarray(start))
    keyOf.set(far.codes(key, start, size).subarray(0, size), start)
  }
  // Grouped by key, two places further so that the offsets end up where they belong.
  for (let i = 0; i < count; i++) offsets[keyOf[i]! + 2]! += 1
  for (let code = 2; code < offsets.length; code++) offsets[code]! += offsets[code - 1]!
  const tuples = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const at = offsets[keyOf[i]! + 1]!
    offsets[keyOf[i]! + 1] = at + 1
    tuples[at] = tupleOf[i]!
  }
  const none = new Uint32Array(1)
  table.add(
    dimensions.map(() => new Uint32Array(1)),
    1,
    none,
  )
  const all = ascending(table.count)
  return {
    offsets,
    tuples: once(offsets, tuples, table.count),
    none: none[0]!,
    codes: dimensions.map((_, d) => table.codesOf(d, all)),
  }
}

/** Moves the different tuples of each key to the front of its places and makes the others `noGroup`. */
function once(offsets: Uint32Array, tuples: Uint32Array, count: number): Uint32Array {
  const seenAt = new Uint32Array(count)
  for (let code = 0; code + 1 < offsets.length; code++) {
    let to = offsets[code]!
    for (let at = offsets[code]!; at < offsets[code + 1]!; at++) {
      const tuple = tuples[at]!
      if (seenAt[tuple] === code + 1) continue
      seenAt[tuple] = code + 1
      tuples[to++] = tuple
    }
    tuples.fill(noGroup, to, offsets[code + 1]!)
  }
  return tuples
}

/**
 * Gives each of `size` things before the branch, whose codes of the key and of the dimensions there are in `near`, with the groups of `table`
 * its key leads to: their positions and groups, block by block.
 */
function distribute(
  near: readonly Uint32Array[],
  size: number,
  far: FarTuples,
  isNear: readonly boolean[],
  table: GroupTable,
  take: (at: Uint32Array, to: Uint32Array, count: number) => void,
): void {
  const [keys, ...nearCodes] = near
  if (keys === undefined) return
  let nearAt = 0
  let farAt = 0
  const columns = isNear.map((before) => ({
    before,
    own: (before ? nearCodes[nearAt++] : far.codes[farAt++]) ?? keys,
  }))
  const position = new Uint32Array(blockRecords)
  const tuple = new Uint32Array(blockRecords)
  const out = new Uint32Array(blockRecords)
  const codes = columns.map(() => new Uint32Array(blockRecords))
  let count = 0
  const flush = (): void => {
    for (const [d, { before, own }] of columns.entries())
      mapCodes(own, before ? position : tuple, count, codes[d]!)
    take(position, table.add(codes, count, out), count)
    count = 0
  }
  for (let at = 0; at < size; at++) {
    const key = keys[at]!
    const start = far.offsets[key]!
    const end = key === 0 ? start : far.offsets[key + 1]!
    let next = start
    do {
      position[count] = at
      tuple[count++] = start === end ? far.none : far.tuples[next]!
      if (count === blockRecords) flush()
      next += 1
    } while (next < end && far.tuples[next] !== noGroup)
  }
  if (count > 0) flush()
}
