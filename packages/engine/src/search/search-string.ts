import { LichenError } from '../base/errors.ts'
import { hasWildcard } from '../value/wildcard.ts'

export type Comparison = '<' | '<=' | '>' | '>='

export type Combination = '|' | '&' | '^'

/** What a search string asks for. `^` of a combination is exclusive or. */
export type SearchNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'words'; readonly terms: readonly string[]; readonly text: string }
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'wildcard'; readonly pattern: string }
  | { readonly kind: 'range'; readonly bounds: readonly Bound[] }
  | { readonly kind: 'fuzzy'; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string }
  | {
      readonly kind: 'combined'
      readonly operator: Combination
      readonly parts: readonly SearchNode[]
    }

export interface Bound {
  readonly comparison: Comparison
  /** As written, without blanks around it. */
  readonly limit: string
}

/**
 * `listbox`: plain text looks for words that begin with its terms. `set`: plain text, as in double quotes of a set modifier, is the
 * whole value.
 */
export type SearchMode = 'listbox' | 'set'

const longestSearch = 10_000
const deepest = 32

/** From loosest to tightest. */
const combinations: readonly Combination[] = ['|', '^', '&']

/**
 * Reads a search string. Every string means something: what is no range, compound or pattern is plain text.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Selections/text-search.htm
 * @throws LichenError `budget-exceeded` for a text longer than 10,000 or parentheses deeper than 32.
 */
export function parseSearch(text: string, mode: SearchMode): SearchNode {
  if (text.length > longestSearch) {
    throw new LichenError(
      'budget-exceeded',
      `The search has ${text.length} characters; at most ${longestSearch} are allowed`,
    )
  }
  return readSearch(text, mode, 0)
}

function readSearch(text: string, mode: SearchMode, depth: number): SearchNode {
  const trimmed = text.trim()
  if (trimmed === '') return mode === 'set' ? { kind: 'whole', text } : { kind: 'all' }
  if (trimmed.startsWith('=')) return { kind: 'expression', text: trimmed.slice(1) }
  if (trimmed.startsWith('~')) return { kind: 'fuzzy', text: trimmed.slice(1).trim() }
  return (
    readCombined(trimmed, mode, depth) ??
    readRange(trimmed) ??
    (mode === 'set' ? readWhole(text) : readPlain(trimmed))
  )
}

function readWhole(text: string): SearchNode {
  return hasWildcard(text) ? { kind: 'wildcard', pattern: text } : { kind: 'whole', text }
}

function readPlain(text: string): SearchNode {
  const terms = termsOf(text)
  const first = terms[0]
  const quoted = text.startsWith('"')
  if (!quoted && hasWildcard(text)) return { kind: 'wildcard', pattern: text }
  if (first === undefined) return { kind: 'all' }
  return { kind: 'words', terms, text }
}

/** Words apart by blanks; a quoted part is one term. A leading `^` says what is meant anyway. */
function termsOf(text: string): string[] {
  const terms: string[] = []
  for (let at = 0; at < text.length; ) {
    if (text[at] === '"') {
      const end = closingQuote(text, at)
      terms.push(text.slice(at + 1, end))
      at = end + 1
    } else if (isBlank(text[at])) at += 1
    else {
      let end = at
      while (end < text.length && !isBlank(text[end]) && text[end] !== '"') end += 1
      terms.push(text.slice(text[at] === '^' ? at + 1 : at, end))
      at = end
    }
  }
  return terms.filter((term) => term !== '')
}

function closingQuote(text: string, open: number): number {
  const end = text.indexOf('"', open + 1)
  return end === -1 ? text.length : end
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r'
}

/** `>10<20`, `>= 2024-01-01 < 2025-01-01`: one or more comparisons, all of which hold. */
function readRange(text: string): SearchNode | undefined {
  if (text[0] !== '<' && text[0] !== '>') return undefined
  const bounds: Bound[] = []
  for (let at = 0; at < text.length; ) {
    const sign = text[at] === '<' ? '<' : '>'
    const comparison: Comparison = text[at + 1] === '=' ? `${sign}=` : sign
    const start = at + comparison.length
    let end = start
    while (end < text.length && text[end] !== '<' && text[end] !== '>') end += 1
    const limit = text.slice(start, end).trim()
    if (limit === '') return undefined
    bounds.push({ comparison, limit })
    at = end
  }
  return { kind: 'range', bounds }
}

/** `(a|b)`, nested; undefined where no operator stands at the top level inside, as in the plain value `(none)`. */
function readCombined(text: string, mode: SearchMode, depth: number): SearchNode | undefined {
  if (!text.startsWith('(') || closingParenthesis(text) !== text.length - 1) return undefined
  if (depth >= deepest) {
    throw new LichenError('budget-exceeded', `The search nests more than ${deepest} parentheses`)
  }
  const inner = text.slice(1, -1)
  return readOperands(inner, mode, depth, 0) ?? nestedOnly(inner, mode, depth)
}

/** Parentheses around a compound search change nothing. */
function nestedOnly(inner: string, mode: SearchMode, depth: number): SearchNode | undefined {
  return readCombined(inner.trim(), mode, depth + 1)
}

function readOperands(
  text: string,
  mode: SearchMode,
  depth: number,
  level: number,
): SearchNode | undefined {
  const operator = combinations[level]
  if (operator === undefined) return undefined
  const parts = splitTopLevel(text, operator)
  if (parts.length === 1) return readOperands(text, mode, depth, level + 1)
  const given = parts
    .filter((part) => part.trim() !== '')
    .map(
      (part) =>
        readOperands(part, mode, depth, level + 1) ?? readSearch(part.trim(), mode, depth + 1),
    )
  return given.length === 0 ? undefined : { kind: 'combined', operator, parts: given }
}

/** Parts between operators outside parentheses and quotes. A `^` that begins an operand is a word start, not an operator. */
function splitTopLevel(text: string, operator: Combination): string[] {
  const parts: string[] = []
  let from = 0
  let open = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = closingQuote(text, at)
    else if (character === '(') open += 1
    else if (character === ')') open -= 1
    else if (character === operator && open === 0 && !beginsOperand(text, from, at)) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

function beginsOperand(text: string, from: number, at: number): boolean {
  return text[at] === '^' && /(^|[|&^(])\s*$/.test(text.slice(Math.max(from, at - 8), at))
}

/** Where the parenthesis at 0 closes, or -1. */
function closingParenthesis(text: string): number {
  let open = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = closingQuote(text, at)
    else if (character === '(') open += 1
    else if (character === ')') {
      open -= 1
      if (open === 0) return at
    }
  }
  return -1
}
