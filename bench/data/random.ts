/** Mulberry32, a public-domain generator of 32-bit state: numbers in [0, 1). The same seed gives the same numbers. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * Draws 0 … count - 1 with probability proportional to 1 / (rank + 1)^exponent; ranks are dealt to the numbers at random, so that a large
 * share says nothing about a number. Walker's alias method, two table reads a draw.
 * https://en.wikipedia.org/wiki/Alias_method
 */
export function zipfian(count: number, exponent: number, random: () => number): () => number {
  const weights = new Float64Array(count)
  let total = 0
  for (let rank = 0; rank < count; rank++) {
    weights[rank] = (rank + 1) ** -exponent
    total += weights[rank] ?? 0
  }
  const alias = new Uint32Array(count)
  const small: number[] = []
  const large: number[] = []
  for (let rank = 0; rank < count; rank++) {
    const scaled = ((weights[rank] ?? 0) * count) / total
    weights[rank] = scaled
    ;(scaled < 1 ? small : large).push(rank)
  }
  for (;;) {
    const low = small.pop()
    const high = large.pop()
    if (low === undefined || high === undefined) break
    alias[low] = high
    const rest = (weights[high] ?? 0) + (weights[low] ?? 0) - 1
    weights[high] = rest
    ;(rest < 1 ? small : large).push(high)
    if (small.length === 0 || large.length === 0) {
      for (const rank of [...small, ...large]) weights[rank] = 1
      break
    }
  }
  const numbers = shuffled(count, random)
  return () => {
    const scaled = random() * count
    const rank = Math.floor(scaled)
    const kept = scaled - rank < (weights[rank] ?? 1) ? rank : (alias[rank] ?? 0)
    return numbers[kept] ?? 0
  }
}

/** 0 … count - 1 in random order. */
export function shuffled(count: number, random: () => number): Uint32Array {
  const numbers = Uint32Array.from({ length: count }, (_, number) => number)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const moved = numbers[last] ?? 0
    numbers[last] = numbers[other] ?? 0
    numbers[other] = moved
  }
  return numbers
}
