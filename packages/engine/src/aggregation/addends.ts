/**
 * Addends by code: numbers times `divisor` where that makes small integers of all of them, half as wide as doubles. `largest` by size;
 * infinite for doubles as they are.
 */
export type Addends =
  | { readonly values: Int32Array; readonly divisor: number; readonly largest: number }
  | { readonly values: Float64Array; readonly divisor: 1; readonly largest: undefined }

const knownAddends = new WeakMap<Float64Array, Addends>()

/** Made once for each array of numbers, NaN where there is none: that adds 0. */
export function addendsOf(numbers: Float64Array): Addends {
  let known = knownAddends.get(numbers)
  if (known === undefined) {
    known =
      scaled(numbers, 1) ?? scaled(numbers, 100) ?? scaled(numbers, 10_000) ?? asTheyAre(numbers)
    knownAddends.set(numbers, known)
  }
  return known
}

function scaled(numbers: Float64Array, divisor: number): Addends | undefined {
  const values = new Int32Array(numbers.length)
  let largest = 0
  for (let code = 0; code < numbers.length; code++) {
    const number = numbers[code]!
    if (Number.isNaN(number)) continue
    const value = Math.round(number * divisor)
    const size = Math.abs(value)
    if (value / divisor !== number || size > 0x7fffffff) return undefined
    values[code] = value
    if (size > largest) largest = size
  }
  return { values, divisor, largest }
}

function asTheyAre(numbers: Float64Array): Addends {
  const values = new Float64Array(numbers.length)
  for (let code = 0; code < numbers.length; code++) {
    const number = numbers[code]!
    values[code] = Number.isNaN(number) ? 0 : number
  }
  return { values, divisor: 1, largest: undefined }
}
