import type { SymbolTable } from '../storage/symbol-table.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { compileDateReader, compileNumberReader, interpretText } from '../value/interpret.ts'

/** Reads a number or date as a search writes it: by the field's own format first, then by the format variables. NaN when it is text. */
export function readLimit(text: string, symbols: SymbolTable, settings: FormatSettings): number {
  return (
    readByFormat(text, symbols, settings) ?? interpretText(text, settings)?.number ?? Number.NaN
  )
}

function readByFormat(
  text: string,
  { format }: SymbolTable,
  settings: FormatSettings,
): number | null {
  if (format === null || format.pattern === '') return null
  switch (format.kind) {
    case 'date':
    case 'time':
    case 'timestamp':
      return compileDateReader(format.pattern, settings)(text)
    case 'interval':
      return compileDateReader(format.pattern, settings, 'interval')(text)
    case 'number':
    case 'integer':
    case 'fixed':
    case 'money': {
      const decimal = format.decimalSeparator ?? settings.decimalSep
      const thousand = format.thousandSeparator ?? settings.thousandSep
      return compileNumberReader(format.pattern, decimal, thousand)(text)
    }
  }
}
