const longest = 64

/**
 * How close a text comes to a term, from 0 to 1 (equal): 1 - edits / length, taken over the whole text and each of its words. Below
 * 0.6 counts as 0. Texts are compared by their first 64 characters, so that a value costs a bounded time.
 */
export function closeness(text: string, term: string): number {
  const wanted = term.slice(0, longest)
  const whole = text.slice(0, longest)
  let best = similarity(whole, wanted)
  if (best === 1 || !whole.includes(' ')) return best
  for (const word of whole.split(' '))
    if (word !== '') best = Math.max(best, similarity(word, wanted) * 0.99)
  return best
}

function similarity(a: string, b: string): number {
  const length = Math.max(a.length, b.length)
  if (length === 0) return 1
  const allowed = Math.floor(length * 0.4)
  const edits = editDistance(a, b, allowed)
  return edits > allowed ? 0 : 1 - edits / length
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), or `limit + 1` when there are more than
 * `limit`. Only a band of 2 · limit + 1 around the diagonal is looked at.
 */
export function editDistance(a: string, b: string, limit: number): number {
  const tooMany = limit + 1
  if (Math.abs(a.length - b.length) > limit) return tooMany
  let beforePrevious = new Uint8Array(b.length + 1)
  let previous = new Uint8Array(b.length + 1)
  let current = new Uint8Array(b.length + 1)
  for (let j = 0; j <= b.length; j++) previous[j] = Math.min(j, tooMany)
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - limit)
    const to = Math.min(b.length, i + limit)
    current.fill(tooMany)
    if (i <= limit) current[0] = i
    let least = current[0]!
    for (let j = from; j <= to; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1
      let edits = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + same)
      const swapped =
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      if (swapped) edits = Math.min(edits, beforePrevious[j - 2]! + 1)
      current[j] = Math.min(edits, tooMany)
      least = Math.min(least, current[j]!)
    }
    if (least > limit) return tooMany
    const spare = beforePrevious
    beforePrevious = previous
    previous = current
    current = spare
  }
  return previous[b.length]!
}
