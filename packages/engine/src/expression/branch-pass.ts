import type { Branch, RecordSource } from '../grouping/frame.ts'
import { GroupTable, noGroup } from '../grouping/group-table.ts'
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
 * dimensions before it, and what each key has is then added to every group it leads to, once for each. False where nothing was done.
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
  const near = new GroupSet(nearDimensions, maxGroups)
  const parts = aggregations.map((one) => one.apart(near))
  run({ sources: [branch.near], groups: near, aggregations: parts, showsNull: false })
  const far = farTuples(
    branch,
    dimensions.flatMap(({ field = -1, size }, d) => (isNear[d] ? [] : [{ field, size }])),
    maxGroups,
  )
  distribute(near.table, far, isNear, groups.table, (from, to, count) => {
    for (const [index, one] of aggregations.entries())
      one.absorb(parts[index] ?? one, from, to, count)
    const nullId = groups.table.nullId()
    if (showsNull && nullId !== noGroup) groups.nullShown ||= to.subarray(0, count).includes(nullId)
  })
  return true
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
  readonly table: GroupTable
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
  return { offsets, tuples: once(offsets, tuples, table.count), none: none[0]!, table }
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

/** Gives every group before the branch, with the groups of `table` its key leads to, to `take`: block by block. */
function distribute(
  near: GroupTable,
  far: FarTuples,
  isNear: readonly boolean[],
  table: GroupTable,
  take: (from: Uint32Array, to: Uint32Array, count: number) => void,
): void {
  const ids = near.ids()
  const keys = near.codesOf(0, ids)
  let nearAt = 1
  let farAt = 0
  const allTuples = Uint32Array.from({ length: far.table.count }, (_, tuple) => tuple)
  const columns = isNear.map((before) =>
    before
      ? { before, codes: near.codesOf(nearAt++, ids) }
      : { before, codes: far.table.codesOf(farAt++, allTuples) },
  )
  const from = new Uint32Array(blockRecords)
  const group = new Uint32Array(blockRecords)
  const tuple = new Uint32Array(blockRecords)
  const out = new Uint32Array(blockRecords)
  const codes = columns.map(() => new Uint32Array(blockRecords))
  let count = 0
  const flush = (): void => {
    for (const [d, { before, codes: own }] of columns.entries()) {
      const at = before ? group : tuple
      const target = codes[d]!
      for (let i = 0; i < count; i++) target[i] = own[at[i]!]!
    }
    take(from, table.add(codes, count, out), count)
    count = 0
  }
  const give = (index: number, leadsTo: number): void => {
    from[count] = ids[index]!
    group[count] = index
    tuple[count++] = leadsTo
    if (count === blockRecords) flush()
  }
  for (let index = 0; index < ids.length; index++) {
    const key = keys[index]!
    const start = far.offsets[key]!
    const end = key === 0 ? start : far.offsets[key + 1]!
    if (start === end) give(index, far.none)
    for (let at = start; at < end && far.tuples[at] !== noGroup; at++) give(index, far.tuples[at]!)
  }
  if (count > 0) flush()
}
