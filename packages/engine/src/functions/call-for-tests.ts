import type { Value } from '../value/dual.ts'
import { defaultFormatSettings, type FormatSettings } from '../value/format-settings.ts'
import { readValue } from '../value/interpret.ts'
import { textOf } from '../value/text-of.ts'
import { type FunctionPorts, findFunction } from './registry.ts'

export interface CallOptions {
  readonly settings?: Partial<FormatSettings>
  readonly ports?: FunctionPorts
  /** Serial days. */
  readonly now?: number
}

/** Value of calls over constants as the tables of the tests write them: `Left('abc', 2)`, nested, with `*` and `/`. */
export function call(text: string, options: CallOptions = {}): Value {
  const settings = { ...defaultFormatSettings, ...options.settings }
  const context = {
    settings,
    clock: { now: () => options.now ?? 45_000.5 },
    ports: options.ports ?? {},
  }
  let at = 0
  const blanks = () => {
    while (text.charAt(at) === ' ') at += 1
  }
  const take = (symbol: string): boolean => {
    blanks()
    if (!text.startsWith(symbol, at)) return false
    at += symbol.length
    return true
  }
  const product = (): Value => {
    let left = primary()
    for (;;) {
      if (take('*')) left = readValue(left, settings) * readValue(primary(), settings)
      else if (take('/')) left = readValue(left, settings) / readValue(primary(), settings)
      else return left
    }
  }
  const primary = (): Value => {
    blanks()
    if (take("'")) {
      const end = text.indexOf("'", at)
      const literal = text.slice(at, end)
      at = end + 1
      return literal
    }
    const number = /^-?[\d.]+(e-?\d+)?/.exec(text.slice(at))?.[0]
    if (number !== undefined) {
      at += number.length
      return Number(number)
    }
    const name = /^[\w#]+/.exec(text.slice(at))?.[0] ?? ''
    at += name.length
    return callNamed(name)
  }
  const callNamed = (name: string): Value => {
    const found = findFunction(name)
    if (found === undefined || !take('(')) throw new Error(`No function ${name} in ${text}`)
    const args: Value[] = []
    while (!take(')')) {
      args.push(product())
      take(',')
    }
    if (args.length < found.minArgs || args.length > found.maxArgs)
      throw new Error(`${name} does not take ${args.length} arguments`)
    return found.evaluate(args, context)
  }
  return product()
}

export function textOfCall(text: string, options: CallOptions = {}): string | null {
  return textOf(call(text, options), { ...defaultFormatSettings, ...options.settings })
}
