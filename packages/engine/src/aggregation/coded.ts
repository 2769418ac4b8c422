import { ValueKind } from '../value/dual.ts'
import type { Vector } from '../value/vector.ts'
import { NotInArena } from '../wasm/arena.ts'
import { type Operand, type Program, recordCount } from '../wasm/program.ts'
import { type Addends, addendsOf } from './addends.ts'

/** An argument that depends on one field: its value for each code. Kinds as in `Vector`; a number is NaN where there is none. */
export interface CodedArgument {
  readonly kinds: Uint8Array
  readonly numbers: Float64Array
}

/**
 * The running state of an aggregation over codes of a field instead of values. Slot i belongs to `groups[i]`, all slots to group 0 when
 * `groups` is undefined; every slot takes part; `filled` says that no code is 0. `resize` comes before the first `add` of a group.
 */
export interface CodedAccumulator {
  resize(groups: number): void
  add(groups: Uint32Array | undefined, codes: Uint32Array, count: number, filled: boolean): void
  /** To group 0: each code as often as `counts` says. */
  addCounts(counts: Uint32Array): void
  /**
   * Plans what `add` does, for all records of a program; without groups they belong to group 0. Done when the program has run.
   * @throws NotInArena
   */
  plan(program: Program, groups: Operand | undefined, codes: Operand, filled: boolean): void
  /** Whether `absorb` is exact for another one with at most so many records in so many groups, each absorbed once at most by one group. */
  absorbs(records: number, groups: number): boolean
  /** Adds results of another one of its kind, of an equal argument: of its group from[i] to group to[i], for `count` slots. */
  absorb(other: CodedAccumulator, from: Uint32Array, to: Uint32Array, count: number): void
  /** Results of groups 0 … count - 1. */
  write(out: Vector, count: number): void
  /** Into slot 0: the result over all groups together. */
  total(out: Vector): void
}

/** At least so long; new places hold `initial`. */
export function resized(array: Float64Array, length: number, initial: number): Float64Array {
  if (array.length >= length) return array
  // One more at first: results have a slot for no records behind the groups.
  const next = new Float64Array(Math.max(length + 1, array.length * 2, 16))
  next.set(array)
  if (initial !== 0) next.fill(initial, array.length)
  return next
}

/** Sums up to here are exact in doubles when the addends are integers. */
const exactUpTo = 2 ** 53

/** Sums of integers, or of decimals as integers, are plain and exact as long as they stay small; else the rounding errors are kept (Neumaier). */
export class CodedSum implements CodedAccumulator {
  #sums: Float64Array = new Float64Array(0)
  #lost: Float64Array = new Float64Array(0)
  readonly #addends: Addends
  /** For means: numbers per group, and which codes are numbers. */
  readonly #counts: CodedCount | undefined
  #added = 0

  constructor({ kinds, numbers }: CodedArgument, mean: boolean) {
    this.#addends = addendsOf(numbers)
    this.#counts = mean ? new CodedCount({ kinds, numbers }, [0, 1, 0, 1]) : undefined
  }

  resize(groups: number): void {
    this.#sums = resized(this.#sums, groups, 0)
    this.#counts?.resize(groups)
  }

  add(groups: Uint32Array | undefined, codes: Uint32Array, count: number, filled: boolean): void {
    const { values, largest } = this.#addends
    const sums = this.#sums
    this.#added += count
    if (largest === undefined) {
      this.#lost = resized(this.#lost, sums.length, 0)
      if (groups === undefined) this.#addOneKeeping(codes, count, values)
      else sumKeeping(groups, codes, count, values, sums, this.#lost)
    } else if (this.#added * largest > exactUpTo) {
      this.#lost = resized(this.#lost, sums.length, 0)
      sumLarge(groups, codes, count, values, sums, this.#lost)
    } else if (groups === undefined) sums[0]! += sumOf(codes, count, values)
    else sum(groups, codes, count, values, sums)
    this.#counts?.add(groups, codes, count, filled)
  }

  plan(program: Program, groups: Operand | undefined, codes: Operand, filled: boolean): void {
    const { values, largest } = this.#addends
    const { records } = program.chunks
    // Sums that are not exact would depend on the order.
    if (largest === undefined || (this.#added + records) * largest > exactUpTo)
      throw new NotInArena()
    const table = { base: program.arena.table(values) }
    const parts = program.doubles(groups === undefined ? 1 : this.#sums.length)
    if (groups === undefined) program.call('sumAll', codes, recordCount, table, parts.at)
    else program.call('sum', groups, codes, recordCount, table, parts.at)
    program.atEnd(() => {
      this.#added += records
      for (const part of parts.each) addAll(this.#sums, part)
    })
    this.#counts?.plan(program, groups, codes, filled)
  }

  absorbs(records: number): boolean {
    const { largest } = this.#addends
    return largest !== undefined && (this.#added + records) * largest <= exactUpTo
  }

  absorb(other: CodedAccumulator, from: Uint32Array, to: Uint32Array, count: number): void {
    if (!(other instanceof CodedSum)) return
    const sums = this.#sums
    for (let i = 0; i < count; i++) sums[to[i]!]! += other.#sums[from[i]!]!
    this.#added += other.#added
    if (other.#counts !== undefined) this.#counts?.absorb(other.#counts, from, to, count)
  }

  addCounts(counts: Uint32Array): void {
    const { values } = this.#addends
    for (let code = 0; code < counts.length; code++) this.#added += counts[code]!
    let sum = this.#sums[0]!
    let lost = this.#lost[0] ?? 0
    for (let code = 0; code < counts.length; code++) {
      const number = values[code]! * counts[code]!
      const next = sum + number
      lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum
      sum = next
    }
    this.#sums[0] = sum
    if (lost !== 0) {
      this.#lost = resized(this.#lost, this.#sums.length, 0)
      this.#lost[0] = lost
    }
    this.#counts?.addCounts(counts)
  }

  #addOneKeeping(codes: Uint32Array, count: number, values: Float64Array): void {
    let sum = this.#sums[0]!
    let lost = this.#lost[0]!
    for (let i = 0; i < count; i++) {
      const number = values[codes[i]!]!
      const next = sum + number
      lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum
      sum = next
    }
    this.#sums[0] = sum
    this.#lost[0] = lost
  }

  write(out: Vector, count: number): void {
    if (this.#lost.length === 0 && this.#counts === undefined)
      writeQuotients(this.#sums, this.#addends.divisor, out, count)
    else
      for (let group = 0; group < count; group++)
        this.#set(out, group, this.#sums[group]!, this.#lost[group] ?? 0, this.#counts?.of(group))
  }

  total(out: Vector): void {
    const sums = this.#sums
    let sum = 0
    let lost = 0
    // Without errors to keep the sums are integers so small that theirs is exact.
    if (this.#lost.length === 0)
      for (let group = 0; group < sums.length; group++) sum += sums[group]!
    else
      for (let group = 0; group < sums.length; group++) {
        const number = sums[group]!
        const next = sum + number
        lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum
        lost += this.#lost[group] ?? 0
        sum = next
      }
    this.#set(out, 0, sum, lost, this.#counts?.all())
  }

  #set(out: Vector, slot: number, sum: number, lost: number, addends: number | undefined): void {
    // Past the range of doubles the correction is NaN; the plain sum says what happened.
    const result = (Number.isFinite(sum) ? sum + lost : sum) / this.#addends.divisor
    out.setNumber(slot, addends === undefined ? result : result / addends)
  }
}

/** Finite numbers, divided: without a look at each. */
function writeQuotients(
  sums: Float64Array,
  divisor: number,
  { kinds, numbers }: Vector,
  count: number,
): void {
  kinds.fill(ValueKind.Number, 0, count)
  if (divisor === 1) numbers.set(sums.subarray(0, count))
  else for (let group = 0; group < count; group++) numbers[group] = sums[group]! / divisor
}

function addAll(sums: Float64Array, parts: Float64Array): void {
  for (let group = 0; group < parts.length; group++) sums[group]! += parts[group]!
}

// Unrolled: replaces sums[groups[i]] += values[codes[i]].
function sum(
  groups: Uint32Array,
  codes: Uint32Array,
  count: number,
  values: Int32Array,
  sums: Float64Array,
): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const first = values[codes[i]!]!
    const second = values[codes[i + 1]!]!
    const third = values[codes[i + 2]!]!
    const fourth = values[codes[i + 3]!]!
    sums[groups[i]!]! += first
    sums[groups[i + 1]!]! += second
    sums[groups[i + 2]!]! += third
    sums[groups[i + 3]!]! += fourth
  }
  for (; i < count; i++) sums[groups[i]!]! += values[codes[i]!]!
}

/** Four running sums, so that no addition waits for the one before; exact for the integers it is used on. */
function sumOf(codes: Uint32Array, count: number, values: Int32Array): number {
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  let i = 0
  for (; i + 4 <= count; i += 4) {
    first += values[codes[i]!]!
    second += values[codes[i + 1]!]!
    third += values[codes[i + 2]!]!
    fourth += values[codes[i + 3]!]!
  }
  for (; i < count; i++) first += values[codes[i]!]!
  return first + second + third + fourth
}

function sumKeeping(
  groups: Uint32Array,
  codes: Uint32Array,
  count: number,
  values: Float64Array,
  sums: Float64Array,
  lost: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const group = groups[i]!
    const number = values[codes[i]!]!
    const sum = sums[group]!
    const next = sum + number
    if (next - sum !== number || next - number !== sum)
      lost[group]! += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum
    sums[group] = next
  }
}

const knownCounted = new WeakMap<Uint8Array, Map<string, Uint8Array>>()

/** 1 for the codes whose kind counts. */
function countedCodes(kinds: Uint8Array, counted: readonly number[]): Uint8Array {
  const known = knownCounted.get(kinds) ?? new Map<string, Uint8Array>()
  knownCounted.set(kinds, known)
  const key = counted.join()
  let codes = known.get(key)
  if (codes === undefined) {
    codes = new Uint8Array(kinds.length)
    for (let code = 0; code < codes.length; code++) codes[code] = counted[kinds[code]!]!
    known.set(key, codes)
  }
  return codes
}

/** Integers whose sums may pass what doubles count exactly. */
function sumLarge(
  groups: Uint32Array | undefined,
  codes: Uint32Array,
  count: number,
  values: Int32Array,
  sums: Float64Array,
  lost: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const group = groups === undefined ? 0 : groups[i]!
    const number = values[codes[i]!]!
    const sum = sums[group]!
    const next = sum + number
    if (next - sum !== number || next - number !== sum)
      lost[group]! += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum
    sums[group] = next
  }
}

/** Counts slots by the kind of their value: entry k of `counted` says whether kind k counts. */
export class CodedCount implements CodedAccumulator {
  #counts: Float64Array = new Float64Array(0)
  readonly #counted: Uint8Array
  /** Every code but that of NULL counts. */
  readonly #countsValues: boolean

  constructor({ kinds }: CodedArgument, counted: readonly number[]) {
    this.#counted = countedCodes(kinds, counted)
    this.#countsValues = this.#counted.indexOf(0, 1) === -1
  }

  resize(groups: number): void {
    this.#counts = resized(this.#counts, groups, 0)
  }

  add(groups: Uint32Array | undefined, codes: Uint32Array, count: number, filled: boolean): void {
    const counts = this.#counts
    const counted = this.#counted
    if (filled && this.#countsValues) {
      if (groups === undefined) counts[0]! += count
      else for (let i = 0; i < count; i++) counts[groups[i]!]! += 1
    } else if (groups === undefined) {
      let all = 0
      for (let i = 0; i < count; i++) all += counted[codes[i]!]!
      counts[0]! += all
    } else for (let i = 0; i < count; i++) counts[groups[i]!]! += counted[codes[i]!]!
  }

  plan(program: Program, groups: Operand | undefined, codes: Operand, filled: boolean): void {
    const all = filled && this.#countsValues
    if (all && groups === undefined) {
      program.atEnd(() => {
        this.#counts[0]! += program.chunks.records
      })
      return
    }
    const table = { base: all ? 0 : program.arena.table(this.#counted) }
    const parts = program.doubles(groups === undefined ? 1 : this.#counts.length)
    if (groups === undefined) program.call('tallyAll', codes, recordCount, table, parts.at)
    else if (all) program.call('tally', groups, recordCount, parts.at)
    else program.call('tallySome', groups, codes, recordCount, table, parts.at)
    program.atEnd(() => {
      for (const part of parts.each) addAll(this.#counts, part)
    })
  }

  absorbs(): boolean {
    return true
  }

  absorb(other: CodedAccumulator, from: Uint32Array, to: Uint32Array, count: number): void {
    if (!(other instanceof CodedCount)) return
    const counts = this.#counts
    for (let i = 0; i < count; i++) counts[to[i]!]! += other.#counts[from[i]!]!
  }

  addCounts(counts: Uint32Array): void {
    const counted = this.#counted
    let all = 0
    for (let code = 0; code < counts.length; code++) all += counted[code]! * counts[code]!
    this.#counts[0]! += all
  }

  of(group: number): number {
    return this.#counts[group]!
  }

  all(): number {
    const counts = this.#counts
    let all = 0
    for (let group = 0; group < counts.length; group++) all += counts[group]!
    return all
  }

  write(out: Vector, count: number): void {
    writeQuotients(this.#counts, 1, out, count)
  }

  total(out: Vector): void {
    out.setNumber(0, this.all())
  }
}
