import { LoadError } from '@lichen/engine'
import type { XmlNode } from './node.ts'

/** Where the values of a field come from: the text of elements, an attribute, or the number of the element around. */
export interface XmlField {
  readonly name: string
  readonly node: XmlNode
  readonly isKey: boolean
}

/** One record for each element of a path. */
export interface XmlTable {
  readonly record: XmlNode
  readonly fields: readonly XmlField[]
}

/** The element at `path`; without one, the outermost that repeats, else the root. @throws LoadError `table-not-found` */
export function findRecord(top: XmlNode, path: string | undefined, where: string): XmlNode {
  if (path === undefined)
    return breadthFirst(top).find((node) => node.repeated) ?? elements(top)[0] ?? top
  let node: XmlNode | undefined = top
  for (const name of path.split('/').filter((part) => part !== ''))
    node = node && elements(node).find((child) => child.name === name)
  if (node !== undefined && node !== top) return node
  const known = breadthFirst(top).filter((each) => each.repeated)
  throw new LoadError(
    'table-not-found',
    `${where} has no element at ${path}; those that repeat are ${known.slice(0, 10).map(pathOf).join(', ') || 'none'}`,
  )
}

/**
 * The fields of a record: its attributes and the elements in it that do not repeat, by their path below it; its own text is `name%Table`.
 * What repeats in a record is a table of its own, linked by `%Key_name`, the number of the element among those of its path. A name that
 * the LOAD asks for is found among what repeats too, and then stands for the first; `%Key_name_…` is the key of an element around.
 */
export function tableOf(record: XmlNode, asked: readonly string[]): XmlTable {
  const fields = new Map<string, XmlField>()
  const add = (name: string, node: XmlNode, isKey = false): void => {
    if (!fields.has(name)) fields.set(name, { name, node, isKey })
  }
  const wanted = new Set(asked)
  const visit = (parent: XmlNode, prefix: string, inRepeated: boolean): void => {
    for (const node of parent.children) {
      const name = prefix + node.name
      const repeats = inRepeated || node.repeated
      const isField = node.isAttribute || node.hasText || node.children.length === 0
      if (isField && (!repeats || wanted.has(name))) add(name, node)
      visit(node, `${name}/`, repeats)
    }
  }
  visit(record, '', false)
  if (record.hasText || record.children.length === 0) add(`${record.name}%Table`, record)
  if (breadthFirst(record).some((node) => node.repeated)) add(`%Key_${record.name}`, record, true)
  const around = ancestors(record)
  const parent = around.find((node) => node.count > 1)
  if (parent !== undefined) add(`%Key_${parent.name}`, parent, true)
  for (const name of asked) {
    const [, bare] = /^%Key_(.+?)(?:_[0-9A-F]{8,})?$/.exec(name) ?? []
    const node = [record, ...around].find((each) => each.name === bare)
    if (node !== undefined) add(name, node, true)
  }
  return { record, fields: [...fields.values()] }
}

function elements(node: XmlNode): readonly XmlNode[] {
  return node.children.filter((child) => !child.isAttribute)
}

/** The elements below, the outer before the inner. */
function breadthFirst(top: XmlNode): readonly XmlNode[] {
  const found = [...elements(top)]
  for (const node of found) found.push(...elements(node))
  return found
}

/** The elements around, the inner before the outer. */
function ancestors(node: XmlNode): readonly XmlNode[] {
  const found: XmlNode[] = []
  for (let at = node.parent; at?.parent !== undefined; at = at.parent) found.push(at)
  return found
}

function pathOf(node: XmlNode): string {
  return [...ancestors(node)]
    .reverse()
    .concat(node)
    .map(({ name }) => name)
    .join('/')
}
