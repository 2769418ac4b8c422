import type { Value } from './dual.ts'
import { formatNumber } from './format-number.ts'
import type { FormatSettings } from './format-settings.ts'

/** The text a value shows: its own, or the default text of its number. NULL has none. */
export function textOf(value: Value, settings: FormatSettings): string | null {
  if (value === null || typeof value === 'string') return value
  return typeof value === 'number' ? formatNumber(value, null, settings) : value.text
}
