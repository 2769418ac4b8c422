import { defaultFormatSettings, type FormatSettings } from '../value/format-settings.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { CatalogueFormat } from './catalogue.ts'
import { malformed } from './malformed.ts'

/** @throws LichenError `snapshot-malformed` when the text is not the JSON of format settings */
export function readSettings(text: string): FormatSettings {
  const read = parsed(text)
  return isSettings(read) ? read : malformed('its format settings are not such')
}

const kinds: readonly NumberFormat['kind'][] = [
  'number',
  'integer',
  'fixed',
  'money',
  'date',
  'time',
  'timestamp',
  'interval',
]

/** @throws LichenError `snapshot-malformed` for an unknown kind */
export function readFormat(format: CatalogueFormat): NumberFormat {
  const kind =
    kinds.find((known) => known === format.kind) ?? malformed(`${format.kind} is no kind of format`)
  const { pattern, decimalSeparator, thousandSeparator } = format
  return {
    kind,
    pattern,
    ...(decimalSeparator === undefined ? {} : { decimalSeparator }),
    ...(thousandSeparator === undefined ? {} : { thousandSeparator }),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    return malformed('its format settings are not JSON', { cause: String(cause) })
  }
}

/** The same keys as the default settings, each of the same shape. */
function isSettings(read: unknown): read is FormatSettings {
  if (typeof read !== 'object' || read === null) return false
  const entries = new Map<string, unknown>(Object.entries(read))
  return Object.entries(defaultFormatSettings).every(([key, expected]) => {
    const value = entries.get(key)
    if (!Array.isArray(expected)) return typeof value === typeof expected
    return (
      Array.isArray(value) &&
      value.length === expected.length &&
      value.every((name) => typeof name === 'string')
    )
  })
}
