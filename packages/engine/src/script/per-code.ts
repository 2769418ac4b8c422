import { grownCodeMap, newCodeMap, translate, unknownCode } from '../storage/code-map.ts'
import { hashNumber } from '../storage/hash.ts'
import { Dual, numberOf, type Value } from '../value/dual.ts'
import type { DictionaryColumn } from './stage.ts'

const recentResults = 1024

/** Evaluates a pure expression over one field once per dictionary entry instead of once per row. */
export class PerCode {
  readonly #evaluate: (value: Value) => Value
  #dictionary: readonly Value[] | undefined
  /** Entry of the input → code of the output. */
  #codes: Int32Array = newCodeMap(0)
  #values: Value[] = []
  /** Codes of results by a hash of their number; all texts have one place. */
  #recent = new Uint32Array(recentResults + 1)

  constructor(evaluate: (value: Value) => Value) {
    this.#evaluate = evaluate
  }

  /** The results as codes of a dictionary of their own. Rows that `keep` leaves out are NULL. */
  column(input: DictionaryColumn, rows: number, keep: Uint8Array | undefined): DictionaryColumn {
    this.#prepare(input.dictionary)
    const all = keep === undefined || keep.indexOf(0) < 0
    const known = this.#codes
    const codes = new Uint32Array(rows)
    for (let row = 0; row < rows; row++) {
      if (all) {
        row = translate(input.codes, known, row, rows, codes, row)
        if (row === rows) break
      } else if (keep?.[row] === 0) continue
      const entry = input.codes[row]!
      const code = known[entry]!
      codes[row] = code === unknownCode ? this.#codeOf(entry) : code
    }
    return { kind: 'dictionary', codes, dictionary: this.#values, format: null }
  }

  /** Writes 1 for each row whose result `accepts`, 0 for the others. */
  mask(
    input: DictionaryColumn,
    rows: number,
    accepts: (value: Value) => boolean,
    keep: Uint8Array,
  ): void {
    this.#prepare(input.dictionary)
    const verdicts = new Int8Array(input.dictionary.length + 1).fill(unknownCode)
    for (let row = 0; row < rows; row++) {
      const entry = input.codes[row]!
      let verdict = verdicts[entry]!
      if (verdict === unknownCode) {
        const code = this.#codes[entry]!
        const result = code === unknownCode ? this.#codeOf(entry) : code
        verdict = accepts(result === 0 ? null : (this.#values[result - 1] ?? null)) ? 1 : 0
        verdicts[entry] = verdict
      }
      if (verdict === 0) keep[row] = 0
    }
  }

  #prepare(dictionary: readonly Value[]): void {
    if (this.#dictionary !== dictionary) {
      this.#dictionary = dictionary
      this.#codes = newCodeMap(dictionary.length)
      this.#codes[0] = unknownCode
      this.#values = []
      this.#recent.fill(0)
    } else this.#codes = grownCodeMap(this.#codes, dictionary.length)
  }

  #codeOf(entry: number): number {
    const result = this.#evaluate(entry === 0 ? null : (this.#dictionary?.[entry - 1] ?? null))
    const code = result === null ? 0 : this.#codeOfResult(result)
    this.#codes[entry] = code
    return code
  }

  /** Many entries have few results, such as the days of timestamps: results seen lately are not kept twice. */
  #codeOfResult(result: Exclude<Value, null>): number {
    const number = numberOf(result)
    const place = Number.isNaN(number) ? recentResults : hashNumber(number) & (recentResults - 1)
    const recent = this.#recent[place]!
    if (recent !== 0 && sameResult(this.#values[recent - 1] ?? null, result)) return recent
    const code = this.#values.push(result)
    this.#recent[place] = code
    return code
  }
}

function sameResult(left: Value, right: Value): boolean {
  if (left === right) return true
  if (!(left instanceof Dual && right instanceof Dual)) return false
  return left.number === right.number && left.text === right.text
}
