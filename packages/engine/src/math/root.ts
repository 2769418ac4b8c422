/** A root of a continuous function between two points of opposite sign; NaN when the signs agree. Bisection, 200 steps at most. */
export function rootBetween(evaluate: (x: number) => number, from: number, to: number): number {
  let low = from
  let high = to
  let atLow = evaluate(low)
  const atHigh = evaluate(high)
  if (atLow === 0) return low
  if (atHigh === 0) return high
  if (!(atLow * atHigh < 0)) return Number.NaN
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    const atMiddle = evaluate(middle)
    if (atMiddle === 0) return middle
    if (atLow < 0 === atMiddle < 0) {
      low = middle
      atLow = atMiddle
    } else high = middle
  }
  return (low + high) / 2
}
