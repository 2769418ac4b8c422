import { collate } from './collate.ts'
import { numberOf, type Value } from './dual.ts'
import { defaultFormatSettings, type FormatSettings } from './format-settings.ts'
import { readValue } from './interpret.ts'
import { textOf } from './text-of.ts'

/**
 * Order of two values for the relational operators: by number where both have one or can be read as one, else by text.
 * NaN when either is NULL; the operator decides what that means.
 */
export function compareValues(
  a: Value,
  b: Value,
  settings: FormatSettings = defaultFormatSettings,
): number {
  if (a === null || b === null) return Number.NaN
  const left = readValue(a, settings)
  if (!Number.isNaN(left)) {
    const right = readValue(b, settings)
    if (!Number.isNaN(right)) return Math.sign(left - right)
  }
  return collate(textOf(a, settings) ?? '', textOf(b, settings) ?? '')
}

/** Equality of the `=` operator; NULL equals nothing. Text is compared with its case. */
export function equalValues(
  a: Value,
  b: Value,
  settings: FormatSettings = defaultFormatSettings,
): boolean {
  return compareValues(a, b, settings) === 0
}

/** Field values are one value when their numbers are equal, or, without numbers, their texts. No text is read as a number here. */
export function sameFieldValue(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b
  const left = numberOf(a)
  const right = numberOf(b)
  if (Number.isNaN(left) || Number.isNaN(right))
    return typeof a === 'string' && typeof b === 'string' && a === b
  return left === right
}
