import type { SymbolTable } from '../storage/symbol-table.ts'
import { ValueKind } from '../value/dual.ts'

/**
 * Tags that follow from a field's values, in the order QVD files list them. Dates carry `$timestamp` and `$integer` too.
 * Source: https://help.qlik.com/en-US/sense/Subsystems/Hub/Content/Sense_Hub/Scripting/field-tags.htm
 */
export function valueTags(symbols: SymbolTable): readonly string[] {
  if (symbols.count === 0) return []
  if (symbols.allNumbers) return numericTags(symbols)
  return isAscii(symbols) ? ['$ascii', '$text'] : ['$text']
}

function numericTags(symbols: SymbolTable): readonly string[] {
  const integer = allIntegers(symbols)
  const tags = integer ? ['$numeric', '$integer'] : ['$numeric']
  if (symbols.format?.kind === 'timestamp') tags.push('$timestamp')
  if (symbols.format?.kind === 'date') tags.push('$timestamp', ...(integer ? ['$date'] : []))
  return tags
}

function allIntegers(symbols: SymbolTable): boolean {
  for (const { numbers, count } of symbols.segments) {
    for (let i = 0; i < count; i++) if (!Number.isInteger(numbers[i]!)) return false
  }
  return true
}

function isAscii(symbols: SymbolTable): boolean {
  for (const { kinds, bytes, count } of symbols.segments) {
    for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return false
    for (let i = 0; i < count; i++)
      if (kinds[i] === ValueKind.Number && symbols.format?.kind === 'money') return false
  }
  return true
}
