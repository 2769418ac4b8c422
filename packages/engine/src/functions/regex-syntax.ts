/** Regular expressions that can be matched in linear time: no back references and no look-around. */

export type CodeTest = (code: number) => boolean

export type Assertion = 'start' | 'end' | 'boundary' | 'inside'

export type RegexNode =
  | { readonly type: 'one'; readonly test: CodeTest }
  | { readonly type: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly type: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly type: 'repeat'
      readonly item: RegexNode
      readonly least: number
      readonly most: number
      readonly greedy: boolean
    }
  | { readonly type: 'group'; readonly item: RegexNode; readonly index: number }
  | { readonly type: 'assertion'; readonly kind: Assertion }

const maxPatternLength = 2000
const maxRepeats = 1000
const maxDepth = 100

/** The tree of a pattern and its number of groups; undefined when it is malformed or beyond the limits. */
export function parseRegex(
  pattern: string,
  ignoreCase: boolean,
): { readonly tree: RegexNode; readonly groups: number } | undefined {
  if (pattern.length > maxPatternLength) return undefined
  const parser = new RegexParser(Array.from(pattern), ignoreCase)
  const tree = parser.choice(0)
  return tree === undefined || !parser.finished ? undefined : { tree, groups: parser.groups }
}

/** What is wrong with a pattern that `parseRegex` gives nothing for, for people to read. */
export function regexHint(pattern: string): string {
  if (pattern.length > maxPatternLength)
    return `The pattern has more than ${maxPatternLength} characters`
  const symbols = Array.from(pattern)
  const parser = new RegexParser(symbols, false)
  if (parser.choice(0) !== undefined && parser.finished) return 'The pattern repeats too much'
  const place = Math.min(parser.at + 1, symbols.length)
  return `The pattern goes wrong at character ${place} of ${symbols.length} or before: look for brackets that do not pair, for a repetition of nothing, and for back references and look-around, which are not part of these patterns`
}

const digit: CodeTest = (code) => code >= 48 && code <= 57
const word: CodeTest = (code) =>
  digit(code) || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
const space: CodeTest = (code) => code === 32 || (code >= 9 && code <= 13) || code === 0xa0
const anyButBreak: CodeTest = (code) => code !== 10 && code !== 13

export const isWordCode: CodeTest = word

const classes: Readonly<Record<string, CodeTest>> = { d: digit, w: word, s: space }
const controls: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  0: '\0',
}

function not(test: CodeTest): CodeTest {
  return (code) => !test(code)
}

class RegexParser {
  readonly #symbols: readonly string[]
  readonly #ignoreCase: boolean
  #at = 0
  groups = 0

  constructor(symbols: readonly string[], ignoreCase: boolean) {
    this.#symbols = symbols
    this.#ignoreCase = ignoreCase
  }

  /** The first character that was not understood, 0-based; behind the last one when nothing is left. */
  get at(): number {
    return this.#at
  }

  get finished(): boolean {
    return this.#at === this.#symbols.length
  }

  #take(symbol: string): boolean {
    if (this.#symbols[this.#at] !== symbol) return false
    this.#at += 1
    return true
  }

  // choice = sequence { "|" sequence }
  choice(depth: number): RegexNode | undefined {
    if (depth > maxDepth) return undefined
    const options: RegexNode[] = []
    do {
      const option = this.#sequence(depth)
      if (option === undefined) return undefined
      options.push(option)
    } while (this.#take('|'))
    return { type: 'choice', options }
  }

  #sequence(depth: number): RegexNode | undefined {
    const items: RegexNode[] = []
    for (;;) {
      const symbol = this.#symbols[this.#at]
      if (symbol === undefined || symbol === '|' || symbol === ')')
        return { type: 'sequence', items }
      const atom = this.#atom(depth)
      const item = atom === undefined ? undefined : this.#repeated(atom)
      if (item === undefined) return undefined
      items.push(item)
    }
  }

  // repeated = atom [ ( "*" | "+" | "?" | "{" n [ "," [ m ] ] "}" ) [ "?" ] ]
  #repeated(item: RegexNode): RegexNode | undefined {
    const range = this.#range()
    if (range === null) return item
    if (range === undefined || item.type === 'assertion') return undefined
    const greedy = !this.#take('?')
    return { type: 'repeat', item, least: range[0], most: range[1], greedy }
  }

  /** Null when nothing is repeated, undefined when the count is malformed. */
  #range(): readonly [number, number] | null | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.#take('?')) return [0, 1]
    if (!this.#take('{')) return null
    const least = this.#count()
    const most = this.#take(',') ? (this.#count() ?? Number.POSITIVE_INFINITY) : least
    if (least === undefined || most === undefined || !this.#take('}')) return undefined
    const largest = most === Number.POSITIVE_INFINITY ? least : most
    return most < least || largest > maxRepeats ? undefined : [least, most]
  }

  #count(): number | undefined {
    let digits = ''
    while (/^\d$/.test(this.#symbols[this.#at] ?? '')) {
      digits += this.#symbols[this.#at]
      this.#at += 1
    }
    return digits === '' ? undefined : Number(digits)
  }

  #atom(depth: number): RegexNode | undefined {
    const symbol = this.#symbols[this.#at] ?? ''
    if ('*+?{'.includes(symbol)) return undefined
    this.#at += 1
    switch (symbol) {
      case '.':
        return { type: 'one', test: anyButBreak }
      case '^':
        return { type: 'assertion', kind: 'start' }
      case '$':
        return { type: 'assertion', kind: 'end' }
      case '(':
        return this.#group(depth)
      case '[':
        return this.#set()
      case '\\':
        return this.#escape()
      default:
        return { type: 'one', test: this.#folded(only(symbol)) }
    }
  }

  #group(depth: number): RegexNode | undefined {
    const captures = !this.#take('?')
    if (!captures && !this.#take(':')) return undefined
    if (captures) this.groups += 1
    const index = this.groups
    const item = this.choice(depth + 1)
    if (item === undefined || !this.#take(')')) return undefined
    return captures ? { type: 'group', item, index } : item
  }

  #escape(): RegexNode | undefined {
    const symbol = this.#symbols[this.#at]
    if (symbol === 'b' || symbol === 'B') {
      this.#at += 1
      return { type: 'assertion', kind: symbol === 'b' ? 'boundary' : 'inside' }
    }
    const test = this.#escaped()
    return test === undefined ? undefined : { type: 'one', test: this.#folded(test) }
  }

  /** What follows a backslash, inside and outside of sets. */
  #escaped(): CodeTest | undefined {
    const symbol = this.#symbols[this.#at]
    if (symbol === undefined) return undefined
    this.#at += 1
    const known = classes[symbol.toLowerCase()]
    if (known !== undefined) return symbol === symbol.toLowerCase() ? known : not(known)
    const control = controls[symbol]
    if (control !== undefined) return only(control)
    return /^[A-Za-z0-9]$/.test(symbol) ? undefined : only(symbol)
  }

  // set = "[" [ "^" ] { item [ "-" item ] } "]"
  #set(): RegexNode | undefined {
    const negated = this.#take('^')
    const tests: CodeTest[] = []
    for (let first = true; ; first = false) {
      const symbol = this.#symbols[this.#at]
      if (symbol === undefined) return undefined
      if (symbol === ']' && !first) break
      const test = this.#setItem()
      if (test === undefined) return undefined
      tests.push(test)
    }
    this.#at += 1
    const union = this.#folded((code) => tests.some((test) => test(code)))
    return { type: 'one', test: negated ? not(union) : union }
  }

  #setItem(): CodeTest | undefined {
    const low = this.#symbols[this.#at] ?? ''
    this.#at += 1
    if (low === '\\') return this.#escaped()
    const high = this.#symbols[this.#at + 1]
    if (this.#symbols[this.#at] !== '-' || high === undefined || high === ']') return only(low)
    if (high === '\\') return undefined
    this.#at += 2
    const from = codeOf(low)
    const to = codeOf(high)
    return from > to ? undefined : (code) => code >= from && code <= to
  }

  #folded(test: CodeTest): CodeTest {
    if (!this.#ignoreCase) return test
    return (code) => {
      if (test(code)) return true
      const text = String.fromCodePoint(code)
      return test(codeOf(text.toLowerCase())) || test(codeOf(text.toUpperCase()))
    }
  }
}

function only(symbol: string): CodeTest {
  const wanted = codeOf(symbol)
  return (code) => code === wanted
}

function codeOf(symbol: string): number {
  return symbol.codePointAt(0) ?? -1
}
