const symbols: readonly (readonly [string, number])[] = [
  ['M', 1000],
  ['CM', 900],
  ['D', 500],
  ['CD', 400],
  ['C', 100],
  ['XC', 90],
  ['L', 50],
  ['XL', 40],
  ['X', 10],
  ['IX', 9],
  ['V', 5],
  ['IV', 4],
  ['I', 1],
]

/** Roman numerals of a whole number 1 … 99 999, or undefined outside. */
export function romanOf(number: number): string | undefined {
  if (!Number.isInteger(number) || number < 1 || number > 99_999) return undefined
  let rest = number
  let text = ''
  for (const [symbol, size] of symbols) {
    while (rest >= size) {
      text += symbol
      rest -= size
    }
  }
  return text
}

/** The number of a roman numeral in any case, or NaN. */
export function numberOfRoman(text: string): number {
  const upper = text.toUpperCase()
  let number = 0
  let at = 0
  for (const [symbol, size] of symbols) {
    while (upper.startsWith(symbol, at)) {
      number += size
      at += symbol.length
    }
  }
  return at === upper.length && romanOf(number) === upper ? number : Number.NaN
}
