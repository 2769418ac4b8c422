import type { SymbolTable } from '../storage/symbol-table.ts'
import type { Value } from '../value/dual.ts'
import { blockRows, Vector } from '../value/vector.ts'
import type { Evaluator } from './evaluator.ts'

export function constant(value: Value): Evaluator {
  const out = new Vector()
  for (let i = 0; i < blockRows; i++) out.set(i, value)
  return () => out
}

/** Kind of each code as values are seen: a number that its field shows by a format is a dual. */
const kindsOfSymbols = new WeakMap<SymbolTable, Uint8Array>()

export function kindsByCode(symbols: SymbolTable): Uint8Array {
  let kinds = kindsOfSymbols.get(symbols)
  if (kinds === undefined || kinds.length !== symbols.count + 1) {
    kinds = new Uint8Array(symbols.count + 1)
    for (const segment of symbols.segments) {
      for (let i = 0; i < segment.count; i++) {
        const kind = segment.kinds[i]!
        kinds[segment.start + i + 1] = kind === 1 && symbols.format !== null ? 3 : kind
      }
    }
    kindsOfSymbols.set(symbols, kinds)
  }
  return kinds
}

/** What a consumer reads of a field: all of the value, its number only, or its text where it has no number. */
type FieldUse = 'value' | 'number' | 'operand'

const kindsInUse: Readonly<Record<FieldUse, readonly number[]>> = {
  value: [0, 1, 2, 3],
  number: [0, 1, 0, 1],
  operand: [0, 1, 2, 1],
}

export function fieldReader(
  symbols: SymbolTable | undefined,
  field: number,
  use: FieldUse,
): Evaluator {
  const out = new Vector()
  if (symbols === undefined) return constant(null)
  const kindOf = kindsByCode(symbols)
  const numberOf = symbols.numbersByCode()
  const used = Uint8Array.from(kindsInUse[use])
  const { kinds, numbers, texts } = out
  if (use !== 'value' && symbols.allNumbers)
    return (block) => {
      readNumbers(block.codes(field), block.count, numberOf, out)
      return out
    }
  if (use === 'number')
    return (block) => {
      const codes = block.codes(field)
      const { count } = block
      for (let i = 0; i < count; i++) {
        const code = codes[i]!
        kinds[i] = kindOf[code]! & 1
        numbers[i] = numberOf[code]!
      }
      return out
    }
  return (block) => {
    const codes = block.codes(field)
    for (let i = 0; i < block.count; i++) {
      const code = codes[i]!
      const kind = used[kindOf[code]!]!
      kinds[i] = kind
      numbers[i] = numberOf[code]!
      if ((kind & 2) !== 0) texts[i] = symbols.textAt(code - 1)
    }
    return out
  }
}

/** Of a field of numbers alone. */
function readNumbers(
  codes: Uint32Array,
  count: number,
  numberOf: Float64Array,
  { kinds, numbers }: Vector,
): void {
  for (let i = 0; i < count; i++) {
    const code = codes[i]!
    kinds[i] = code === 0 ? 0 : 1
    numbers[i] = numberOf[code]!
  }
}
