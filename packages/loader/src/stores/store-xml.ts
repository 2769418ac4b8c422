import { LoadError } from '@lichen/engine'

/** An element of a store's answer; attributes are passed over. */
interface StoreElement {
  readonly name: string
  readonly text: string
  readonly children: readonly StoreElement[]
}

const maxDepth = 16
const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}

/**
 * Reads what stores answer: elements and text, no DTD, comments or CDATA.
 * @throws LoadError `source-malformed`
 */
export function parseStoreXml(text: string, source: string): StoreElement {
  const tag = /<(\/?)([A-Za-z_][\w.-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
  const open: { name: string; text: string; children: StoreElement[] }[] = []
  const top: StoreElement[] = []
  let at = /^\uFEFF?\s*(?:<\?xml [^<>?]*\?>)?\s*/.exec(text)?.[0].length ?? 0
  while (at < text.length) {
    const next = text.indexOf('<', at)
    const current = open[open.length - 1]
    const between = text.slice(at, next === -1 ? text.length : next)
    if (current !== undefined) current.text += between
    else if (between.trim() !== '') throw damaged(source)
    if (next === -1) break
    tag.lastIndex = next
    const [, closing, name = '', , empty] = tag.exec(text) ?? [undefined]
    if (name === '' || open.length > maxDepth) throw damaged(source)
    at = tag.lastIndex
    if (closing === '') open.push({ name, text: '', children: [] })
    if (closing === '/' || empty === '/') {
      const done = open.pop()
      if (done?.name !== name) throw damaged(source)
      const siblings = open[open.length - 1]?.children ?? top
      siblings.push({ ...done, text: done.children.length > 0 ? '' : decoded(done.text, source) })
    }
  }
  const [root] = top
  if (root === undefined || top.length > 1 || open.length > 0) throw damaged(source)
  return root
}

/** Children of that name, in their order. */
export function elementsOf(element: StoreElement | undefined, name: string): StoreElement[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

/** The text of the first child of that name; empty without one. */
export function textOf(element: StoreElement | undefined, name: string): string {
  return elementsOf(element, name)[0]?.text ?? ''
}

function decoded(text: string, source: string): string {
  return text.replace(/&([^;&]*);?/g, (_, body: string) => {
    const number = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i.exec(body)
    if (number === null) {
      const named = Object.hasOwn(entities, body) ? entities[body] : undefined
      if (named === undefined) throw damaged(source)
      return named
    }
    const [, hex, decimal] = number
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    if (code > 0x10ffff) throw damaged(source)
    return String.fromCodePoint(code)
  })
}

function damaged(source: string): LoadError {
  return new LoadError('source-malformed', `${source}: the store's answer is not what it should be`)
}
