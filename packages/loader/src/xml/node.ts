const fewChildren = 24
const decoder = new TextDecoder()

/** All elements of a document that have the same path, or all attributes. */
export class XmlNode {
  /** With its prefix. */
  readonly name: string
  readonly isAttribute: boolean
  readonly parent: XmlNode | undefined
  /** In order of appearance, attributes too. */
  readonly children: XmlNode[] = []
  /** Of the node among all of the document. */
  readonly index: number
  /** How often it stands in the document. */
  count = 0
  /** Whether elements are in it. */
  hasElements = false
  /** Whether it stands more than once in one and the same parent. */
  repeated = false
  /** Whether it has text that is not blank. */
  hasText = false
  readonly #bytes: Uint8Array
  readonly #byName = new Map<string, XmlNode>()
  /** Which of its parents it was seen in last. */
  #seenIn = -1

  /** @param bytes of the name, which are kept */
  constructor(bytes: Uint8Array, isAttribute: boolean, parent: XmlNode | undefined, index: number) {
    this.name = decoder.decode(bytes)
    this.isAttribute = isAttribute
    this.parent = parent
    this.index = index
    this.#bytes = bytes
    if (parent === undefined) return
    parent.children.push(this)
    if (!isAttribute) parent.hasElements = true
    parent.#byName.set(keyOf(this.name, isAttribute), this)
  }

  /** The child that bytes[start … end) name. */
  child(bytes: Uint8Array, start: number, end: number, isAttribute: boolean): XmlNode | undefined {
    const { children } = this
    // Without a string of the name, as long as there are few to compare with.
    for (let i = 0; i < children.length && i < fewChildren; i++) {
      const node = children[i]!
      if (node.isAttribute === isAttribute && node.#isNamed(bytes, start, end)) return node
    }
    if (children.length <= fewChildren) return undefined
    return this.#byName.get(keyOf(decoder.decode(bytes.subarray(start, end)), isAttribute))
  }

  /** Counts one more of them. */
  see(): void {
    this.count += 1
    const within = this.parent?.count ?? 0
    if (this.#seenIn === within) this.repeated = true
    this.#seenIn = within
  }

  #isNamed(bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#bytes
    if (own.length !== end - start) return false
    for (let i = 0; i < own.length; i++) if (own[i] !== bytes[start + i]) return false
    return true
  }
}

function keyOf(name: string, isAttribute: boolean): string {
  return isAttribute ? `@${name}` : name
}
