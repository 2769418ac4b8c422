import type { Call, Expression, Field, SetExpression } from './ast.ts'

/** The expressions directly below a node, in the order of the text. Sets are not expressions; see `setsOf`. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'call':
      return node.args
    case 'unary':
      return [node.operand]
    case 'binary':
      return [node.left, node.right]
    case 'sort-spec':
      return [node.dimension]
    case 'outer-set':
      return [node.body]
    default:
      return []
  }
}

/** A node and everything below it, parents first, in the order of the text. */
export function* walk(root: Expression): Generator<Expression, void, undefined> {
  const waiting: Expression[] = [root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node
    const children = childrenOf(node)
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index]
      if (child !== undefined) waiting.push(child)
    }
  }
}

/** Every reference to a field outside sets and TOTAL lists, repeated names included. */
export function fieldsOf(root: Expression): readonly Field[] {
  const fields: Field[] = []
  for (const node of walk(root)) if (node.kind === 'field') fields.push(node)
  return fields
}

export function callsOf(root: Expression): readonly Call[] {
  const calls: Call[] = []
  for (const node of walk(root)) if (node.kind === 'call') calls.push(node)
  return calls
}

/** The sets of calls and outer sets; sets inside P() and E() belong to the set around them. */
export function setsOf(root: Expression): readonly SetExpression[] {
  const sets: SetExpression[] = []
  for (const node of walk(root)) {
    if ((node.kind === 'call' || node.kind === 'outer-set') && node.set !== undefined) {
      sets.push(node.set)
    }
  }
  return sets
}
