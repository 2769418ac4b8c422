import type { Cursor } from './cursor.ts'
import type { Name, Prefix } from './statement.ts'

/** The arguments of HIERARCHY, after the word. @throws SyntaxFault */
export function parseHierarchy(cursor: Cursor, span: Prefix['span']): Prefix {
  cursor.expectSign('(', 'after HIERARCHY')
  const [node, parent, name] = keys(cursor)
  const prefix: Prefix = {
    kind: 'hierarchy',
    node,
    parent,
    name,
    parentName: optional(cursor, 'the field for the name of the parent'),
    pathSource: optional(cursor, 'the field paths are made of'),
    pathName: optional(cursor, 'the field for the path'),
    delimiter: optional(cursor, 'the delimiter of paths'),
    depth: optional(cursor, 'the field for the depth'),
    span,
  }
  cursor.expectSign(')', 'after the arguments of HIERARCHY')
  return prefix
}

/** The arguments of HIERARCHYBELONGSTO, after the word. @throws SyntaxFault */
export function parseBelongsTo(cursor: Cursor, span: Prefix['span']): Prefix {
  cursor.expectSign('(', 'after HIERARCHYBELONGSTO')
  const [node, parent, name] = keys(cursor)
  cursor.expectSign(',', 'after the name of the node')
  const ancestor = cursor.name('the field for the ancestor')
  cursor.expectSign(',', 'after the field for the ancestor')
  const prefix: Prefix = {
    kind: 'hierarchy-belongs-to',
    node,
    parent,
    name,
    ancestor,
    ancestorName: cursor.name('the field for the name of the ancestor'),
    depthDifference: optional(cursor, 'the field for the distance'),
    span,
  }
  cursor.expectSign(')', 'after the arguments of HIERARCHYBELONGSTO')
  return prefix
}

function keys(cursor: Cursor): readonly [node: Name, parent: Name, name: Name] {
  const node = cursor.name('the field of the node')
  cursor.expectSign(',', 'after the field of the node')
  const parent = cursor.name('the field of the parent')
  cursor.expectSign(',', 'after the field of the parent')
  return [node, parent, cursor.name('the field of the name')]
}

/** A further argument; left out or empty, there is none. */
function optional(cursor: Cursor, what: string): Name | undefined {
  if (!cursor.takeSign(',')) return undefined
  const next = cursor.peek()
  return next === ',' || next === ')' ? undefined : cursor.name(what)
}
