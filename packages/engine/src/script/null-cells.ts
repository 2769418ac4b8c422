import { encodeUtf8 } from '../base/utf8.ts'
import { MarkCodes } from '../storage/mark-codes.ts'
import type { SourceColumn } from '../storage/source.ts'

const blank = 0x20
const isNull = 1
const isOther = 2

/** Makes cells of one field that are the text of NullInterpret missing; others are looked at once where marks tell them apart. */
export class NullCells {
  readonly #text: Uint8Array
  /** Marks to `isNull` or `isOther`. */
  readonly #known = new MarkCodes()
  /** No mark up to this one is that of the text. */
  #others = 0
  #by: object | undefined

  constructor(text: string) {
    this.#text = encodeUtf8(text)
  }

  column(column: SourceColumn): SourceColumn {
    if (column.kind !== 'text') return column
    const { starts, marks, counted } = column
    if (marks !== undefined && counted !== undefined) {
      if (this.#by !== counted.by) this.#others = 0
      this.#by = counted.by
      this.#known.prepare(counted, marks)
      while (this.#known.find(this.#others + 1) === isOther) this.#others += 1
      if (counted.most <= this.#others) return column
    }
    const rows = starts.length
    let missing = column.missing?.slice()
    for (let row = 0; row < rows; row++) {
      const mark = marks?.[row] ?? 0
      let kind = mark > 0 ? this.#known.find(mark) : 0
      if (kind === 0) {
        kind = this.#isText(column.bytes, starts[row]!, column.ends[row]!) ? isNull : isOther
        if (mark > 0) this.#known.remember(mark, kind)
      }
      if (kind !== isNull) continue
      missing ??= new Uint8Array(rows)
      missing[row] = 1
    }
    return missing === undefined ? column : { ...column, missing }
  }

  /** Outer blanks are no part of a cell. */
  #isText(bytes: Uint8Array, from: number, to: number): boolean {
    const text = this.#text
    let start = from
    let end = to
    while (end - start > text.length && bytes[start] === blank) start += 1
    while (end - start > text.length && bytes[end - 1] === blank) end -= 1
    if (end - start !== text.length) return false
    for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false
    return true
  }
}
