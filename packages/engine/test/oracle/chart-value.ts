/*
 * Values of the expression language as a reader of its public pages would write them down. Nothing here comes from the engine.
 * Sources: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/Operators/operators.htm,
 * https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/null-value-handling.htm
 */

/** Number and text differ. */
export interface ChartDual {
  readonly number: number
  readonly text: string
}

export type ChartValue = null | number | string | ChartDual

/** The public pages do not say what comes out, or rounding decides: no answer to compare with. */
export class Undecided extends Error {}

/** Nor which rows a chart has. */
export class UndecidedRows extends Undecided {}

export function numberIn(value: ChartValue): number | null {
  if (typeof value === 'number') return value
  return value === null || typeof value === 'string' ? null : value.number
}

/** The number of an operand: its own, or that of a text which is written as a plain number. */
export function operandNumber(value: ChartValue): number | null {
  if (typeof value !== 'string') return numberIn(value)
  const text = value.trim()
  if (/^[+-]?(\d+(\.\d+)?|\.\d+)$/.test(text)) return Number(text)
  // What else may be read as a number or a date is left to the tests of interpretation.
  if (/\d/.test(text) && /^[\d\s.,:+\-eEtTzZ$]*$/.test(text)) throw new Undecided(text)
  return null
}

export function textIn(value: ChartValue): string | null {
  if (value === null || typeof value === 'string') return value
  return typeof value === 'number' ? numeral(value) : value.text
}

/** A number without a format: up to 14 significant digits. */
function numeral(number: number): string {
  const size = Math.abs(number)
  if (number === 0) return '0'
  if (size >= 1e14 || size < 1e-4) throw new Undecided(String(number))
  return String(Number(number.toPrecision(14)))
}

export function finite(number: number): number | null {
  return Number.isFinite(number) ? number + 0 : null
}

/** Any number but 0. */
export function isTrue(value: ChartValue): boolean {
  const number = operandNumber(value)
  return number !== null && number !== 0
}

/** Two results of rounding that are no more apart than rounding explains, yet not equal. */
function isTie(a: number, b: number): boolean {
  return a !== b && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
}

/** -1, 0 or 1: by number where both have one, else by text. */
export function compared(a: ChartValue, b: ChartValue): number {
  const left = operandNumber(a)
  const right = left === null ? null : operandNumber(b)
  if (left !== null && right !== null) {
    if (isTie(left, right)) throw new Undecided('a tie but for rounding')
    return Math.sign(left - right)
  }
  return collated(textIn(a) ?? '', textIn(b) ?? '')
}

/** Letters without case and accents first; then the characters themselves. */
export function collated(a: string, b: string): number {
  const byLetters = byCharacters(letters(a), letters(b))
  return byLetters === 0 ? byCharacters(a, b) : byLetters
}

function letters(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
}

function byCharacters(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** `*` stands for any text, `?` for one character; case does not matter. */
export function isLike(text: string, pattern: string): boolean {
  const source = pattern.replace(/[\\^$.|+()[\]{}]/g, '\\$&')
  return new RegExp(`^${source.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'isu').test(text)
}

/** Field values, and values under DISTINCT, are one when their numbers are, or without numbers their texts. */
export function identity(value: ChartValue): string {
  const number = numberIn(value)
  if (value === null) return 'null'
  return number === null ? `t${textIn(value)}` : `n${number + 0}`
}

const truth = (condition: boolean): number => (condition ? -1 : 0)

/** Arithmetic with anything that has no number is NULL, and so is a result that is no number. */
function arithmetic(calculate: (a: number, b: number) => number) {
  return (a: ChartValue, b: ChartValue): ChartValue => {
    const left = operandNumber(a)
    const right = operandNumber(b)
    return left === null || right === null ? null : finite(calculate(left, right))
  }
}

/** A relation of two NULLs is NULL; with one NULL only `<>` holds. */
function relation(holds: (a: ChartValue, b: ChartValue) => boolean, withOneNull = false) {
  return (a: ChartValue, b: ChartValue): ChartValue => {
    if (a === null && b === null) return null
    return truth(a === null || b === null ? withOneNull : holds(a, b))
  }
}

function textRelation(holds: (a: string, b: string) => boolean) {
  return relation((a, b) => holds(textIn(a) ?? '', textIn(b) ?? ''))
}

export type ChartOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '&'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'like'
  | 'precedes'
  | 'follows'
  | 'and'
  | 'or'
  | 'xor'

export const operators: Readonly<
  Record<ChartOperator, (a: ChartValue, b: ChartValue) => ChartValue>
> = {
  '+': arithmetic((a, b) => a + b),
  '-': arithmetic((a, b) => a - b),
  '*': arithmetic((a, b) => a * b),
  '/': arithmetic((a, b) => a / b),
  '&': (a, b) => (a === null && b === null ? null : (textIn(a) ?? '') + (textIn(b) ?? '')),
  '=': relation((a, b) => compared(a, b) === 0),
  '<>': relation((a, b) => compared(a, b) !== 0, true),
  '<': relation((a, b) => compared(a, b) < 0),
  '<=': relation((a, b) => compared(a, b) <= 0),
  '>': relation((a, b) => compared(a, b) > 0),
  '>=': relation((a, b) => compared(a, b) >= 0),
  like: textRelation(isLike),
  precedes: textRelation((a, b) => collated(a, b) < 0),
  follows: textRelation((a, b) => collated(a, b) > 0),
  and: (a, b) => truth(isTrue(a) && isTrue(b)),
  or: (a, b) => truth(isTrue(a) || isTrue(b)),
  xor: (a, b) => truth(isTrue(a) !== isTrue(b)),
}

export type ChartUnaryOperator = '-' | '+' | 'not'

export const unaryOperators: Readonly<Record<ChartUnaryOperator, (a: ChartValue) => ChartValue>> = {
  '-': (a) => arithmetic((zero, b) => zero - b)(0, a),
  '+': (a) => operandNumber(a),
  not: (a) => truth(!isTrue(a)),
}
