import { LoadError } from '@lichen/engine'

/** An element without attributes: QVD headers have none. `text` is set where there are no children. */
export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

const maxDepth = 16
const maxElements = 1_000_000
const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}

/**
 * Reads the strict subset of XML that QVD headers use: elements, text and entities; no attributes, comments or DTD.
 * @throws LoadError `source-malformed` with the character offset
 */
export function parseXml(text: string, source: string): XmlElement {
  const tag = /<(\/?)([A-Za-z_][\w.-]*)\s*(\/?)>/y
  const open: { name: string; children: XmlElement[] }[] = []
  let root: XmlElement | undefined
  let count = 0
  let at = skipDeclaration(text)
  while (true) {
    const next = text.indexOf('<', at)
    const between = text.slice(at, next === -1 ? text.length : next)
    const top = open[open.length - 1]
    if (next === -1) {
      if (top !== undefined) throw damaged(source, text.length, `<${top.name}> is not closed`)
      if (root === undefined) throw damaged(source, text.length, 'there is no element')
      if (between.trim() !== '') throw damaged(source, at, 'text follows the header')
      return root
    }
    tag.lastIndex = next
    const match = tag.exec(text)
    if (match === null) throw damaged(source, next, 'a tag is malformed')
    at = tag.lastIndex
    const name = match[2] ?? ''
    const closes = match[1] === '/'
    const leaf = closes && top !== undefined && top.children.length === 0
    if (!leaf && between.trim() !== '') throw damaged(source, next, 'text stands between elements')
    if (!closes) {
      if (root !== undefined) throw damaged(source, next, 'there is a second root element')
      if (++count > maxElements || open.length >= maxDepth)
        throw damaged(source, next, 'the header is too large or too deep')
      open.push({ name, children: [] })
    }
    if (closes || match[3] === '/') {
      const done = open.pop()
      if (done === undefined || done.name !== name || (closes && match[3] === '/'))
        throw damaged(source, next, `</${name}> closes nothing`)
      const element = {
        name,
        text: leaf ? decode(between, source, next) : '',
        children: done.children,
      }
      const parent = open[open.length - 1]
      if (parent === undefined) root = element
      else parent.children.push(element)
    }
  }
}

function skipDeclaration(text: string): number {
  return /^\s*<\?xml [^<>?]*\?>/.exec(text)?.[0].length ?? 0
}

function decode(text: string, source: string, offset: number): string {
  return text.replace(/&([^;&]*);?/g, (whole, body: string) => {
    const named = entities[body]
    if (whole.endsWith(';') && named !== undefined) return named
    const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(body)
    const code =
      number === null
        ? -1
        : Number.parseInt(number[1] ?? number[2] ?? '', number[1] === undefined ? 10 : 16)
    if (!whole.endsWith(';') || code < 1 || code > 0x10ffff)
      throw damaged(source, offset, `the entity ${whole} is unknown`)
    return String.fromCodePoint(code)
  })
}

function damaged(source: string, offset: number, what: string): LoadError {
  return new LoadError(
    'source-malformed',
    `${source}: the QVD header is damaged at character ${offset}: ${what}`,
  )
}
