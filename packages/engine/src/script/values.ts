import { Dual, type Value } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { readValue } from '../value/interpret.ts'
import { Dictionaries } from './stage.ts'

/** Any number but 0 is true; text counts when it can be read as a number; NULL is false. */
export function isTrue(value: Value, settings: FormatSettings): boolean {
  const number = readValue(value, settings)
  return !Number.isNaN(number) && number !== 0
}

export function newDictionaries(settings: FormatSettings): Dictionaries {
  return new Dictionaries(
    settings,
    (number, format) => new Dual(formatNumber(number, format, settings), number),
  )
}
