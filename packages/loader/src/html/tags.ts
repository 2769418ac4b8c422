/** Takes the tags and texts of a page in order. Names are in lower case. */
export interface TagSink {
  open(name: string, attributes: ReadonlyMap<string, string>): void
  close(name: string): void
  /** As it is written, references and all. */
  text(text: string): void
}

/** Elements whose content is no markup, and nothing to read. */
const unread: ReadonlySet<string> = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'iframe',
  'svg',
  'textarea',
  'title',
])
const name = /[A-Za-z][^\s/>]*/y
const attribute = /[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y
const none: ReadonlyMap<string, string> = new Map()

/** Reads markup as browsers do: nothing is an error, and what is not closed ends with the page. */
export function scanTags(page: string, sink: TagSink): void {
  for (let at = 0; at < page.length; ) {
    const tag = page.indexOf('<', at)
    if (tag < 0) {
      sink.text(page.slice(at))
      return
    }
    if (tag > at) sink.text(page.slice(at, tag))
    at = readTag(page, tag, sink)
  }
}

/** Where the page goes on behind the `<` at `tag`. */
function readTag(page: string, tag: number, sink: TagSink): number {
  if (page.startsWith('<!--', tag)) return behind(page, '-->', tag + 4)
  const next = page[tag + 1]
  if (next === '!' || next === '?') return behind(page, '>', tag)
  const closes = next === '/'
  name.lastIndex = tag + (closes ? 2 : 1)
  const word = name.exec(page)?.[0].toLowerCase()
  if (word === undefined) {
    if (closes) return behind(page, '>', tag)
    sink.text('<')
    return tag + 1
  }
  if (closes) {
    sink.close(word)
    return behind(page, '>', name.lastIndex)
  }
  const { attributes, end } = readAttributes(page, name.lastIndex)
  sink.open(word, attributes)
  return unread.has(word) ? endOf(page, word, end) : end
}

/** @returns `end`: behind the `>` of the tag */
function readAttributes(
  page: string,
  from: number,
): { readonly attributes: ReadonlyMap<string, string>; readonly end: number } {
  let attributes: Map<string, string> | undefined
  let at = from
  for (;;) {
    attribute.lastIndex = at
    const found = attribute.exec(page)
    if (found === null) break
    attributes ??= new Map()
    const key = (found[1] ?? '').toLowerCase()
    if (!attributes.has(key)) attributes.set(key, found[2] ?? found[3] ?? found[4] ?? '')
    at = attribute.lastIndex
  }
  return { attributes: attributes ?? none, end: behind(page, '>', at) }
}

function behind(page: string, mark: string, from: number): number {
  const at = page.indexOf(mark, from)
  return at < 0 ? page.length : at + mark.length
}

/** Where the end tag of an element without markup begins. */
function endOf(page: string, word: string, from: number): number {
  const end = new RegExp(`</${word}[\\s/>]`, 'gi')
  end.lastIndex = from
  return end.exec(page)?.index ?? page.length
}
