/** Least number of insertions, deletions and replacements of characters that turn one text into the other. */
export function levenshtein(from: string, to: string): number {
  const source = Array.from(from)
  const target = Array.from(to)
  let previous = Array.from({ length: target.length + 1 }, (_, index) => index)
  for (const [row, letter] of source.entries()) {
    const current = [row + 1]
    for (const [column, other] of target.entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1)
      const inserted = (current[column] ?? 0) + 1
      const deleted = (previous[column + 1] ?? 0) + 1
      current.push(Math.min(replaced, inserted, deleted))
    }
    previous = current
  }
  return previous[target.length] ?? 0
}
