import { numberOf, type Value } from '../value/dual.ts'

/** A two-column table of MAPPING LOAD: looked up by number when there is one, else by text. The first entry of a key wins. */
export class MappingTable {
  readonly #byNumber = new Map<number, Value>()
  readonly #byText = new Map<string, Value>()
  readonly #entries: (readonly [Value, Value])[] = []

  add(from: Value, to: Value): void {
    if (from === null) return
    const number = numberOf(from)
    this.#entries.push([from, to])
    if (Number.isNaN(number)) {
      const text = typeof from === 'string' ? from : ''
      if (!this.#byText.has(text)) this.#byText.set(text, to)
    } else if (!this.#byNumber.has(number)) this.#byNumber.set(number, to)
  }

  find(value: Value): { readonly found: boolean; readonly value: Value } {
    const number = numberOf(value)
    if (!Number.isNaN(number)) return found(this.#byNumber, number)
    return typeof value === 'string' ? found(this.#byText, value) : missing
  }

  get entries(): readonly (readonly [Value, Value])[] {
    return this.#entries
  }
}

const missing: { found: boolean; value: Value } = { found: false, value: null }

function found<Key>(
  map: ReadonlyMap<Key, Value>,
  key: Key,
): { readonly found: boolean; readonly value: Value } {
  const value = map.get(key)
  return value === undefined ? missing : { found: true, value }
}
