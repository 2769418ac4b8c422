import type { LoadError } from '@lichen/engine'
import { malformed, overBudget, unsupported } from '../load-errors.ts'
import { isBlank, isNameByte } from './characters.ts'
import type { XmlLimits } from './limits.ts'
import { TextBytes } from './text-bytes.ts'
import { codePointOf } from './xml-entity.ts'

/** What `XmlReader.next` stands at. `more` is 0: nothing whole is left of what was pushed. */
export const xmlToken = { more: 0, open: 1, close: 2, text: 3 } as const
type XmlToken = (typeof xmlToken)[keyof typeof xmlToken]

const [lessThan, greaterThan, slash, bang, question] = [0x3c, 0x3e, 0x2f, 0x21, 0x3f]
const [colon, equals, quote, apostrophe, ampersand, semicolon] = [
  0x3a, 0x3d, 0x22, 0x27, 0x26, 0x3b,
]
const [lineFeed, carriageReturn] = [0x0a, 0x0d]
const encoder = new TextEncoder()
const [commentStart, commentEnd, cdataStart, cdataEnd, instructionEnd, byteOrderMark] = [
  bytesOf('<!--'),
  bytesOf('-->'),
  bytesOf('<![CDATA['),
  bytesOf(']]>'),
  bytesOf('?>'),
  Uint8Array.of(0xef, 0xbb, 0xbf),
]

/** A number for a local name, so that names are compared without a string of them: unique among the names of a format, not among any. */
export function nameCode(name: string): number {
  return bytesOf(name).reduce(mixName, 0)
}

function mixName(code: number, byte: number): number {
  return (Math.imul(code, 0x01000193) ^ byte) | 0
}

/**
 * A pull reader of UTF-8 XML over chunks of any size: elements, attributes, text, CDATA, the five entities and character references. There
 * is no DTD: a DOCTYPE is refused. Fields describe the token `next` returned; ranges point into `bytes` and hold until `push`.
 */
export class XmlReader {
  bytes: Uint8Array = new Uint8Array(1 << 17)
  /** Of the local name (open, close) or of the text. */
  start = 0
  end = 0
  /** Of the name with its prefix, which ends at `end`. */
  nameStart = 0
  /** `nameCode` of an open or close token. */
  name = 0
  /** Elements around the token, itself included for open and close. */
  depth = 0
  /** Of the attribute `nextAttribute` stands at: its name and its value without quotes. */
  attributeStart = 0
  attributeEnd = 0
  valueStart = 0
  valueEnd = 0

  readonly #where: string
  readonly #limits: XmlLimits
  readonly #anyEncoding: boolean
  readonly #names: Int32Array
  readonly #scratch = new TextBytes()
  /** Unread bytes are [#at, #filled). */
  #at = 0
  #filled = 0
  /** Unread bytes to wait for before the token is looked at again. */
  #needed = 0
  /** Bytes before `bytes[0]`. */
  #before = 0
  #closed = false
  #started = false
  #rooted = false
  #empty = false
  #verbatim = false
  #leave = false
  #skipDepth = 0
  #attributeAt = 0
  #tagEnd = 0

  /**
   * @param where the file and its part, for errors
   * @param anyEncoding whether the declaration may name any, because the bytes pushed are UTF-8 already
   */
  constructor(where: string, limits: XmlLimits, anyEncoding = false) {
    this.#where = where
    this.#limits = limits
    this.#anyEncoding = anyEncoding
    this.#names = new Int32Array(limits.depth + 1)
  }

  /** Adds bytes, which are copied. */
  push(chunk: Uint8Array): void {
    const rest = this.#filled - this.#at
    if (rest + chunk.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(rest + chunk.length, this.bytes.length * 2))
      larger.set(this.bytes.subarray(this.#at, this.#filled))
      this.bytes = larger
    } else this.bytes.copyWithin(0, this.#at, this.#filled)
    this.bytes.set(chunk, rest)
    this.#before += this.#at
    this.#at = 0
    this.#filled = rest + chunk.length
  }

  /** No more bytes come: what is left must be whole. */
  close(): void {
    this.#closed = true
    this.#needed = 0
  }

  /** Passes over the content of the element just opened, and its end. */
  skip(): void {
    this.#skipDepth = this.depth
  }

  /** @throws LoadError `source-malformed`, `source-unsupported`, `budget-exceeded` */
  next(): XmlToken {
    if (this.#filled - this.#at < this.#needed) return xmlToken.more
    this.#needed = 0
    if (!this.#started && !this.#begin()) return xmlToken.more
    for (;;) {
      if (this.#leave) {
        this.depth -= 1
        this.#leave = false
      }
      const token = this.#empty ? this.#closeEmpty() : this.#read()
      if (this.#skipDepth === 0 || token === xmlToken.more) return token
      if (token === xmlToken.close && this.depth === this.#skipDepth) this.#skipDepth = 0
    }
  }

  /** Whether the innermost element around the token has this name. */
  inside(name: number): boolean {
    return this.#names[this.depth] === name
  }

  /** Whether the element around that one has this name. */
  within(name: number): boolean {
    return this.#names[this.depth - 1] === name
  }

  /** The next attribute of the element just opened. */
  nextAttribute(): boolean {
    const { bytes } = this
    const end = this.#tagEnd
    let at = this.#attributeAt
    while (at < end && isBlank(bytes[at]!)) at += 1
    if (at >= end) return false
    this.attributeStart = at
    while (at < end && bytes[at] !== equals && !isBlank(bytes[at]!)) at += 1
    this.attributeEnd = at
    while (at < end && isBlank(bytes[at]!)) at += 1
    if (bytes[at] !== equals || at >= end) throw this.fail('an attribute has no value')
    at += 1
    while (at < end && isBlank(bytes[at]!)) at += 1
    const mark = bytes[at]
    if (mark !== quote && mark !== apostrophe) throw this.fail('an attribute has no quotes')
    this.valueStart = ++at
    while (at < end && bytes[at] !== mark) at += 1
    if (at >= end) throw this.fail('an attribute does not end')
    this.valueEnd = at
    this.#attributeAt = at + 1
    return true
  }

  /** The attributes of the element just opened, by local name. For elements that are few. */
  attributes(): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    while (this.nextAttribute()) {
      const name = this.#textOf(this.attributeStart, this.attributeEnd)
      if (!name.startsWith('xmlns'))
        found.set(name.slice(name.indexOf(':') + 1), this.#textOf(this.valueStart, this.valueEnd))
    }
    return found
  }

  /** Appends the text of the token, entities decoded and lines ended by LF. */
  appendText(into: TextBytes): void {
    this.#append(into, this.start, this.end, this.#verbatim)
  }

  /** Appends the value of the attribute at hand, entities decoded. */
  appendValue(into: TextBytes): void {
    this.#append(into, this.valueStart, this.valueEnd, false)
  }

  fail(what: string): LoadError {
    return malformed(this.#where, `damaged XML at byte ${this.#before + this.#at}: ${what}`)
  }

  tooLong(what: string): LoadError {
    return overBudget(this.#where, `${what} at byte ${this.#before + this.#at} is too long`)
  }

  #textOf(start: number, end: number): string {
    this.#scratch.length = 0
    this.#append(this.#scratch, start, end, false)
    if (!this.#scratch.finishText(0)) throw this.fail('it is not UTF-8')
    return this.#scratch.textFrom(0)
  }

  #append(into: TextBytes, start: number, end: number, verbatim: boolean): void {
    const { bytes } = this
    let from = start
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte > ampersand || (byte !== carriageReturn && (byte !== ampersand || verbatim)))
        continue
      into.append(bytes, from, i)
      if (byte === ampersand) {
        const close = bytes.indexOf(semicolon, i)
        if (close < 0 || close >= end || close - i > 12) throw this.fail('an entity does not end')
        const point = codePointOf(bytes, i + 1, close)
        if (point < 0) throw this.fail('an entity stands for no character')
        into.appendCodePoint(point)
        i = close
      } else if (bytes[i + 1] !== lineFeed || i + 1 === end) into.appendCodePoint(lineFeed)
      from = i + 1
    }
    into.append(bytes, from, end)
  }

  /** Byte order mark and declaration. */
  #begin(): boolean {
    if (this.#filled - this.#at < 3 && !this.#closed) return false
    const { bytes } = this
    const [first, second] = bytes
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
      throw unsupported(this.#where, 'it is UTF-16; save it anew as UTF-8')
    if (this.#matches(byteOrderMark, 0)) this.#at = 3
    this.#started = true
    return true
  }

  #read(): XmlToken {
    const { bytes } = this
    for (;;) {
      const at = this.#at
      if (at >= this.#filled) return this.#wait()
      if (bytes[at] !== lessThan) {
        let end = at + 1
        while (end < this.#filled && bytes[end] !== lessThan) end += 1
        if (end === this.#filled && !(this.#closed && this.depth === 0)) return this.#wait()
        this.#at = end
        if (this.depth > 0) return this.#text(at, end, false)
        for (let i = at; i < end; i++)
          if (!isBlank(bytes[i]!)) throw this.fail('text stands outside the elements')
        continue
      }
      if (at + 1 >= this.#filled) return this.#wait()
      const second = bytes[at + 1]
      if (second === slash) return this.#closeTag()
      if (second !== bang && second !== question) return this.#openTag()
      const special = this.#special(second)
      if (special !== undefined) return special
    }
  }

  /** Comments, instructions and CDATA; undefined = nothing to tell. */
  #special(second: number): XmlToken | undefined {
    const at = this.#at
    if (second === question) return this.#until(instructionEnd, at + 2, false)
    if (this.#filled - at < cdataStart.length && !this.#closed) return this.#wait()
    if (this.#matches(commentStart, at)) return this.#until(commentEnd, at + 4, false)
    if (this.#matches(cdataStart, at) && this.depth > 0)
      return this.#until(cdataEnd, at + cdataStart.length, true)
    throw this.fail('a DOCTYPE or another declaration is not allowed')
  }

  #until(mark: Uint8Array, from: number, text: boolean): XmlToken | undefined {
    let end = this.bytes.indexOf(mark[0]!, from)
    while (end >= 0 && end < this.#filled && !this.#matches(mark, end))
      end = this.bytes.indexOf(mark[0]!, end + 1)
    if (end < 0 || end >= this.#filled) return this.#wait()
    const start = this.#at
    this.#at = end + mark.length
    if (text) return this.#text(from, end, true)
    if (mark === instructionEnd && !this.#anyEncoding) this.#checkEncoding(start, end)
    return undefined
  }

  #checkEncoding(start: number, end: number): void {
    const text = new TextDecoder().decode(this.bytes.subarray(start, Math.min(end, start + 200)))
    const encoding = /^<\?xml\s.*\bencoding\s*=\s*["']([^"']*)["']/s.exec(text)?.[1]
    if (encoding !== undefined && !/^(?:utf-?8|(?:us-)?ascii)$/i.test(encoding))
      throw unsupported(this.#where, `the encoding ${encoding} is not read; save it anew as UTF-8`)
  }

  #text(start: number, end: number, verbatim: boolean): XmlToken {
    this.start = start
    this.end = end
    this.#verbatim = verbatim
    return xmlToken.text
  }

  #openTag(): XmlToken {
    const { bytes } = this
    const nameEnd = this.#name(this.#at + 1)
    if (nameEnd < 0) return this.#wait()
    let end = nameEnd
    let mark = 0
    for (; end < this.#filled; end++) {
      const byte = bytes[end]!
      if (mark !== 0) {
        if (byte === mark) mark = 0
        else if (byte === lessThan) throw this.fail('an attribute holds a <')
      } else if (byte === greaterThan) break
      else if (byte === quote || byte === apostrophe) mark = byte
      else if (byte === lessThan) throw this.fail('a tag does not end')
    }
    if (end >= this.#filled) return this.#wait()
    if (this.depth === 0 && this.#rooted) throw this.fail('there is a second root element')
    if (this.depth >= this.#limits.depth)
      throw overBudget(this.#where, `elements are nested deeper than ${this.#limits.depth}`)
    this.#rooted = true
    this.#empty = end > nameEnd && bytes[end - 1] === slash
    if (bytes[nameEnd] === slash && !(this.#empty && nameEnd === end - 1))
      throw this.fail('a name is malformed')
    this.#attributeAt = nameEnd
    this.#tagEnd = this.#empty ? end - 1 : end
    this.#at = end + 1
    this.#names[++this.depth] = this.name
    return xmlToken.open
  }

  #closeTag(): XmlToken {
    const { bytes } = this
    let end = this.#name(this.#at + 2)
    if (end < 0) return this.#wait()
    while (end < this.#filled && isBlank(bytes[end]!)) end += 1
    if (end >= this.#filled) return this.#wait()
    if (bytes[end] !== greaterThan || this.depth === 0 || this.#names[this.depth] !== this.name)
      throw this.fail('an end tag closes nothing')
    this.#at = end + 1
    this.#leave = true
    return xmlToken.close
  }

  #closeEmpty(): XmlToken {
    this.#empty = false
    this.#leave = true
    return xmlToken.close
  }

  /** Reads a name into `name`, `start` and `end`, and returns where it ends; -1 when that is not known yet. */
  #name(from: number): number {
    const { bytes } = this
    let at = from
    let start = from
    let code = 0
    for (; at < this.#filled; at++) {
      const byte = bytes[at]!
      if (byte === greaterThan || byte === slash || isBlank(byte)) {
        if (at === start) throw this.fail('a name is missing')
        this.nameStart = from
        this.start = start
        this.end = at
        this.name = code
        return at
      }
      if (byte === colon) {
        start = at + 1
        code = 0
      } else if (byte < 0x80 && !isNameByte(byte)) throw this.fail('a name is malformed')
      else code = mixName(code, byte)
    }
    return -1
  }

  #wait(): XmlToken {
    const rest = this.#filled - this.#at
    if (this.#closed) {
      if (rest > 0 || this.depth > 0 || !this.#rooted) throw this.fail('it ends early')
      return xmlToken.more
    }
    if (rest > this.#limits.tokenBytes) throw this.tooLong('a tag or text')
    // Looked at again only with twice the bytes, so that a long token costs no more than its length.
    this.#needed = rest * 2
    return xmlToken.more
  }

  #matches(mark: Uint8Array, at: number): boolean {
    if (at + mark.length > this.#filled) return false
    for (let i = 0; i < mark.length; i++) if (this.bytes[at + i] !== mark[i]) return false
    return true
  }
}

function bytesOf(text: string): Uint8Array {
  return encoder.encode(text)
}
