import { overBudget } from '../load-errors.ts'
import { TextBytes } from '../xml-text/text-bytes.ts'
import { nameCode, type XmlReader, xmlToken } from '../xml-text/xml-reader.ts'

const sst: number = nameCode('sst')
const item: number = nameCode('si')
const run: number = nameCode('r')
const text: number = nameCode('t')

/** The strings of a workbook as UTF-8: string i is bytes[ends[i - 1] … ends[i]). */
export interface SharedStrings {
  readonly bytes: Uint8Array
  /** `ends[0]` is 0; string i ends at `ends[i + 1]`. */
  readonly ends: Uint32Array
  readonly count: number
}

export const noStrings: SharedStrings = {
  bytes: new Uint8Array(0),
  ends: new Uint32Array(1),
  count: 0,
}

/** Reads the shared strings of a workbook. Runs of rich text are joined; phonetic hints are no text. */
export class SharedStringsReader {
  readonly #where: string
  readonly #maxBytes: number
  readonly #text = new TextBytes(1 << 16)
  #ends = new Uint32Array(1 << 10)
  #count = 0

  constructor(where: string, maxBytes: number) {
    this.#where = where
    this.#maxBytes = maxBytes
  }

  readonly scan = (xml: XmlReader): void => {
    for (let token = xml.next(); token !== xmlToken.more; token = xml.next()) {
      if (token === xmlToken.text) {
        if (!xml.inside(text)) continue
        this.#check(xml.end - xml.start)
        xml.appendText(this.#text)
      } else if (token === xmlToken.close) {
        if (xml.depth === 2) this.#end(xml)
      } else if (!isPart(xml.depth, xml.name)) xml.skip()
    }
  }

  #end(xml: XmlReader): void {
    if (!this.#text.finishText(this.#ends[this.#count]!)) throw xml.fail('a string is not UTF-8')
    this.#check(0)
    if (++this.#count === this.#ends.length) {
      const larger = new Uint32Array(this.#ends.length * 2)
      larger.set(this.#ends)
      this.#ends = larger
    }
    this.#ends[this.#count] = this.#text.length
  }

  #check(more: number): void {
    if (this.#text.length + more + 4 * this.#count > this.#maxBytes)
      throw overBudget(
        this.#where,
        `the strings take more than ${this.#maxBytes} bytes; split the workbook or save it as CSV`,
      )
  }

  end(): SharedStrings {
    return { bytes: this.#text.bytes, ends: this.#ends, count: this.#count }
  }
}

function isPart(depth: number, name: number): boolean {
  if (depth === 1) return name === sst
  if (depth === 2) return name === item
  return depth === 3 ? name === run || name === text : depth === 4 && name === text
}
