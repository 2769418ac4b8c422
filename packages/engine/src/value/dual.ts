/** A value with a number and a text of its own, such as a formatted date: it sorts and compares by the number and shows the text. */
export class Dual {
  readonly text: string
  readonly number: number
  constructor(text: string, number: number) {
    this.text = text
    this.number = number
  }
}

/**
 * One value of the language. A JS number is a number without a text of its own (it shows by default formatting),
 * a string is text without a number, `null` is NULL. NaN and infinities are never values: what would be one is NULL.
 */
export type Value = null | number | string | Dual

/** Bit 1: has a number. Bit 2: has a text of its own. */
export const ValueKind = { Null: 0, Number: 1, Text: 2, Dual: 3 } as const
export type ValueKind = (typeof ValueKind)[keyof typeof ValueKind]

/** The number of a value, or NaN where it has none. */
export function numberOf(value: Value): number {
  if (typeof value === 'number') return value
  return value instanceof Dual ? value.number : Number.NaN
}

/** NaN and infinities become NULL. */
export function numberOrNull(number: number): Value {
  return Number.isFinite(number) ? number : null
}
