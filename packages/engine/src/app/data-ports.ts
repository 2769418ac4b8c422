import type { FunctionPorts } from '../functions/ports.ts'
import type { ModelView } from '../model/view.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'

/** What chart functions ask of the fields of a view. Tables are asked for by scripts alone. */
export function dataPorts(view: ModelView): FunctionPorts {
  const symbolsOf = (field: string): SymbolTable | undefined =>
    view.fields[view.fieldIndex(field) ?? -1]?.symbols
  return {
    fieldValueCount: (field) => symbolsOf(field)?.count,
    fieldValue(field, position) {
      const symbols = symbolsOf(field)
      const isThere = symbols !== undefined && position >= 1 && position <= symbols.count
      return isThere ? symbols.valueAt(position - 1) : null
    },
    fieldIndex: (field, value) => (symbolsOf(field)?.find(value) ?? -1) + 1,
  }
}
