/** A criterion of sorting: a number per group, `direction` 1 ascending or -1 descending. NaN comes last either way. */
export interface SortKey {
  readonly values: ArrayLike<number>
  readonly direction: 1 | -1
}

/** Sorts ids in place by the keys in order of priority, then by position. Returns the array. */
export function sortGroups(ids: Uint32Array, keys: readonly SortKey[]): Uint32Array {
  if (keys.length === 0) return ids
  const position = new Map<number, number>()
  for (let i = 0; i < ids.length; i++) position.set(ids[i]!, i)
  return ids.sort((a, b) => {
    for (const { values, direction } of keys) {
      const left = values[a]!
      const right = values[b]!
      if (left === right) continue
      const leftMissing = Number.isNaN(left)
      const rightMissing = Number.isNaN(right)
      if (leftMissing || rightMissing) {
        if (leftMissing && rightMissing) continue
        return leftMissing ? 1 : -1
      }
      return left < right ? -direction : direction
    }
    return (position.get(a) ?? 0) - (position.get(b) ?? 0)
  })
}
