import type { Vector } from '../value/vector.ts'
import { type Operand, type Program, recordCount } from '../wasm/program.ts'
import { type CodedAccumulator, type CodedArgument, resized } from './coded.ts'

/** Smallest (`sign` 1) or largest (-1) number. */
export class CodedExtreme implements CodedAccumulator {
  #best: Float64Array = new Float64Array(0)
  readonly #numbers: Float64Array
  readonly #sign: 1 | -1

  constructor({ numbers }: CodedArgument, sign: 1 | -1) {
    this.#numbers = numbers
    this.#sign = sign
  }

  resize(groups: number): void {
    this.#best = resized(this.#best, groups, Number.POSITIVE_INFINITY)
  }

  add(groups: Uint32Array | undefined, codes: Uint32Array, count: number): void {
    const best = this.#best
    const numbers = this.#numbers
    const sign = this.#sign
    if (groups === undefined) {
      let least = best[0]!
      for (let i = 0; i < count; i++) {
        const value = numbers[codes[i]!]! * sign
        if (value < least) least = value
      }
      best[0] = least
      return
    }
    for (let i = 0; i < count; i++) {
      const value = numbers[codes[i]!]! * sign
      const group = groups[i]!
      if (value < best[group]!) best[group] = value
    }
  }

  plan(program: Program, groups: Operand | undefined, codes: Operand): void {
    const sign = this.#sign
    const table = { base: program.arena.table(this.#numbers) }
    const length = groups === undefined ? 1 : this.#best.length
    const parts = program.doubles(length, sign * Number.POSITIVE_INFINITY)
    const name = sign === 1 ? 'least' : 'most'
    if (groups === undefined) program.call(`${name}OfAll`, codes, recordCount, table, parts.at)
    else program.call(name, groups, codes, recordCount, table, parts.at)
    program.atEnd(() => {
      const best = this.#best
      for (const part of parts.each)
        for (let group = 0; group < part.length; group++) {
          const value = part[group]! * sign
          if (value < best[group]!) best[group] = value
        }
    })
  }

  absorbs(): boolean {
    return true
  }

  absorb(other: CodedAccumulator, from: Uint32Array, to: Uint32Array, count: number): void {
    if (!(other instanceof CodedExtreme)) return
    const best = this.#best
    for (let i = 0; i < count; i++) {
      const value = other.#best[from[i]!]!
      if (value < best[to[i]!]!) best[to[i]!] = value
    }
  }

  addCounts(counts: Uint32Array): void {
    let least = this.#best[0]!
    for (let code = 0; code < counts.length; code++) {
      const value = this.#numbers[code]! * this.#sign
      if (value < least && counts[code] !== 0) least = value
    }
    this.#best[0] = least
  }

  write(out: Vector, count: number): void {
    for (let group = 0; group < count; group++)
      out.setNumber(group, this.#best[group]! * this.#sign)
  }

  total(out: Vector): void {
    const least = this.#best.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    out.setNumber(0, least * this.#sign)
  }
}
