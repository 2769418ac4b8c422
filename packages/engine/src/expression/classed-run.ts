import { addendsOf } from '../aggregation/addends.ts'
import { type CodedAccumulator, CodedCount, CodedSum } from '../aggregation/coded.ts'
import type { RecordCodes, RecordSource } from '../grouping/frame.ts'
import { noGroup } from '../grouping/group-table.ts'
import { numberOf, ValueKind } from '../value/dual.ts'
import { Vector } from '../value/vector.ts'
import type { Operand } from '../wasm/program.ts'
import { type ArgumentOfField, type CompileContext, numbersOfField } from './block.ts'
import { type Bound, type BoundAggregation, fieldsOf, isPlain } from './bound.ts'
import type { GroupSet } from './group-set.ts'
import { isLine, lineOf, partsOf } from './lines.ts'
import type { RecordBlock } from './record-block.ts'
import { RecordClasses } from './record-classes.ts'

/** Classes of records, and groups times classes, that are aggregated apart; fewer where a table has fewer rows than would make up for them. */
const mostClasses = 1024
const mostSlots = 2 ** 16
/** Sums of integers up to here are exact, also when they were divided and multiplied again. */
const exactUpTo = 2 ** 51

/** What a class adds to a result for its records: `factor` for the sum of the field, `offset` for each number of it, `constant` for each record. */
interface ClassTerms {
  readonly factors: Float64Array
  readonly offsets: Float64Array
  readonly constants: Float64Array
  /** By class 1 where each number of the field is a number, and where each record is. */
  readonly counted: Uint8Array
  readonly constant: Uint8Array
  /** Factors, offsets and constants are integers, so many times as large as they should be. */
  readonly scale: number
}

/**
 * A sum, mean or count of an expression of several fields without a look at the expression for each record: the records of each group and
 * class are added up, and the expression is worked out once for each class, where it is a line over one field or a value.
 */
export class ClassedRun {
  readonly #classes: RecordClasses
  readonly #terms: ClassTerms
  readonly #kind: 'sum' | 'mean' | 'count'
  readonly #field: number | undefined
  readonly #divisor: number
  readonly #sums: CodedAccumulator | undefined
  readonly #numbers: CodedAccumulator | undefined
  readonly #records: CodedAccumulator | undefined
  readonly #slots = new Uint32Array(4096)
  readonly #taken = new Uint32Array(4096)
  #groups = 0

  constructor(
    kind: 'sum' | 'mean' | 'count',
    classes: RecordClasses,
    terms: ClassTerms,
    field: ArgumentOfField | undefined,
  ) {
    this.#kind = kind
    this.#classes = classes
    this.#terms = terms
    this.#field = field?.field
    const argument = field?.values()
    this.#divisor = argument === undefined ? 1 : addendsOf(argument.numbers).divisor
    const counts = kind !== 'sum'
    const { factors, offsets, constants, counted, constant } = terms
    if (argument !== undefined && kind !== 'count' && factors.some((factor) => factor !== 0))
      this.#sums = new CodedSum(argument, false)
    if (argument !== undefined && (counts ? counted.includes(1) : offsets.some(isNotZero)))
      this.#numbers = new CodedCount(argument, [0, 1, 0, 1])
    if (counts ? constant.includes(1) : constants.some(isNotZero))
      this.#records = new CodedCount({ kinds: everyRecord, numbers: noNumbers }, [0, 1, 0, 1])
  }

  resize(groups: number): void {
    this.#groups = Math.max(this.#groups, groups)
    for (const { accumulator } of this.#parts(false))
      accumulator.resize(groups * this.#classes.count)
  }

  /** `all`: every record of the block is in the group its id says. */
  add(block: RecordBlock, ids: Uint32Array | undefined, all: boolean): void {
    const { count, source } = block
    const slots = this.#slots
    this.#classes.slots(block, ids, slots)
    const codes = this.#field === undefined ? slots : block.codes(this.#field)
    const parts = this.#parts(this.#isFilled(source))
    if (all || ids === undefined) {
      for (const { accumulator, filled } of parts) accumulator.add(slots, codes, count, filled)
      return
    }
    const taken = this.#taken
    let at = 0
    for (let i = 0; i < count; i++) {
      if (ids[i] === noGroup) continue
      taken[at] = codes[i]!
      slots[at++] = slots[i]!
    }
    for (const { accumulator, filled } of parts) accumulator.add(slots, taken, at, filled)
  }

  /** @throws NotInArena */
  plan(source: RecordSource, records: RecordCodes, ids: Operand | undefined): void {
    const slots = this.#classes.plan(records, ids, this.#groups)
    if (slots === undefined) return
    const codes = this.#field === undefined ? slots : records.codes(this.#field)
    for (const { accumulator, filled } of this.#parts(this.#isFilled(source)))
      accumulator.plan(records.program, slots, codes, filled)
  }

  #isFilled(source: RecordSource): boolean {
    return this.#field !== undefined && source.isFilled?.(this.#field) === true
  }

  #parts(isFilled: boolean): readonly {
    readonly accumulator: CodedAccumulator
    readonly filled: boolean
  }[] {
    const part = (accumulator: CodedAccumulator | undefined, filled: boolean) =>
      accumulator === undefined ? [] : [{ accumulator, filled }]
    return [
      ...part(this.#sums, isFilled),
      ...part(this.#numbers, isFilled),
      ...part(this.#records, true),
    ]
  }

  /** Results of groups 0 … count - 1. */
  write(out: Vector, count: number): void {
    this.#write(out, count, this.#classes.count)
  }

  /** Into slot 0: the result over all groups together. */
  total(out: Vector): void {
    this.#write(out, 1, this.#classes.count * this.#groups)
  }

  #write(out: Vector, count: number, slots: number): void {
    const size = this.#classes.count * this.#groups
    const valuesOf = (accumulator: CodedAccumulator | undefined): Float64Array => {
      const values = new Vector(size)
      accumulator?.write(values, size)
      return values.numbers
    }
    const sums = valuesOf(this.#sums)
    const numbers = valuesOf(this.#numbers)
    const records = valuesOf(this.#records)
    const { factors, offsets, constants, counted, constant, scale } = this.#terms
    const divisor = this.#divisor
    const classes = factors.length
    for (let group = 0; group < count; group++) {
      let sum = 0
      let addends = 0
      for (let slot = group * slots, end = slot + slots; slot < end; slot++) {
        const at = slot % classes
        const units = sums[slot]! * divisor
        const whole = Math.abs(units) <= exactUpTo ? Math.round(units) : units
        sum += factors[at]! * whole
        sum += (offsets[at]! * numbers[slot]! + constants[at]! * records[slot]!) * divisor
        addends += counted[at]! * numbers[slot]! + constant[at]! * records[slot]!
      }
      const result = sum / (divisor * scale)
      const isCount = this.#kind === 'count'
      out.setNumber(group, isCount ? addends : this.#kind === 'mean' ? result / addends : result)
    }
  }
}

const everyRecord = Uint8Array.of(0, ValueKind.Number)
const noNumbers = Float64Array.of(Number.NaN, 0)

function isNotZero(number: number): boolean {
  return number !== 0
}

/** Undefined where an expression has to be worked out for each record. */
export function classedRun(
  { definition, distinct, args }: BoundAggregation,
  { dimensions }: GroupSet,
  context: CompileContext,
): ClassedRun | undefined {
  const [tree, ...others] = args
  const { linear } = definition
  if (tree === undefined || others.length > 0 || distinct || linear === undefined) return undefined
  if (fieldsOf([tree]).size < 2 || !isPlain(tree)) return undefined
  const groups = dimensions.reduce((product, { size }) => product * size, 1) + 2
  const rows = rowsOf(tree, context)
  const slots = Math.min(mostSlots, Math.max(1024, rows * 2))
  const most = Math.min(mostClasses, Math.max(64, rows / 16), slots / groups)
  if (most < 2) return undefined
  const field = longestField(tree, context)
  const classes = RecordClasses.of(partsOf(tree, field?.field).values, context, most)
  if (classes === undefined) return undefined
  const terms = termsOf(tree, classes, linear === 'count', context)
  return terms && new ClassedRun(linear, classes, terms, field)
}

/** Of the longest table that has a field of the tree. */
function rowsOf(tree: Bound, { view }: CompileContext): number {
  const places = [...fieldsOf([tree])].flatMap((field) => view.fields[field]?.places ?? [])
  return Math.max(0, ...places.map(({ table }) => view.tables[table]?.rows ?? 0))
}

/** Of the fields a tree could be a line over the one of most values; these are numbers whose sums are exact. */
function longestField(tree: Bound, context: CompileContext): ArgumentOfField | undefined {
  const { fields } = context.view
  const candidates = [...fieldsOf([tree])].filter((field) => partsOf(tree, field).lines.length > 0)
  const [longest] = candidates.sort(
    (a, b) => (fields[b]?.symbols.count ?? 0) - (fields[a]?.symbols.count ?? 0),
  )
  return longest === undefined ? undefined : numbersOfField(longest, context)
}

/** Decimals that become integers, as in sums of fields. */
const scales = [1, 100, 10_000]

function termsOf(
  tree: Bound,
  classes: RecordClasses,
  countsTexts: boolean,
  { functions }: CompileContext,
): ClassTerms | undefined {
  const { count } = classes
  const factors = new Float64Array(count)
  const offsets = new Float64Array(count)
  const constants = new Float64Array(count)
  const counted = new Uint8Array(count)
  const constant = new Uint8Array(count)
  for (let number = 0; number < count; number++) {
    const result = lineOf(tree, (part) => classes.valueOf(part, number), functions)
    if (result === undefined) return undefined
    if (isLine(result)) {
      factors[number] = result.factor
      offsets[number] = result.offset
      counted[number] = 1
    } else {
      const own = result === null ? Number.NaN : numberOf(result)
      const isCounted = countsTexts ? result !== null : !Number.isNaN(own)
      constants[number] = Number.isNaN(own) ? 0 : own
      constant[number] = isCounted ? 1 : 0
    }
  }
  const all = [factors, offsets, constants]
  const scale = scales.find((each) => all.every((numbers) => numbers.every(isWhole(each))))
  if (scale === undefined) return undefined
  for (const numbers of all)
    for (let at = 0; at < count; at++) numbers[at] = Math.round(numbers[at]! * scale)
  return { factors, offsets, constants, counted, constant, scale }
}

/** Whether a number times a scale is an integer but for the rounding of the last digits. */
function isWhole(scale: number): (number: number) => boolean {
  return (number) => {
    const units = number * scale
    const nearest = Math.round(units)
    return Math.abs(nearest) < 1e9 && Math.abs(units - nearest) <= Math.abs(units) * 1e-15
  }
}
