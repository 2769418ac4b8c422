/** n!, NaN for what is not a whole number of at least 0. */
export function factorial(n: number): number {
  if (!Number.isInteger(n) || n < 0) return Number.NaN
  return n > 170 ? Number.POSITIVE_INFINITY : fallingFactorial(n, n)
}

/** n · (n − 1) · … of q factors: the ordered choices of q out of n. */
export function fallingFactorial(n: number, q: number): number {
  if (!Number.isInteger(n) || !Number.isInteger(q) || q < 0 || n < q) return Number.NaN
  let product = 1
  for (let factor = n; factor > n - q && product !== Number.POSITIVE_INFINITY; factor -= 1)
    product *= factor
  return product
}

/** The choices of q out of n without order. */
export function binomial(n: number, q: number): number {
  if (!Number.isInteger(n) || !Number.isInteger(q) || q < 0 || n < q) return Number.NaN
  const least = Math.min(q, n - q)
  let product = 1
  for (let step = 1; step <= least && product !== Number.POSITIVE_INFINITY; step += 1)
    product = (product * (n - least + step)) / step
  return Math.round(product)
}
