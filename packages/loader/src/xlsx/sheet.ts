import { TextBytes } from '../xml-text/text-bytes.ts'
import { nameCode, type XmlReader, xmlToken } from '../xml-text/xml-reader.ts'
import { readNumber } from './cell-number.ts'
import { type CellRange, columnOf, parseRange } from './cell-reference.ts'
import { readIsoDate } from './iso-date.ts'
import { maxColumns, maxRows } from './limits.ts'
import { formatIndex, type Styles } from './styles.ts'

const names = {
  worksheet: nameCode('worksheet'),
  dimension: nameCode('dimension'),
  sheetData: nameCode('sheetData'),
  row: nameCode('row'),
  cell: nameCode('c'),
  value: nameCode('v'),
  inline: nameCode('is'),
  run: nameCode('r'),
  text: nameCode('t'),
}

/** The letters of attributes and types. */
const [letterB, letterD, letterE, letterF, letterI, letterN, letterR, letterS, letterT] = [
  0x62, 0x64, 0x65, 0x66, 0x69, 0x6e, 0x72, 0x73, 0x74,
]

/** Takes the cells of a sheet that hold a value, rows ascending; rows and columns count from 0. */
export interface CellSink {
  /** `format` is an index into the formats of the workbook. */
  number(row: number, column: number, value: number, format: number): void
  /** `index` is below the count of the shared strings. */
  sharedText(row: number, column: number, index: number): void
  /** The text is UTF-8, and lent. */
  text(row: number, column: number, bytes: Uint8Array, start: number, end: number): void
}

export interface SheetContext {
  readonly styles: Styles
  readonly sharedStrings: number
  readonly date1904: boolean
  /** Most bytes of the text of one cell. */
  readonly cellBytes: number
}

/** Characters of a date as ISO 8601 writes it. */
const longestDate = 40
/** Days from 1899-12-30 to 1904-01-01, the day 0 of the other date system. */
const days1904 = 1462

/**
 * Scans a worksheet part and hands its cells to a sink. Numbers stay numbers, booleans are -1 and 0, dates in the 1904 system are counted
 * anew, formulas are their stored values; errors and cells without a value are passed over, which makes them NULL.
 * Source: ECMA-376 part 1, 18.3.1.4 (c), 18.18.11 (ST_CellType)
 */
export class SheetScanner {
  /** What the sheet states to be its extent, if it does so before its rows. */
  dimension: CellRange | undefined
  readonly #context: SheetContext
  readonly #sink: CellSink
  /** By style: the format, and what makes a stored number the value. */
  readonly #shifts: Float64Array
  readonly #text = new TextBytes()
  #row = -1
  #column = -1
  /** First letter of the type: b, d, e, n, s; i for inlineStr and f, as in formula, for str. */
  #type = letterN
  #style = 0

  constructor(context: SheetContext, sink: CellSink) {
    this.#context = context
    this.#sink = sink
    this.#shifts = Float64Array.from(context.styles.formats, (format) =>
      context.date1904 && (format?.kind === 'date' || format?.kind === 'timestamp') ? days1904 : 0,
    )
  }

  readonly scan = (xml: XmlReader): void => {
    for (let token = xml.next(); token !== xmlToken.more; token = xml.next()) {
      if (token === xmlToken.open) this.#open(xml)
      else if (token === xmlToken.text) {
        if (xml.depth >= 5) this.#append(xml)
      } else if (xml.depth === 4) this.#endCell(xml)
    }
  }

  #open(xml: XmlReader): void {
    const { name, depth } = xml
    if (depth === 1 && name !== names.worksheet) throw xml.fail('it is no worksheet')
    if (depth === 4 && name === names.cell) this.#beginCell(xml)
    else if (depth === 3 && name === names.row) this.#beginRow(xml)
    else if (depth === 2 && name === names.dimension && this.#row < 0)
      this.dimension = parseRange(xml.attributes().get('ref') ?? '')
    else if (depth > 4 ? !this.#holdsText(xml) : depth === 2 ? name !== names.sheetData : depth > 2)
      xml.skip()
  }

  /** Whether an element in a cell is part of its value: formulas, phonetic hints and extensions are not. */
  #holdsText(xml: XmlReader): boolean {
    const { name, depth } = xml
    if (this.#type === letterE) return false
    if (depth === 5) return name === (this.#type === letterI ? names.inline : names.value)
    if (depth === 6) return (name === names.run || name === names.text) && xml.within(names.inline)
    return name === names.text && xml.within(names.run)
  }

  #beginRow(xml: XmlReader): void {
    let row = this.#row + 1
    while (xml.nextAttribute()) {
      if (xml.attributeEnd - xml.attributeStart !== 1) continue
      if (xml.bytes[xml.attributeStart] !== letterR) continue
      row = readNumber(xml.bytes, xml.valueStart, xml.valueEnd) - 1
    }
    if (!Number.isInteger(row) || row <= this.#row || row >= maxRows)
      throw xml.fail(`a row has no number above ${this.#row + 1} and up to ${maxRows}`)
    this.#row = row
    this.#column = -1
  }

  #beginCell(xml: XmlReader): void {
    const { bytes } = xml
    let column = this.#column + 1
    let type = letterN
    let style = 0
    while (xml.nextAttribute()) {
      if (xml.attributeEnd - xml.attributeStart !== 1) continue
      const start = xml.valueStart
      const end = xml.valueEnd
      const attribute = bytes[xml.attributeStart]
      if (attribute === letterR) column = columnOf(bytes, start, end)
      else if (attribute === letterS) style = readNumber(bytes, start, end)
      // `str` and `inlineStr` begin like `s` and like nothing else.
      else if (attribute === letterT) type = end - start === 3 ? letterF : bytes[start]!
    }
    if (column < 0 || column >= maxColumns) throw xml.fail('a cell has no column up to XFD')
    this.#column = column
    this.#type = type
    this.#style = style
    this.#text.length = 0
  }

  #append(xml: XmlReader): void {
    if (!xml.inside(names.value) && !xml.inside(names.text)) return
    if (this.#text.length + xml.end - xml.start > this.#context.cellBytes)
      throw xml.tooLong('the text of a cell')
    xml.appendText(this.#text)
  }

  #endCell(xml: XmlReader): void {
    const { length, bytes } = this.#text
    switch (this.#type) {
      case letterN:
        if (length > 0) this.#endNumber(xml, readNumber(bytes, 0, length))
        return
      case letterS: {
        if (length === 0) return
        const index = readNumber(bytes, 0, length)
        if (!Number.isInteger(index) || index < 0 || index >= this.#context.sharedStrings)
          throw xml.fail('a cell names a shared string that does not exist')
        this.#sink.sharedText(this.#row, this.#column, index)
        return
      }
      case letterB:
        if (length > 0)
          this.#putNumber(readNumber(bytes, 0, length) === 0 ? 0 : -1, formatIndex.plain)
        return
      case letterD:
        if (length > 0) this.#endDate(xml)
        return
      case letterE:
        return
      default:
        this.#endText(xml)
    }
  }

  /** What is no number, though it should be, is a value all the same. */
  #endNumber(xml: XmlReader, number: number): void {
    const format = this.#context.styles.byStyle[this.#style] ?? formatIndex.plain
    if (Number.isNaN(number)) this.#endText(xml)
    else this.#putNumber(number + this.#shifts[format]!, format)
  }

  #endDate(xml: XmlReader): void {
    const { bytes, length } = this.#text
    const date =
      length > longestDate
        ? undefined
        : readIsoDate(String.fromCharCode(...bytes.subarray(0, length)))
    if (date === undefined) this.#endText(xml)
    else this.#putNumber(date.number, formatIndex[date.kind])
  }

  #putNumber(number: number, format: number): void {
    this.#sink.number(this.#row, this.#column, number, format)
  }

  #endText(xml: XmlReader): void {
    const text = this.#text
    if (!text.finishText(0)) throw xml.fail('the text of a cell is not UTF-8')
    if (text.length > 0 || this.#type !== letterN)
      this.#sink.text(this.#row, this.#column, text.bytes, 0, text.length)
  }
}
