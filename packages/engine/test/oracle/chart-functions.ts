import {
  type ChartValue,
  compared,
  finite,
  isLike,
  isTrue,
  numberIn,
  operandNumber,
  textIn,
  Undecided,
} from './chart-value.ts'

/* The functions of single values that random expressions call, each after its public page. */

type Args = readonly ChartValue[]

const truth = (condition: boolean): number => (condition ? -1 : 0)

function ofNumbers(calculate: (...numbers: readonly number[]) => number) {
  return (args: Args): ChartValue => {
    const numbers = args.map(operandNumber)
    return numbers.every((number) => number !== null) ? finite(calculate(...numbers)) : null
  }
}

function ofText(change: (text: string, ...counts: readonly number[]) => ChartValue) {
  return ([first = null, ...others]: Args): ChartValue => {
    const text = textIn(first)
    const counts = others.map(operandNumber)
    return text === null || !counts.every((count) => count !== null)
      ? null
      : change(text, ...counts)
  }
}

/** The numbers among the arguments. */
const numbersAmong = (args: Args): readonly number[] =>
  args.map(operandNumber).filter((number) => number !== null)

/** A step is a whole number here; a value that only rounding keeps from a step says nothing. */
function stepped(choose: (steps: number) => number) {
  return ofNumbers((x = 0, step = 1) => {
    const steps = x / step
    const doubled = steps * 2
    if (!Number.isInteger(doubled) && Math.abs(doubled - Math.round(doubled)) < 1e-6)
      throw new Undecided('near a step')
    return choose(steps) * step
  })
}

function whole(number: number): number {
  if (!Number.isInteger(number) && Math.abs(number - Math.round(number)) < 1e-6)
    throw new Undecided('near a whole number')
  return Math.trunc(number)
}

/** 1-based place of the first argument that equals the first one. */
function matching(equals: (wanted: ChartValue, other: ChartValue) => boolean) {
  return ([wanted = null, ...others]: Args): ChartValue =>
    wanted === null ? 0 : others.findIndex((other) => other !== null && equals(wanted, other)) + 1
}

/** The page speaks of values, not of duals: equal texts of unequal numbers decide nothing. */
function isMatch(wanted: ChartValue, other: ChartValue): boolean {
  const isEqual = compared(wanted, other) === 0
  if (!isEqual && textIn(wanted) === textIn(other)) throw new Undecided('one text with two numbers')
  return isEqual
}

function lower(value: ChartValue): ChartValue {
  if (typeof value === 'string') return value.toLowerCase()
  return typeof value === 'number' || value === null
    ? value
    : { ...value, text: value.text.toLowerCase() }
}

export const functions: Readonly<Record<string, (args: Args) => ChartValue>> = {
  if: ([condition = null, then = null, otherwise = null]) => (isTrue(condition) ? then : otherwise),
  alt: (args) => {
    const first = args.find((value) => operandNumber(value) !== null)
    if (typeof first === 'string') throw new Undecided('a text read as a number')
    return first ?? args.at(-1) ?? null
  },
  coalesce: (args) => args.find((value) => value !== null) ?? null,
  rangesum: (args) => numbersAmong(args).reduce((sum, number) => sum + number, 0),
  rangeavg: (args) => {
    const numbers = numbersAmong(args)
    return finite(numbers.reduce((sum, number) => sum + number, 0) / numbers.length)
  },
  rangemax: (args) => finite(Math.max(...numbersAmong(args))),
  rangemin: (args) => finite(Math.min(...numbersAmong(args))),
  rangecount: (args) => args.filter((value) => value !== null).length,
  rangenullcount: (args) => args.filter((value) => value === null).length,
  rangetextcount: (args) => args.filter((value) => typeof value === 'string').length,
  rangenumericcount: (args) => args.filter((value) => numberIn(value) !== null).length,
  len: ([value = null]) => Array.from(textIn(value) ?? '').length,
  left: ofText((text, count = 0) =>
    Array.from(text)
      .slice(0, Math.max(0, whole(count)))
      .join(''),
  ),
  right: ofText((text, count = 0) => {
    const characters = Array.from(text)
    return whole(count) <= 0
      ? ''
      : characters.slice(Math.max(0, characters.length - whole(count))).join('')
  }),
  mid: ofText((text, start = 1, count = Number.POSITIVE_INFINITY) => {
    if (whole(start) < 1 || count < 0) throw new Undecided('before the text')
    return Array.from(text)
      .slice(whole(start) - 1, whole(start) - 1 + Math.trunc(count))
      .join('')
  }),
  upper: ofText((text) => text.toUpperCase()),
  lower: ofText((text) => text.toLowerCase()),
  trim: ofText((text) => text.trim()),
  capitalize: ofText((text) =>
    text.toLowerCase().replace(/(^|[ -])(\p{L})/gu, (all) => all.toUpperCase()),
  ),
  index: ([text = null, part = null]) => {
    const [where, what] = [textIn(text), textIn(part)]
    if (where === null || what === null) return null
    if (what === '') throw new Undecided('nothing is searched for')
    return where.indexOf(what) + 1
  },
  replace: ([text = null, from = null, to = null]) => {
    const [whole, part, other] = [textIn(text), textIn(from), textIn(to)]
    if (whole === null) return null
    if (part === null || other === null || part === '') throw new Undecided('nothing is replaced')
    return whole.replaceAll(part, () => other)
  },
  floor: stepped(Math.floor),
  ceil: stepped(Math.ceil),
  round: stepped((steps) => Math.floor(steps + 0.5)),
  fabs: ofNumbers(Math.abs),
  sign: ofNumbers(Math.sign),
  sqr: ofNumbers((x = 0) => x * x),
  mod: ofNumbers((a = 0, b = 0) =>
    !Number.isInteger(a) || !Number.isInteger(b) || b <= 0 ? Number.NaN : a - b * Math.floor(a / b),
  ),
  div: ofNumbers((a = 0, b = 0) => whole(a / b)),
  even: ofNumbers((n = 0) => (Number.isInteger(n) ? truth(n % 2 === 0) : Number.NaN)),
  match: matching(isMatch),
  mixmatch: matching((wanted, other) => isMatch(lower(wanted), lower(other))),
  wildmatch: matching((wanted, other) => isLike(textIn(wanted) ?? '', textIn(other) ?? '')),
  pick: ([position = null, ...others]) => {
    const place = operandNumber(position)
    return place === null ? null : (others[whole(place) - 1] ?? null)
  },
  isnull: ([value = null]) => truth(value === null),
  isnum: ([value = null]) => truth(numberIn(value) !== null),
  istext: ([value = null]) => truth(typeof value === 'string'),
  emptyisnull: ([value = null]) => (textIn(value) === '' ? null : value),
  null: () => null,
  num: ([value = null]) => operandNumber(value),
  text: ([value = null]) => textIn(value),
  dual: ([text = null, number = null]) => {
    const [shown, own] = [textIn(text), operandNumber(number)]
    if (shown === null || own === null) throw new Undecided('half a dual')
    return { text: shown, number: own }
  },
}
