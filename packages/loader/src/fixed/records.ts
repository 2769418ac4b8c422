import { type CancellationToken, throwIfCancelled } from '@lichen/engine'
import type { StreamSource } from '../byte-source.ts'
import { markedEncoding } from '../codepage.ts'
import type { Extent } from '../format-items.ts'
import { overBudget } from '../load-errors.ts'
import { TextBytes } from '../xml-text/text-bytes.ts'

/** Where the records of a file stand. */
export interface RecordLayout {
  /** Passed over before the first record. */
  readonly header: Extent
  readonly record: Extent
  /** Blanks a tab stands for; 0 leaves tabs as they are. */
  readonly tabs: number
}

/** Record i is bytes[starts[i] … ends[i]), without line ends. */
export interface Records {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly rows: number
}

const batchRows = 16_384
const maxRecordBytes = 16 << 20
const [lineFeed, carriageReturn, tab, blank] = [0x0a, 0x0d, 0x09, 0x20]

/**
 * The records of a file, batch by batch. Lines end with LF or CRLF; the last record may be short, and a rest of blanks and line ends behind
 * records of a number of bytes is none. @throws LoadError `budget-exceeded`
 */
export async function* recordsOf(
  source: StreamSource,
  layout: RecordLayout,
  cancellation: CancellationToken,
): AsyncGenerator<Records> {
  const cutter = new RecordCutter(layout, source.name)
  for await (const chunk of source.stream(cancellation)) {
    throwIfCancelled(cancellation)
    cutter.push(chunk)
    yield* cutter.take(false)
  }
  yield* cutter.take(true)
}

class RecordCutter {
  readonly #layout: RecordLayout
  readonly #name: string
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  /** Bytes of the file before `#bytes`. */
  #before = 0
  #toPass: number
  #started = false

  constructor(layout: RecordLayout, name: string) {
    this.#layout = layout
    this.#name = name
    this.#toPass = layout.header.count
  }

  push(chunk: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#at)
    if (rest.length > maxRecordBytes)
      throw overBudget(
        this.#name,
        `the record at byte ${this.#before + this.#at} is longer than ${maxRecordBytes} bytes; say "record is"`,
      )
    const bytes = new Uint8Array(rest.length + chunk.length)
    bytes.set(rest)
    bytes.set(chunk, rest.length)
    this.#before += this.#at
    this.#bytes = bytes
    this.#at = 0
  }

  *take(final: boolean): Generator<Records> {
    if (!this.#passHeader(final)) return
    for (let batch = this.#batch(final); batch !== undefined; batch = this.#batch(final))
      yield batch
  }

  #passHeader(final: boolean): boolean {
    const bytes = this.#bytes
    if (!this.#started) {
      if (bytes.length < 3 && !final) return false
      this.#started = true
      // Records of bytes may begin so without a mark.
      const isText = this.#layout.record.unit === 'lines'
      if (isText && markedEncoding(bytes) === 'utf-8') this.#at = 3
    }
    if (this.#layout.header.unit === 'bytes') {
      const passed = Math.min(this.#toPass, bytes.length - this.#at)
      this.#at += passed
      this.#toPass -= passed
    } else
      while (this.#toPass > 0) {
        const next = this.#lineAfter(this.#at, final)
        if (next < 0) break
        this.#at = next
        this.#toPass -= 1
      }
    return this.#toPass === 0
  }

  #batch(final: boolean): Records | undefined {
    const { record, tabs } = this.#layout
    const starts = new Uint32Array(batchRows)
    const ends = new Uint32Array(batchRows)
    const copy = tabs > 0 || (record.unit === 'lines' && record.count > 1)
    const text = new TextBytes()
    let rows = 0
    for (; rows < batchRows; rows++) {
      const start = this.#at
      const next = this.#recordEnd(final)
      if (next < 0) break
      if (copy) {
        starts[rows] = text.length
        this.#copy(text, start, next)
        ends[rows] = text.length
      } else {
        starts[rows] = start
        ends[rows] = record.unit === 'lines' ? this.#lineEnd(start, next) : next
      }
      this.#at = next
    }
    if (rows === 0) return undefined
    return { bytes: copy ? text.bytes : this.#bytes, starts, ends, rows }
  }

  /** Behind the record at hand and its line end; -1 when it is not whole yet or there is none. */
  #recordEnd(final: boolean): number {
    const { record } = this.#layout
    const bytes = this.#bytes
    const at = this.#at
    if (at >= bytes.length) return -1
    if (record.unit === 'bytes') {
      if (at + record.count <= bytes.length) return at + record.count
      return final && !isBlank(bytes, at) ? bytes.length : -1
    }
    let end = at
    for (let line = 0; line < record.count; line++) {
      const next = this.#lineAfter(end, final)
      if (next < 0) return final && line > 0 ? end : -1
      end = next
    }
    return end
  }

  #lineAfter(from: number, final: boolean): number {
    const bytes = this.#bytes
    const feed = from < bytes.length ? bytes.indexOf(lineFeed, from) : -1
    if (feed >= 0) return feed + 1
    return final && from < bytes.length ? bytes.length : -1
  }

  /** Where the line [start, next) ends without its line end. */
  #lineEnd(start: number, next: number): number {
    const bytes = this.#bytes
    let end = next
    if (end > start && bytes[end - 1] === lineFeed) end -= 1
    if (end > start && bytes[end - 1] === carriageReturn) end -= 1
    return end
  }

  /** Appends a record to `text`: its lines without their ends, tabs as blanks. */
  #copy(text: TextBytes, start: number, end: number): void {
    const { record, tabs } = this.#layout
    const bytes = this.#bytes
    for (let from = start; from < end; ) {
      const next = record.unit === 'bytes' ? end : Math.min(end, this.#lineAfter(from, true))
      const last = record.unit === 'bytes' ? end : this.#lineEnd(from, next)
      for (let i = from; i < last; i++) {
        if (bytes[i] !== tab || tabs === 0) continue
        text.append(bytes, from, i)
        for (let n = 0; n < tabs; n++) text.appendCodePoint(blank)
        from = i + 1
      }
      text.append(bytes, from, last)
      from = next
    }
  }
}

function isBlank(bytes: Uint8Array, from: number): boolean {
  for (let i = from; i < bytes.length; i++) {
    const byte = bytes[i]!
    // 26 is the end of a file in old systems.
    if (byte !== blank && byte !== lineFeed && byte !== carriageReturn && byte !== 26) return false
  }
  return true
}
