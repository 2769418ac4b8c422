import type { Value } from '../value/dual.ts'
import type { DictionaryColumn } from './stage.ts'

const unknown = -1

/** Evaluates a pure expression over one field once per dictionary entry instead of once per row. */
export class PerCode {
  readonly #evaluate: (value: Value) => Value
  #dictionary: readonly Value[] | undefined
  /** Entry of the input → code of the output. */
  #codes: Int32Array = new Int32Array(0)
  #values: Value[] = []

  constructor(evaluate: (value: Value) => Value) {
    this.#evaluate = evaluate
  }

  /** The results as codes of a dictionary of their own. Rows that `keep` leaves out are NULL. */
  column(input: DictionaryColumn, rows: number, keep: Uint8Array | undefined): DictionaryColumn {
    this.#prepare(input.dictionary)
    const known = this.#codes
    const codes = new Uint32Array(rows)
    for (let row = 0; row < rows; row++) {
      if (keep !== undefined && keep[row] === 0) continue
      const entry = input.codes[row]!
      const code = known[entry]!
      codes[row] = code === unknown ? this.#codeOf(entry) : code
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
    const verdicts = new Int8Array(input.dictionary.length + 1).fill(unknown)
    for (let row = 0; row < rows; row++) {
      const entry = input.codes[row]!
      let verdict = verdicts[entry]!
      if (verdict === unknown) {
        const code = this.#codes[entry]!
        const result = code === unknown ? this.#codeOf(entry) : code
        verdict = accepts(result === 0 ? null : (this.#values[result - 1] ?? null)) ? 1 : 0
        verdicts[entry] = verdict
      }
      if (verdict === 0) keep[row] = 0
    }
  }

  #prepare(dictionary: readonly Value[]): void {
    if (this.#dictionary !== dictionary) {
      this.#dictionary = dictionary
      this.#codes = new Int32Array(dictionary.length + 1).fill(unknown)
      this.#values = []
    } else if (this.#codes.length <= dictionary.length) {
      const grown = new Int32Array(Math.max(dictionary.length + 1, this.#codes.length * 2)).fill(
        unknown,
      )
      grown.set(this.#codes)
      this.#codes = grown
    }
  }

  #codeOf(entry: number): number {
    const result = this.#evaluate(entry === 0 ? null : (this.#dictionary?.[entry - 1] ?? null))
    const code = result === null ? 0 : this.#values.push(result)
    this.#codes[entry] = code
    return code
  }
}
