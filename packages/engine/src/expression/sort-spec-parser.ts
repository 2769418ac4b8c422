import type { Expression, SortOrdering, SortSpec, SortType } from './ast.ts'
import type { Lexer } from './lexer.ts'
import type { Nesting } from './nesting.ts'
import { describe, isSymbol } from './set-parser.ts'

const types: ReadonlyMap<string, SortType> = new Map([
  ['numeric', 'numeric'],
  ['text', 'text'],
  ['frequency', 'frequency'],
  ['load_order', 'load_order'],
])

const orderings: ReadonlyMap<string, SortOrdering> = new Map([
  ['ascending', 'ascending'],
  ['asc', 'ascending'],
  ['descending', 'descending'],
  ['desc', 'descending'],
  ['reverse', 'reverse'],
])

interface Criterion {
  type: SortType
  ordering: SortOrdering
}

/**
 * sortspec := '(' dimension {',' criterion} ')' ; criterion := '(' (type | ordering | criterion) {',' …} ')'
 * A parenthesis without a criterion is an ordinary expression.
 */
export function parseSortSpec(
  lexer: Lexer,
  nesting: Nesting,
  parseExpression: () => Expression,
): Expression {
  const opening = lexer.offset()
  if (!isSortSpec(lexer, opening)) return parseExpression()
  lexer.take()
  const dimension = parseExpression()
  const height = nesting.height
  const criteria: Criterion[] = []
  while (isSymbol(lexer.peek(), ',')) {
    lexer.take()
    parseCriterion(lexer, nesting, criteria)
  }
  expect(lexer, ')')
  nesting.raise(height)
  const span = { start: opening, end: lexer.lastEnd }
  return { kind: 'sort-spec', dimension, criteria, span } satisfies SortSpec
}

/** A structured parameter is a field in parentheses followed by a comma; fields are all that Aggr groups by. */
function isSortSpec(lexer: Lexer, opening: number): boolean {
  const ahead = lexer.fork(opening)
  ahead.take()
  const name = ahead.take()
  return name.type === 'name' && isSymbol(ahead.peek(), ',')
}

function parseCriterion(lexer: Lexer, nesting: Nesting, criteria: Criterion[]): void {
  nesting.enter()
  expect(lexer, '(')
  for (;;) {
    const token = lexer.peek()
    if (isSymbol(token, '(')) parseCriterion(lexer, nesting, criteria)
    else if (token.type === 'name') takeWord(lexer, criteria)
    else break
    if (!isSymbol(lexer.peek(), ',')) break
    lexer.take()
  }
  expect(lexer, ')')
  nesting.leave()
}

function takeWord(lexer: Lexer, criteria: Criterion[]): void {
  const token = lexer.take()
  const word = lexer.text.slice(token.span.start, token.span.end).toLowerCase()
  const type = types.get(word)
  const ordering = orderings.get(word)
  const last = criteria.at(-1)
  if (type !== undefined) criteria.push({ type, ordering: 'ascending' })
  else if (ordering !== undefined && last !== undefined) last.ordering = ordering
  else if (ordering !== undefined) criteria.push({ type: 'load_order', ordering })
  else {
    lexer.report(
      'Expected NUMERIC, TEXT, FREQUENCY or LOAD_ORDER with ASCENDING, DESCENDING or REVERSE',
      token.span,
    )
  }
}

function expect(lexer: Lexer, symbol: string): void {
  const token = lexer.peek()
  if (isSymbol(token, symbol)) {
    lexer.take()
    return
  }
  lexer.report(`Expected ${symbol}, but found ${describe(token, lexer.text)}`, token.span)
}
