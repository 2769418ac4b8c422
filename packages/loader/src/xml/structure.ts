import { overBudget } from '../load-errors.ts'
import { isBlank } from '../xml-text/characters.ts'
import { type XmlReader, xmlToken } from '../xml-text/xml-reader.ts'
import { XmlNode } from './node.ts'

const mostNodes = 10_000

/** What elements and attributes a document has, and where. */
export class XmlStructure {
  /** Above the root element. */
  readonly top: XmlNode = new XmlNode(new Uint8Array(0), false, undefined, 0)
  /** Of the document, `top` included. */
  nodes = 1
  readonly #where: string
  #at: XmlNode = this.top

  constructor(where: string) {
    this.#where = where
  }

  /** Takes the tokens there are. @returns whether the root element has ended */
  scan(xml: XmlReader): boolean {
    for (let token = xml.next(); token !== xmlToken.more; token = xml.next()) {
      if (token === xmlToken.open) {
        this.#at = this.#seen(xml.bytes, xml.nameStart, xml.end, false)
        while (xml.nextAttribute())
          if (!isNamespace(xml)) this.#seen(xml.bytes, xml.attributeStart, xml.attributeEnd, true)
      } else if (token === xmlToken.text) {
        if (!this.#at.hasText) this.#at.hasText = !isBlankText(xml)
      } else {
        this.#at = this.#at.parent ?? this.top
        if (this.#at === this.top) return true
      }
    }
    return false
  }

  #seen(bytes: Uint8Array, start: number, end: number, isAttribute: boolean): XmlNode {
    let node = this.#at.child(bytes, start, end, isAttribute)
    if (node === undefined) {
      if (this.nodes > mostNodes)
        throw overBudget(
          this.#where,
          `it has more than ${mostNodes} kinds of elements and attributes`,
        )
      node = new XmlNode(bytes.slice(start, end), isAttribute, this.#at, this.nodes++)
    }
    node.see()
    return node
  }
}

/** Whether the attribute at hand declares a namespace. */
export function isNamespace({ bytes, attributeStart: at, attributeEnd: end }: XmlReader): boolean {
  const [x, m, l, n, s] = [0x78, 0x6d, 0x6c, 0x6e, 0x73]
  return (
    end - at >= 5 &&
    bytes[at] === x &&
    bytes[at + 1] === m &&
    bytes[at + 2] === l &&
    bytes[at + 3] === n &&
    bytes[at + 4] === s &&
    (end - at === 5 || bytes[at + 5] === 0x3a)
  )
}

function isBlankText({ bytes, start, end }: XmlReader): boolean {
  for (let i = start; i < end; i++) if (!isBlank(bytes[i]!)) return false
  return true
}
