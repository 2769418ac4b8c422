import type { Call, Expression, Field } from '../expression/ast.ts'
import { isNamePosition } from '../expression/out-of-context.ts'

/** Functions whose result depends on rows stored before. */
const seesStored: ReadonlySet<string> = new Set(['peek', 'exists', 'lookup', 'fieldvalue', 'fieldindex', 'fieldvaluecount', 'noofrows', 'nooffields', 'nooftables'])
function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'call':
      return node.args
    case 'unary':
      return [node.operand]
    case 'binary':
      return [node.left, node.right]
    case 'outer-set':
      return [node.body]
    default:
      return []
  }
}

export interface ExpressionFacts {
  /** Fields whose value in the record is read, in order of appearance. */
  readonly fields: readonly Field[]
  /** Sees what was stored before. */
  readonly sequential: boolean
}

export function factsOf(root: Expression): ExpressionFacts {
  const names = namesIn(root)
  const fields: Field[] = []
  visit(root, (node) => {
    if (node.kind === 'field' && !names.has(node)) fields.push(node)
  })
  return { fields, sequential: someCall(root, (call) => seesStored.has(call.name.toLowerCase())) }
}

/** Arguments that name a field, table or map instead of standing for a value. Exists(F) alone also reads F. */
export function namesIn(root: Expression): ReadonlySet<Expression> {
  const names = new Set<Expression>()
  visit(root, (node) => {
    if (node.kind !== 'call') return
    for (const [index, argument] of node.args.entries()) {
      const alone = node.name.toLowerCase() === 'exists' && node.args.length === 1
      if (argument.kind === 'field' && isNamePosition(node.name, index) && !alone) names.add(argument)
    }
  })
  return names
}

function visit(node: Expression, see: (node: Expression) => void): void {
  see(node)
  for (const child of childrenOf(node)) visit(child, see)
}

/** The tree with the calls `replace` answers for put aside; what it returns stands in their place. */
export function replaceCalls(root: Expression, replace: (call: Call) => Expression | undefined): Expression {
  switch (root.kind) {
    case 'call': {
      const replaced = replace(root)
      if (replaced !== undefined) return replaced
      return { ...root, args: root.args.map((argument) => replaceCalls(argument, replace)) }
    }
    case 'unary':
      return { ...root, operand: replaceCalls(root.operand, replace) }
    case 'binary':
      return { ...root, left: replaceCalls(root.left, replace), right: replaceCalls(root.right, replace) }
    case 'outer-set':
      return { ...root, body: replaceCalls(root.body, replace) }
    default:
      return root
  }
}

export function someCall(root: Expression, matches: (call: Call) => boolean): boolean {
  if (root.kind === 'call' && matches(root)) return true
  return childrenOf(root).some((child) => someCall(child, matches))
}
