import { LichenError } from '../base/errors.ts'
import type { Value } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { readValue } from '../value/interpret.ts'
import { textOf } from '../value/text-of.ts'

export interface DollarOptions {
  /** Raw definition of a variable; undefined when there is none of that name. */
  variable(name: string): string | undefined
  /** Value of an expression without its leading `=`; called with all expansions inside already made. */
  evaluate(expression: string): Value
  readonly settings: FormatSettings
  /** Text for `$(Include=path)` and `$(Must_Include=path)`; `required` for the latter. Without it both are empty. */
  include?(path: string, required: boolean): string
  /** In a chart, the initial case, a variable whose definition begins with `=` expands to its value; in a script to its text. */
  readonly context?: 'chart' | 'script'
  /** Leaves `//` and `/* *\/` comments outside quotes as they are; for scripts. */
  readonly keepComments?: boolean
}

export const maxExpansions = 1000
export const maxExpansionDepth = 100
/** UTF-16 units produced by all expansions of one text. */
export const maxExpandedLength: number = 16 * 1024 * 1024

/**
 * Replaces every `$(…)` of a text: `$(v)` by the variable's text (empty when unknown), `$(#v)` by its number with a
 * decimal point (0 when it has none), `$(v(a,b))` by its text with `$1`, `$2` … set, `$(=expression)` by the value. Inner expansions are made first and
 * variables are expanded in turn. `$(` without its `)` stays.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/dollar-sign-expansions.htm
 * @throws LichenError `budget-exceeded` beyond 1,000 expansions, 100 levels or 16 Mi UTF-16 units
 */
export function expandDollars(text: string, options: DollarOptions): string {
  if (!text.includes('$(')) return text
  return new Expander(options).expand(text, 0)
}

interface Content {
  readonly text: string
  readonly end: number
  readonly closed: boolean
}

const interesting = /\$\(|\/\/|\/\*|[()'"[]/g
const callForm = /^([^(]+)\(([\s\S]*)\)$/
const includeForm = /^(must_)?include\s*=\s*([\s\S]*)$/i
const closers: Readonly<Record<string, string>> = { "'": "'", '"': '"', '[': ']' }

/** Where reading one stretch of text stands. */
interface Reading {
  readonly text: string
  /** Inside `$(…)`, where parentheses count. */
  readonly inside: boolean
  /** Whether quotes hide parentheses and comment marks. */
  readonly quotes: boolean
  /** Offset of the closing quote; nothing but `$(` counts up to there. */
  quoteEnd: number
  /** Closing quotes that do not occur again. */
  readonly absent: Set<string>
  parentheses: number
}

class Expander {
  readonly #options: DollarOptions
  #expansions = 0
  #produced = 0

  constructor(options: DollarOptions) {
    this.#options = options
  }

  expand(text: string, depth: number): string {
    return text.includes('$(') ? this.#read(text, 0, depth, false).text : text
  }

  /** Reads up to the `)` that closes an expansion, or to the end, with everything inside expanded. */
  #read(text: string, start: number, depth: number, inside: boolean): Content {
    if (depth > maxExpansionDepth) throw tooDeep()
    const reading: Reading = {
      text,
      inside,
      quotes: inside ? text[start] === '=' : this.#keepsComments(),
      quoteEnd: -1,
      absent: new Set(),
      parentheses: 0,
    }
    const finder = new RegExp(interesting)
    finder.lastIndex = start
    let out = ''
    let from = start
    for (let match = finder.exec(text); match !== null; match = finder.exec(text)) {
      const at = match.index
      if (match[0] === '$(') {
        const content = this.#read(text, at + 2, depth + 1, true)
        out += text.slice(from, at)
        out += content.closed ? this.#resolve(content.text, depth) : `$(${content.text}`
        from = content.end
        finder.lastIndex = from
        continue
      }
      finder.lastIndex = this.#pass(reading, match[0], at)
      if (reading.parentheses < 0) {
        return { text: out + text.slice(from, at), end: at + 1, closed: true }
      }
    }
    return { text: out + text.slice(from), end: text.length, closed: false }
  }

  /** Notes a quote, a comment or a parenthesis; returns where to read on. */
  #pass(reading: Reading, mark: string, at: number): number {
    const { text, inside } = reading
    const behind = at + mark.length
    if (at <= reading.quoteEnd) return behind
    if (mark === '(' || mark === ')') {
      if (inside) reading.parentheses += mark === '(' ? 1 : -1
      return behind
    }
    if (mark === '//' || mark === '/*') {
      if (inside || !this.#keepsComments()) return behind
      const end = text.indexOf(mark === '//' ? '\n' : '*/', behind)
      return end === -1 ? text.length : end
    }
    const closer = closers[mark] ?? mark
    if (!reading.quotes || reading.absent.has(closer)) return behind
    reading.quoteEnd = text.indexOf(closer, behind)
    if (reading.quoteEnd === -1) reading.absent.add(closer)
    return behind
  }

  #keepsComments(): boolean {
    return this.#options.keepComments === true
  }

  #resolve(content: string, depth: number): string {
    this.#expansions += 1
    if (this.#expansions > maxExpansions) {
      throw tooMuch(`More than ${maxExpansions} dollar-sign expansions in one text`)
    }
    const text = this.#expansionOf(content, depth)
    this.#produced += text.length
    if (this.#produced > maxExpandedLength) {
      throw tooMuch('Dollar-sign expansions produce more than 16 Mi characters')
    }
    return text
  }

  #expansionOf(content: string, depth: number): string {
    const { settings } = this.#options
    const trimmed = content.trim()
    if (trimmed.startsWith('='))
      return textOf(this.#options.evaluate(trimmed.slice(1)), settings) ?? ''
    if (trimmed.startsWith('#')) return this.#numberText(trimmed.slice(1).trim(), depth)
    const include = includeForm.exec(trimmed)
    if (include !== null) {
      return this.#options.include?.((include[2] ?? '').trim(), include[1] !== undefined) ?? ''
    }
    return textOf(this.#variableValue(trimmed, depth), settings) ?? ''
  }

  #numberText(content: string, depth: number): string {
    const value = content.startsWith('=')
      ? this.#options.evaluate(content.slice(1))
      : this.#variableValue(content, depth)
    const number = readValue(value, this.#options.settings)
    return Number.isNaN(number) ? '0' : String(number)
  }

  /** What a variable stands for: its text, or in a chart the value of a definition that begins with `=`. */
  #variableValue(reference: string, depth: number): Value {
    const definition = this.#definition(reference)
    if (definition === undefined) return null
    const text = this.expand(definition, depth + 1)
    if (this.#options.context === 'script' || !text.trimStart().startsWith('=')) return text
    return this.#options.evaluate(text.trimStart().slice(1))
  }

  /** The definition of `v`, or of `v(a,b)` with its parameters set. A comma always separates. */
  #definition(reference: string): string | undefined {
    const whole = this.#options.variable(reference)
    if (whole !== undefined) return whole
    const call = callForm.exec(reference)
    if (call === null) return undefined
    const definition = this.#options.variable((call[1] ?? '').trim())
    if (definition === undefined) return undefined
    const list = call[2] ?? ''
    return setParameters(definition, list.trim() === '' ? [] : list.split(','))
  }
}

/** Replaces `$1`, `$2` … by the parameters and `$0` by their count; parameters that are not given stay. */
function setParameters(definition: string, parameters: readonly string[]): string {
  const set = definition.replace(/\$(\d+)/g, (written, digits: string) => {
    const index = Number(digits)
    return index === 0 ? String(parameters.length) : (parameters[index - 1] ?? written)
  })
  if (set.length > maxExpandedLength) {
    throw tooMuch('The parameters of a variable make its text longer than 16 Mi characters')
  }
  return set
}

function tooDeep(): LichenError {
  return tooMuch(
    `Dollar-sign expansions are nested deeper than ${maxExpansionDepth} levels; a variable may refer to itself`,
  )
}

function tooMuch(message: string): LichenError {
  return new LichenError('budget-exceeded', message)
}
