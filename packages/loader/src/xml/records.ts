import type { SourceBatch } from '@lichen/engine'
import { malformed, overBudget } from '../load-errors.ts'
import { TextRows } from '../text-rows.ts'
import { TextBytes } from '../xml-text/text-bytes.ts'
import { type XmlReader, xmlToken } from '../xml-text/xml-reader.ts'
import type { XmlNode } from './node.ts'
import { isNamespace, type XmlStructure } from './structure.ts'
import type { XmlField } from './table.ts'

const none = -1
const mostBytes = 2 ** 29

/** Reads the records of a table out of a document whose structure is known. */
export class XmlRecords {
  readonly #where: string
  readonly #record: XmlNode
  readonly #top: XmlNode
  readonly #rows: TextRows
  readonly #keys: readonly { readonly column: number; readonly node: XmlNode }[]
  /** By node: its column, and how many of it were seen. */
  readonly #columnOf: Int32Array
  readonly #seen: Uint32Array
  /** By node: the record that has its value already. */
  readonly #doneIn: Uint32Array
  /** By depth: texts of the open elements. */
  readonly #texts: TextBytes[] = []
  #at: XmlNode
  #inside = false

  constructor(
    structure: XmlStructure,
    record: XmlNode,
    fields: readonly XmlField[],
    where: string,
  ) {
    this.#where = where
    this.#record = record
    this.#top = this.#at = structure.top
    this.#rows = new TextRows(fields.map(() => true))
    this.#columnOf = new Int32Array(structure.nodes).fill(none)
    this.#seen = new Uint32Array(structure.nodes)
    this.#doneIn = new Uint32Array(structure.nodes)
    for (const [column, { node, isKey }] of fields.entries())
      if (!isKey) this.#columnOf[node.index] = column
    this.#keys = fields.flatMap(({ node, isKey }, column) => (isKey ? [{ column, node }] : []))
  }

  /** Takes the tokens there are; returns at the end of the root element too. */
  *scan(xml: XmlReader): Generator<SourceBatch, boolean> {
    for (let token = xml.next(); token !== xmlToken.more; token = xml.next()) {
      if (token === xmlToken.open) this.#open(xml)
      else if (token === xmlToken.text) this.#text(xml)
      else {
        this.#close(xml)
        if (this.#at === this.#top) return true
        if (this.#rows.isFull) yield this.#rows.take()
      }
    }
    return false
  }

  *rest(): Generator<SourceBatch> {
    if (this.#rows.rows > 0) yield this.#rows.take()
  }

  #open(xml: XmlReader): void {
    const node = this.#child(xml, xml.nameStart, xml.end, false)
    this.#at = node
    this.#textAt(xml.depth).length = 0
    this.#seen[node.index]! += 1
    if (node === this.#record) {
      this.#inside = true
      for (const { column, node: of } of this.#keys)
        this.#rows.putText(column, String(this.#seen[of.index]))
    }
    if (!this.#inside) return
    while (xml.nextAttribute()) {
      if (isNamespace(xml)) continue
      const attribute = this.#child(xml, xml.attributeStart, xml.attributeEnd, true)
      const column = this.#columnOf[attribute.index]!
      if (column === none || this.#rows.has(column)) continue
      const start = this.#rows.text.length
      xml.appendValue(this.#rows.text)
      if (!this.#rows.text.isUtf8From(start)) throw xml.fail('it is not UTF-8')
      this.#rows.put(column, start)
    }
  }

  #text(xml: XmlReader): void {
    if (!this.#inside || this.#columnOf[this.#at.index] === none || this.#isDone(this.#at)) return
    const text = this.#textAt(xml.depth)
    if (text.length + this.#rows.text.length > mostBytes)
      throw overBudget(this.#where, `a record takes more than ${mostBytes} bytes`)
    xml.appendText(text)
  }

  #close(xml: XmlReader): void {
    const node = this.#at
    this.#at = node.parent ?? this.#top
    if (!this.#inside) return
    const column = this.#columnOf[node.index]!
    const text = this.#textAt(xml.depth)
    // An empty element is an empty text, a missing one NULL.
    if (column !== none && !this.#isDone(node) && (text.length > 0 || !node.hasElements)) {
      if (!text.isUtf8From(0)) throw xml.fail('it is not UTF-8')
      const start = this.#rows.text.length
      this.#rows.text.append(text.bytes, 0, text.length)
      this.#rows.put(column, start)
      this.#doneIn[node.index] = this.#seen[this.#record.index]!
    }
    if (node !== this.#record) return
    this.#inside = false
    this.#rows.endRow()
  }

  /** The text of the open element of this depth. */
  #textAt(depth: number): TextBytes {
    let text = this.#texts[depth]
    if (text === undefined) {
      text = new TextBytes()
      this.#texts[depth] = text
    }
    return text
  }

  #isDone(node: XmlNode): boolean {
    return this.#doneIn[node.index] === this.#seen[this.#record.index]
  }

  #child(xml: XmlReader, start: number, end: number, isAttribute: boolean): XmlNode {
    const node = this.#at.child(xml.bytes, start, end, isAttribute)
    if (node === undefined) throw malformed(this.#where, 'it changed while it was read')
    return node
  }
}
