import { assert } from '../base/assert.ts'
import { LoadError } from '../base/errors.ts'
import { decodeUtf8 } from '../base/utf8.ts'
import { BatchCells } from './batch-cells.ts'
import { afterBlanks, endUnlessBlank } from './blanks.ts'
import { joined, Utf8Stream, utf8Of } from './encoding.ts'
import { labelsFrom } from './labels.ts'
import { afterLineEnd, lineAfter, unfinished } from './line-ends.ts'
import { checkOptions, type DelimitedOptions } from './options.ts'
import type { ScannedPiece } from './pieces.ts'
import { PlainRecords } from './plain-records.ts'
import { closingSingle, delimiterLength, openingQuote } from './quotes.ts'
import type { ScanPlan } from './scan-memory.ts'
import { endOfSkippedLine } from './skipped-lines.ts'
import type { Cells, TextBatch } from './text-batch.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const singleQuote = 0x27

/**
 * Bytes of a delimited text → cells. Push chunks (cut anywhere), `finish` at the end, and pull batches with `next`; the scanner pauses
 * after the labels until `project` says which fields are wanted. Lines end with LF, CRLF or CR; lines of blanks only are no records.
 * A record with too few cells has empty ones at its end. No string is made per cell, and no byte of it is copied: a batch ends with the
 * bytes at hand, and refers to them.
 */
export class DelimitedScanner {
  readonly #options: DelimitedOptions
  readonly #name: string
  readonly #stream: Utf8Stream
  readonly #delimiter: Uint8Array
  readonly #spaces: boolean
  readonly #comment: Uint8Array | undefined
  readonly #batchRows: number
  readonly #maxRecordBytes: number
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  /** What follows the bytes at hand, when these are a record cut in two. */
  #ahead: Uint8Array = new Uint8Array(0)
  #final = false
  /** Bytes to have before an unfinished record is worth another look: keeps long records linear. */
  #retryAt = 0
  #headerLeft: number
  #labels: readonly string[] | undefined
  #cells = new BatchCells(0, 1)
  /** Cell index → column of the batch, or -1. */
  #target: Int32Array | undefined
  #order: readonly number[] = []
  #plain: PlainRecords | undefined
  #rows = 0
  #record = 0
  /** The piece at hand, until the records read of it are told. */
  #scanned: ScannedPiece | undefined
  /** How plain records are read, where they can be read the quick way. */
  plan: ScanPlan | undefined

  /** @throws LichenError `invalid-argument` */
  constructor(options: DelimitedOptions = {}) {
    checkOptions(options)
    this.#options = options
    this.#name = options.name ?? 'the text'
    this.#stream = new Utf8Stream(options.encoding)
    this.#spaces = options.delimiter === 'spaces'
    this.#delimiter = utf8Of(this.#spaces ? ' ' : (options.delimiter ?? ','))
    this.#comment = options.comment === undefined ? undefined : utf8Of(options.comment)
    this.#batchRows = options.batchRows ?? 65_536
    this.#maxRecordBytes = options.maxRecordBytes ?? 16 << 20
    this.#headerLeft = options.headerLines ?? 0
  }

  push(chunk: Uint8Array): void {
    this.pushText(this.convert(chunk))
  }

  /** The next chunk as UTF-8, for `pushText` or `pushPiece`. */
  convert(chunk: Uint8Array): Uint8Array {
    return this.#stream.push(chunk)
  }

  /** Takes in a chunk that was converted. */
  pushText(converted: Uint8Array): void {
    this.#goAhead()
    const rest = this.#bytes.subarray(this.#at)
    this.#at = 0
    if (rest.length === 0) {
      this.#bytes = converted
      return
    }
    // The chunk need not be copied but for the end of the record that it continues.
    const cut = rest.length < converted.length ? converted.indexOf(lineFeed) + 1 : 0
    this.#bytes = joined(rest, cut === 0 ? converted : converted.subarray(0, cut))
    if (cut > 0) this.#ahead = converted.subarray(cut)
  }

  /** Takes in a piece; what was read of it counts if it does begin with a record. */
  pushPiece(piece: ScannedPiece): void {
    const isNext = this.#at === this.#bytes.length && this.#ahead.length === 0
    if (isNext && this.#headerLeft === 0 && piece.rows > 0) {
      this.#scanned = piece
      return
    }
    this.pushText(piece.bytes.slice())
    piece.release()
  }

  /** The text at hand that has not been read, which is forgotten; it begins with a record. Undefined when that is not sure. */
  takeRest(): Uint8Array | undefined {
    if (this.#headerLeft > 0 || this.#ahead.length > 0) return undefined
    const rest = this.#bytes.subarray(this.#at)
    this.#bytes = new Uint8Array(0)
    this.#at = 0
    this.#retryAt = 0
    return rest
  }

  finish(): void {
    const rest = this.#stream.finish()
    this.#goAhead()
    if (rest.length > 0) this.#bytes = joined(this.#bytes, rest)
    this.#final = true
  }

  /** Takes in what follows the bytes at hand; false when that is nothing. No batch refers to the bytes at hand. */
  #goAhead(): boolean {
    const ahead = this.#ahead
    if (ahead.length === 0) return false
    const rest = this.#bytes.subarray(this.#at)
    this.#bytes = rest.length === 0 ? ahead : joined(rest, ahead)
    this.#at = 0
    this.#ahead = new Uint8Array(0)
    return true
  }

  /** Field names, as soon as the bytes at hand tell them; empty for an empty text. @throws LoadError `source-malformed` */
  labels(): readonly string[] | undefined {
    if (this.#labels !== undefined) return this.#labels
    if (Array.isArray(this.#options.labels)) {
      this.#labels = labelsFrom(this.#options.labels)
      return this.#labels
    }
    const first = this.#firstRecord()
    if (first === undefined) return undefined
    this.#labels = labelsFrom(this.#options.labels === 'none' ? first.map(() => '') : first)
    return this.#labels
  }

  /** The fields wanted, as indices into `labels()`. */
  project(fields: readonly number[]): void {
    assert(this.#labels !== undefined, 'labels are known before a projection')
    const wanted = [...new Set(fields)]
    this.#target = new Int32Array(this.#labels.length).fill(-1)
    wanted.forEach((field, index) => {
      if (this.#target !== undefined) this.#target[field] = index
    })
    this.#order = fields.map((field) => wanted.indexOf(field))
    this.#cells = new BatchCells(wanted.length, this.#batchRows)
    const [delimiter] = this.#delimiter
    const simple = this.#delimiter.length === 1 && !this.#spaces && this.#comment === undefined
    if (!simple || delimiter === undefined || !PlainRecords.reads(delimiter)) return
    const quoting = this.#options.quoting ?? 'msq'
    const target = this.#target
    this.#plain = new PlainRecords(delimiter, quoting, target, wanted.length, this.#cells.capacity)
    this.plan = { delimiter, quoting, target, columns: wanted.length, batchRows: this.#batchRows }
  }

  /** The next records of the bytes at hand. Undefined = push more, or there is no more. @throws LoadError `source-malformed` */
  next(): TextBatch | undefined {
    assert(this.#target !== undefined, 'a projection precedes the first batch')
    do {
      const batch = this.#nextAtHand()
      if (batch !== undefined) return batch
    } while (this.#goAhead())
    return undefined
  }

  #nextAtHand(): TextBatch | undefined {
    const scanned = this.#scanned
    this.#scanned = undefined
    if (scanned !== undefined) return this.#takeScanned(scanned)
    if (!this.#final && this.#bytes.length - this.#at < this.#retryAt) return undefined
    this.#retryAt = 0
    const cells = this.#cells
    cells.begin()
    while (this.#rows < cells.capacity) {
      if (this.#readPlain()) continue
      if (!this.#toRecord()) break
      cells.beginRow(this.#rows)
      const end = this.#readCells(this.#at, this.#putPart)
      if (end === unfinished) {
        cells.undoRow(this.#rows)
        this.#waitForMore()
        break
      }
      this.#rows += 1
      this.#record += 1
      this.#at = end
    }
    return this.#rows > 0 ? this.#take() : undefined
  }

  /** Reads as many records as can be read the quick way; false when there was none. */
  #readPlain(): boolean {
    const plain = this.#plain
    if (plain === undefined || this.#headerLeft > 0) return false
    const before = this.#rows
    this.#at = plain.read(this.#bytes, this.#at, this.#cells, before)
    this.#rows = plain.rows
    this.#record += this.#rows - before
    return this.#rows > before
  }

  #take(): TextBatch {
    const rows = this.#rows
    const { columns, release } = this.#cells.take(rows, this.#bytes.subarray(0, this.#at))
    this.#bytes = this.#bytes.subarray(this.#at)
    this.#at = 0
    this.#rows = 0
    return this.#batchOf(rows, columns, release)
  }

  #takeScanned({ bytes, rows, at, cells, release, during }: ScannedPiece): TextBatch {
    this.#record += rows
    // A copy, because the batch may be released before the rest is read.
    this.#bytes = bytes.slice(at)
    this.#at = 0
    const columns = Array.from({ length: this.plan?.columns ?? 0 }, (_, column) => cells(column))
    return this.#batchOf(rows, columns, release, during)
  }

  #batchOf(
    rows: number,
    columns: readonly Cells[],
    release: () => void,
    during: TextBatch['during'] = (work) => work(),
  ): TextBatch {
    const interpret = this.#options.interpret ?? true
    return {
      rows,
      columns: this.#order.flatMap((index) => {
        const cells = columns[index]
        return cells === undefined ? [] : ({ kind: 'text', ...cells, interpret } as const)
      }),
      release,
      during,
    }
  }

  readonly #putPart = (cell: number, start: number, end: number): void => {
    const target = this.#target?.[cell]
    if (target === undefined) {
      if (end > start && this.#options.extraCells !== 'drop')
        this.#fail(`has more cells than the ${this.#labels?.length} fields`)
      return
    }
    if (target >= 0) this.#cells.addPart(target, this.#rows, this.#bytes, start, end)
  }

  /** The cells of the first record as texts; consumed when it holds the labels. */
  #firstRecord(): readonly string[] | undefined {
    if (!this.#toRecord()) return this.#final ? [] : undefined
    const texts: string[] = []
    let parts: Uint8Array = new Uint8Array(0)
    const end = this.#readCells(
      this.#at,
      (_, start, stop) => {
        parts = joined(parts, this.#bytes.subarray(start, stop))
      },
      () => {
        texts.push(decodeUtf8(parts))
        parts = new Uint8Array(0)
      },
    )
    if (end === unfinished) {
      this.#waitForMore()
      return undefined
    }
    if (this.#options.labels !== 'none') this.#at = end
    return texts
  }

  #waitForMore(): void {
    const length = this.#bytes.length - this.#at
    if (length > this.#maxRecordBytes)
      this.#fail(`is longer than ${this.#maxRecordBytes} bytes; is a quote not closed?`)
    this.#retryAt = length + (length >>> 1)
  }

  /** Passes header lines, comments and blank lines; false when the bytes end before a record does begin. */
  #toRecord(): boolean {
    for (;;) {
      if (this.#at >= this.#bytes.length) return false
      const end =
        this.#headerLeft > 0
          ? lineAfter(this.#bytes, this.#at, this.#final)
          : endOfSkippedLine(this.#bytes, this.#at, this.#final, this.#delimiter, this.#comment)
      if (end === unfinished) return false
      if (end === this.#at) return true
      if (this.#headerLeft > 0) this.#headerLeft -= 1
      this.#at = end
    }
  }

  /** Reads one record from `from`, part by part (a quoted cell comes in several), and returns where the next line begins. */
  #readCells(
    from: number,
    put: (cell: number, start: number, end: number) => void,
    endCell?: (cell: number) => void,
  ): number {
    const bytes = this.#bytes
    const { length } = bytes
    const first = this.#delimiter[0]!
    const quoting = this.#options.quoting ?? 'msq'
    const simple = this.#delimiter.length === 1 && !this.#spaces
    let at = this.#spaces ? afterBlanks(this.#bytes, from) : from
    for (let cell = 0; ; cell++) {
      const opening = openingQuote(bytes, at, quoting, this.#delimiter, this.#spaces)
      if (opening >= 0) {
        at = this.#readQuoted(cell, opening, put)
        if (at === unfinished) return unfinished
      }
      const start = at
      if (simple) {
        for (; at < length; at++) {
          const byte = bytes[at]!
          if (byte === first || byte === lineFeed || byte === carriageReturn) break
        }
      } else
        while (
          at < length &&
          bytes[at] !== lineFeed &&
          bytes[at] !== carriageReturn &&
          delimiterLength(bytes, at, this.#delimiter, this.#spaces) === 0
        )
          at += 1
      if (at === length && !this.#final) return unfinished
      // A blank rest behind a closing quote is no part of the cell in msq.
      const blankRest = opening >= 0 && quoting !== 'standard'
      put(cell, start, blankRest ? endUnlessBlank(bytes, start, at) : at)
      endCell?.(cell)
      if (at === length) return at
      if (bytes[at] === lineFeed || bytes[at] === carriageReturn)
        return afterLineEnd(bytes, at, this.#final)
      at += simple ? 1 : delimiterLength(bytes, at, this.#delimiter, this.#spaces)
      if (this.#spaces) {
        if (at === length) return this.#final ? at : unfinished
        if (bytes[at] === lineFeed || bytes[at] === carriageReturn)
          return afterLineEnd(bytes, at, this.#final)
      }
    }
  }

  /** Puts the content of a quoted cell and returns the place behind its closing quote. */
  #readQuoted(
    cell: number,
    opening: number,
    put: (cell: number, start: number, end: number) => void,
  ): number {
    const bytes = this.#bytes
    const { length } = bytes
    const quote = bytes[opening]
    const last =
      quote === singleQuote ? closingSingle(bytes, opening, this.#delimiter, this.#spaces) : length
    let start = opening + 1
    for (let at = start; at < length; at++) {
      if (bytes[at] !== quote) continue
      if (at !== last && bytes[at + 1] === quote) {
        put(cell, start, at + 1)
        at += 1
        start = at + 1
        continue
      }
      if (at + 1 === length && !this.#final) return unfinished
      put(cell, start, at)
      return at + 1
    }
    if (this.#final) this.#fail('opens a quote that is never closed')
    return unfinished
  }

  #fail(what: string): never {
    const record = this.#record
    throw new LoadError('source-malformed', `Record ${record + 1} of ${this.#name} ${what}`, {
      details: { record, source: this.#name },
    })
  }
}
