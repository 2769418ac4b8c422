import { collate } from './collate.ts'
import { numberOf, type Value } from './dual.ts'
import { defaultFormatSettings, type FormatSettings } from './format-settings.ts'
import { textOf } from './text-of.ts'

/** The default order of values: numbers by size, then texts by collation, NULL last. Texts are not read as numbers. */
export function sortOrder(a: Value, b: Value): number {
  const kind = sortKind(a) - sortKind(b)
  if (kind !== 0) return Math.sign(kind)
  if (typeof a === 'string' && typeof b === 'string') return collate(a, b)
  return a === null || b === null ? 0 : Math.sign(numberOf(a) - numberOf(b))
}

/** Order by the text shown, NULL last. */
export function textOrder(
  a: Value,
  b: Value,
  settings: FormatSettings = defaultFormatSettings,
): number {
  const left = textOf(a, settings)
  const right = textOf(b, settings)
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  return collate(left, right)
}

function sortKind(value: Value): number {
  if (value === null) return 2
  return typeof value === 'string' ? 1 : 0
}
