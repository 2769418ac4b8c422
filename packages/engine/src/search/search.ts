import { LichenError } from '../base/errors.ts'
import { Bitset } from '../storage/bitset.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'
import { ValueKind } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { closeness } from './closeness.ts'
import { readLimit } from './read-limit.ts'
import { type Bound, parseSearch, type SearchMode, type SearchNode } from './search-string.ts'
import { symbolsOfPattern, symbolsOfText, symbolsWithWord } from './text-match.ts'
import { type Mark, rangesOfMarks, type TextRange } from './words.ts'

export interface SearchOptions {
  readonly mode?: SearchMode
  /** Evaluates the expression after `=` for every symbol. Without it an expression search is refused. */
  readonly expression?: (expression: string) => Bitset
}

export interface SearchResult {
  /** The symbols found; size = symbol count. */
  readonly symbols: Bitset
  /** For a fuzzy search the symbols found, closest first, equally close ones in load order; else null. */
  readonly ranking: Uint32Array | null
  /** Parts of a found symbol's text to be highlighted, ascending; empty where the text is not what was matched. */
  ranges(symbol: number): readonly TextRange[]
}

/**
 * The symbols a search string means. Time grows linearly with the text of all symbols.
 * @throws LichenError `budget-exceeded` (too long or too deep), `invalid-argument` (expression without evaluator)
 */
export function compileSearch(
  text: string,
  symbols: SymbolTable,
  settings: FormatSettings,
  options: SearchOptions = {},
): SearchResult {
  const node = parseSearch(text, options.mode ?? 'listbox')
  const matched: Matched =
    node.kind === 'fuzzy'
      ? rankByCloseness(node.text, symbols)
      : { found: find(node, symbols, settings, options), ranking: null }
  const marks = marksOf(node)
  return {
    symbols: matched.found,
    ranking: matched.ranking,
    ranges: (symbol) => {
      if (!matched.found.has(symbol)) return []
      const shown = symbols.textAt(symbol)
      const lower = shown.toLowerCase()
      // Some letters change their length in lower case; positions would not fit then.
      return lower.length === shown.length ? rangesOfMarks(lower, marks) : []
    },
  }
}

interface Matched {
  readonly found: Bitset
  readonly ranking: Uint32Array | null
}

function find(
  node: SearchNode,
  symbols: SymbolTable,
  settings: FormatSettings,
  options: SearchOptions,
): Bitset {
  switch (node.kind) {
    case 'all':
      return Bitset.full(symbols.count)
    case 'words': {
      const terms = node.terms.map((term) => term.toLowerCase())
      return symbolsWithWord(symbols, terms).unionWith(equalTo(node.text, symbols, settings))
    }
    case 'whole':
      return symbolsOfText(symbols, node.text).unionWith(equalTo(node.text, symbols, settings))
    case 'wildcard':
      return symbolsOfPattern(symbols, node.pattern)
    case 'range':
      return inRange(node.bounds, symbols, settings)
    case 'fuzzy':
      return rankByCloseness(node.text, symbols).found
    case 'expression':
      return byExpression(node.text, symbols, options)
    case 'combined':
      return node.parts
        .map((part) => find(part, symbols, settings, options))
        .reduce((found, part) => {
          if (node.operator === '|') return found.unionWith(part)
          if (node.operator === '&') return found.intersectWith(part)
          return exclusive(found, part)
        })
  }
}

/**
 * The symbol whose number was typed, as a date in another format is. A dual such as `Jan` for 1 is found by its text only, since its
 * text does not read as that number.
 */
function equalTo(text: string, symbols: SymbolTable, settings: FormatSettings): Bitset {
  const found = new Bitset(symbols.count)
  const number = readLimit(text.trim(), symbols, settings)
  const symbol = Number.isNaN(number) ? -1 : symbols.find(number)
  if (symbol === -1) return found
  const isShownAsNumber =
    symbols.kindAt(symbol) === ValueKind.Number ||
    readLimit(symbols.textAt(symbol), symbols, settings) === number
  if (isShownAsNumber) found.add(symbol)
  return found
}

function inRange(bounds: readonly Bound[], symbols: SymbolTable, settings: FormatSettings): Bitset {
  const found = new Bitset(symbols.count)
  const limits = bounds.map(({ comparison, limit }) => ({
    comparison,
    number: readLimit(limit, symbols, settings),
  }))
  // A limit that is no number compares with nothing.
  if (limits.some(({ number }) => Number.isNaN(number))) return found
  for (let symbol = 0; symbol < symbols.count; symbol++) {
    const number = symbols.numberAt(symbol)
    if (
      !Number.isNaN(number) &&
      limits.every((limit) => holds(number, limit.comparison, limit.number))
    ) {
      found.add(symbol)
    }
  }
  return found
}

function holds(number: number, comparison: Bound['comparison'], limit: number): boolean {
  switch (comparison) {
    case '<':
      return number < limit
    case '<=':
      return number <= limit
    case '>':
      return number > limit
    case '>=':
      return number >= limit
  }
}

function rankByCloseness(term: string, symbols: SymbolTable): Matched {
  const found = new Bitset(symbols.count)
  const ranked: { symbol: number; close: number }[] = []
  const lower = term.toLowerCase()
  for (let symbol = 0; symbol < symbols.count; symbol++) {
    const close = closeness(symbols.textAt(symbol).toLowerCase(), lower)
    if (close === 0) continue
    found.add(symbol)
    ranked.push({ symbol, close })
  }
  ranked.sort((a, b) => b.close - a.close || a.symbol - b.symbol)
  return { found, ranking: Uint32Array.from(ranked, ({ symbol }) => symbol) }
}

function byExpression(expression: string, symbols: SymbolTable, options: SearchOptions): Bitset {
  if (options.expression === undefined) {
    throw new LichenError(
      'invalid-argument',
      'An expression search (=…) is not possible here; search by text instead',
    )
  }
  const found = options.expression(expression)
  if (found.size !== symbols.count) {
    throw new LichenError(
      'invalid-argument',
      `The expression search answered for ${found.size} of ${symbols.count} symbols`,
    )
  }
  return found.clone()
}

function exclusive(found: Bitset, other: Bitset): Bitset {
  for (let i = 0; i < found.words.length; i++) found.words[i]! ^= other.words[i]!
  return found
}

/** Texts to be shown as found, in lower case: terms of word searches, parts of patterns, also within a compound search. */
function marksOf(node: SearchNode): readonly Mark[] {
  switch (node.kind) {
    case 'words':
      return node.terms.map((term) => ({ text: term.toLowerCase(), atWordStart: true }))
    case 'whole':
      return node.text === '' ? [] : [{ text: node.text.toLowerCase(), atWordStart: true }]
    case 'wildcard':
      return node.pattern
        .split(/[*?^]+/)
        .filter((part) => part !== '')
        .map((part) => ({ text: part.toLowerCase(), atWordStart: false }))
    case 'combined':
      return node.parts.flatMap(marksOf)
    default:
      return []
  }
}
