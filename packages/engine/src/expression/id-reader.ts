import type { GroupSet } from './group-set.ts'
import type { RecordBlock } from './record-block.ts'

/** The reader of the ids of a block's records: by the keys their dimensions hang on, where there are fewer keys than records. */
export function idReader(
  { table, dimensions }: GroupSet,
  block: RecordBlock,
  rows: number,
): () => Uint32Array {
  const { source } = block
  const [only, ...others] = dimensions
  if (only?.plain === true && only.field !== undefined && others.length === 0) {
    const counts = source.countsByCode?.(only.field)
    if (counts !== undefined && table.addCounted(counts)) return () => only.codes(block)
  }
  const paths = dimensions.map(({ plain, field }) =>
    plain === true && field !== undefined ? source.keyOf?.(field) : undefined,
  )
  const maps = paths.map((path) => path?.map)
  const worthIt =
    maps.some((map) => map !== undefined) &&
    dimensions.every(({ size }, d) => (maps[d]?.length ?? size) <= source.count)
  const keyed = worthIt ? table.keyed(maps) : undefined
  const own = new Uint32Array(rows)
  if (keyed === undefined)
    return () =>
      table.add(
        dimensions.map((dimension) => dimension.codes(block)),
        block.count,
        own,
      )
  const codesOf = (): readonly Uint32Array[] =>
    dimensions.map((dimension, d) => {
      const path = paths[d]
      return path === undefined ? dimension.codes(block) : block.codes(path.key)
    })
  return () => keyed.add(codesOf(), block.count, own)
}
