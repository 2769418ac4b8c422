import type { NumberFormat, SourceColumn, Value } from '@lichen/engine'
import { TextBytes } from '../xml-text/text-bytes.ts'

/** Rows a batch has at most. */
export const mostRows: number = 1 << 14

/** What a row of a column holds; from `number` on it is a number whose format is the rest. */
const [missing, sharedText, inlineText, number] = [0, 1, 2, 3]
/** Texts and plain numbers can be in one batch, numbers with a format only with others of that format. */
const loose = number

/** Where the texts of a batch are. */
export interface CellTexts {
  readonly shared: Uint8Array
  readonly inline: Uint8Array
}

/** NULLs for as many rows as a batch can have; nobody writes here. */
const nulls: Float64Array = new Float64Array(mostRows).fill(Number.NaN)

export function nullColumn(rows: number): SourceColumn {
  return { kind: 'numbers', values: nulls.subarray(0, rows), format: null }
}

/** The cells of one field in one batch; nothing is put in once `slice` was called. */
export class CellColumn {
  readonly #rows: number
  #kinds: Uint16Array | undefined
  #numbers: Float64Array | undefined
  #starts: Uint32Array | undefined
  #ends: Uint32Array | undefined
  /** The group of all cells so far, 0 = none, -1 = several. */
  #group = 0

  constructor(rows: number) {
    this.#rows = rows
  }

  putNumber(row: number, value: number, format: number): void {
    this.#numbers ??= new Float64Array(this.#rows).fill(Number.NaN)
    this.#numbers[row] = value
    this.#put(row, number + format)
  }

  putShared(row: number, start: number, end: number): void {
    this.#putText(row, start, end, sharedText)
  }

  putInline(row: number, start: number, end: number): void {
    this.#putText(row, start, end, inlineText)
  }

  #putText(row: number, start: number, end: number, kind: number): void {
    this.#starts ??= new Uint32Array(this.#rows)
    this.#ends ??= new Uint32Array(this.#rows)
    this.#starts[row] = start
    this.#ends[row] = end
    this.#put(row, kind)
  }

  #put(row: number, kind: number): void {
    this.#kinds ??= new Uint16Array(this.#rows)
    this.#kinds[row] = kind
    const group = groupOf(kind)
    if (this.#group !== group) this.#group = this.#group === 0 ? group : -1
  }

  /** The rows below `rows` before which a batch has to end. */
  addCuts(rows: number, cuts: Set<number>): void {
    const kinds = this.#kinds
    if (kinds === undefined || this.#group >= 0) return
    let current = 0
    for (let row = 0; row < rows; row++) {
      const group = groupOf(kinds[row]!)
      if (group === 0 || group === current) continue
      if (current !== 0) cuts.add(row)
      current = group
    }
  }

  /** The rows [from, to), between two cuts. */
  slice(
    from: number,
    to: number,
    formats: readonly (NumberFormat | null)[],
    texts: CellTexts,
  ): SourceColumn {
    if (this.#kinds === undefined) return nullColumn(to - from)
    const kinds = this.#kinds.subarray(from, to)
    const found = { missing: false, shared: false, inline: false, format: -1 }
    for (let row = 0; row < kinds.length; row++) {
      const kind = kinds[row]!
      if (kind >= number) found.format = kind - number
      else if (kind === missing) found.missing = true
      else if (kind === sharedText) found.shared = true
      else found.inline = true
    }
    if (!found.shared && !found.inline) {
      if (found.format < 0) return nullColumn(to - from)
      const values = this.#numbers!.subarray(from, to)
      return { kind: 'numbers', values, format: formats[found.format] ?? null }
    }
    const starts = this.#starts!.subarray(from, to)
    const ends = this.#ends!.subarray(from, to)
    if (found.format >= 0) {
      const textOf = textReader(texts)
      const values = Array.from(kinds, (kind, row): Value => {
        if (kind === missing) return null
        if (kind >= number) return this.#numbers![from + row]!
        return textOf(kind, starts[row]!, ends[row]!)
      })
      return { kind: 'values', values }
    }
    const placed =
      found.shared && found.inline
        ? gathered(kinds, starts, ends, texts)
        : { bytes: found.shared ? texts.shared : texts.inline, starts, ends }
    return {
      kind: 'text',
      ...placed,
      interpret: false,
      ...(found.missing
        ? { missing: Uint8Array.from(kinds, (kind) => (kind === missing ? 1 : 0)) }
        : {}),
    }
  }
}

function groupOf(kind: number): number {
  return kind === missing || kind > loose ? kind : loose
}

/** Reads texts; a shared one is decoded once, however many cells have it. */
function textReader(texts: CellTexts): (kind: number, start: number, end: number) => string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const known = new Map<number, string>()
  return (kind, start, end) => {
    if (kind !== sharedText) return decoder.decode(texts.inline.subarray(start, end))
    // An empty text begins where the next one does.
    if (start === end) return ''
    const text = known.get(start) ?? decoder.decode(texts.shared.subarray(start, end))
    known.set(start, text)
    return text
  }
}

/** The texts of a batch from both places in one, each shared one once. */
function gathered(
  kinds: Uint16Array,
  starts: Uint32Array,
  ends: Uint32Array,
  texts: CellTexts,
): { bytes: Uint8Array; starts: Uint32Array; ends: Uint32Array } {
  const text = new TextBytes()
  const known = new Map<number, number>()
  const [ownStarts, ownEnds] = [new Uint32Array(kinds.length), new Uint32Array(kinds.length)]
  for (let row = 0; row < kinds.length; row++) {
    if (kinds[row] === missing) continue
    const shared = kinds[row] === sharedText
    const start = starts[row]!
    const bytes = ends[row]! - start
    let at = shared && bytes > 0 ? known.get(start) : undefined
    if (at === undefined) {
      at = text.length
      text.append(shared ? texts.shared : texts.inline, start, start + bytes)
      if (shared && bytes > 0) known.set(start, at)
    }
    ownStarts[row] = at
    ownEnds[row] = at + bytes
  }
  return { bytes: text.bytes, starts: ownStarts, ends: ownEnds }
}
