import { LichenError } from '../base/errors.ts'
import type { Inference } from '../inference/inference.ts'
import type { ModelView } from '../model/view.ts'
import { compileSearch } from '../search/search.ts'
import type { Selections } from '../selection/selections.ts'
import { Bitset } from '../storage/bitset.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'
import type {
  ElementExpression,
  ElementFunction,
  ElementItem,
  SetExpression,
  SetIdentifier,
} from './ast.ts'
import { combine } from './combine.ts'

export interface ElementContext {
  readonly view: ModelView
  /** The identifier's selections, which a field in place of elements is read from. */
  readonly base: Selections
  /** @throws LichenError `expression-invalid` for a state or bookmark there is not */
  selectionsOf(identifier: SetIdentifier): Selections
  infer(selections: Selections): Inference
  possibleIn(set: SetExpression | null, field: number): Bitset
  /** The symbols of a field for which an expression is true, under the base selections with that field's lifted. */
  searchExpression(text: string, field: number, base: Selections): Bitset
}

/** The symbols of `field` that an element expression means; a new set. */
export function symbolsOfElements(
  elements: ElementExpression,
  field: number,
  context: ElementContext,
): Bitset {
  const symbols = symbolsOf(context.view, field)
  switch (elements.kind) {
    case 'element-binary':
      return combine(
        elements.operator,
        symbolsOfElements(elements.left, field, context),
        symbolsOfElements(elements.right, field, context),
      )
    case 'element-complement':
      return symbolsOfElements(elements.operand, field, context).clone().complement()
    case 'element-list': {
      const found = new Bitset(symbols.count)
      for (const item of elements.items) addItem(item, field, symbols, context, found)
      return found
    }
    case 'element-function':
      return possibleOrExcluded(elements, field, context)
    case 'element-field': {
      const other = fieldIndex(context.view, elements.field)
      const base = elements.state === null ? context.base : context.selectionsOf(elements.state)
      const selected = base.fields.get(other)?.symbols ?? context.infer(base).possible(other)
      return translate(selected, other, field, context.view)
    }
  }
}

function possibleOrExcluded(
  elements: ElementFunction,
  field: number,
  context: ElementContext,
): Bitset {
  const other = elements.field === null ? field : fieldIndex(context.view, elements.field)
  const possible = context.possibleIn(elements.set, other)
  const wanted = elements.name === 'P' ? possible : possible.clone().complement()
  return translate(wanted, other, field, context.view)
}

/** The symbols of one field that have the values of symbols of another. */
function translate(symbols: Bitset, from: number, to: number, view: ModelView): Bitset {
  if (from === to) return symbols.clone()
  const source = symbolsOf(view, from)
  const target = symbolsOf(view, to)
  const found = new Bitset(target.count)
  symbols.forEach((symbol) => {
    const other = target.find(source.valueAt(symbol))
    if (other !== -1) found.add(other)
  })
  return found
}

function addItem(
  item: ElementItem,
  field: number,
  symbols: SymbolTable,
  context: ElementContext,
  found: Bitset,
): void {
  switch (item.type) {
    case 'literal':
      addText(symbols, found, (text) => text === item.text)
      return
    case 'bare': {
      const byNumber = item.number === null ? -1 : symbols.find(item.number)
      if (byNumber !== -1) found.add(byNumber)
      else {
        const lower = item.text.toLowerCase()
        addText(symbols, found, (text) => text.toLowerCase() === lower)
      }
      return
    }
    case 'search':
      found.unionWith(searched(item.text, field, symbols, context))
  }
}

function addText(symbols: SymbolTable, found: Bitset, matches: (text: string) => boolean): void {
  for (let symbol = 0; symbol < symbols.count; symbol++)
    if (matches(symbols.textAt(symbol))) found.add(symbol)
}

function searched(
  text: string,
  field: number,
  symbols: SymbolTable,
  context: ElementContext,
): Bitset {
  return compileSearch(text, symbols, context.view.settings, {
    mode: 'set',
    expression: (expression) => context.searchExpression(expression, field, context.base),
  }).symbols
}

function symbolsOf(view: ModelView, field: number): SymbolTable {
  const symbols = view.fields[field]?.symbols
  if (symbols === undefined)
    throw new LichenError('internal', `Broken invariant: field ${field} is in the view`)
  return symbols
}

function fieldIndex(view: ModelView, name: string): number {
  const field = view.fieldIndex(name)
  if (field === undefined)
    throw new LichenError('field-not-found', `There is no field ${name}, which a set refers to`, {
      details: { field: name },
    })
  return field
}
