import type { Call, Expression, Field } from '../expression/ast.ts'
import { isNamePosition } from '../expression/out-of-context.ts'
import { callsOf, fieldsOf } from '../expression/visit.ts'

/** Functions whose result depends on rows stored before. */
const seesStored: ReadonlySet<string> = new Set([
  'peek',
  'exists',
  'lookup',
  'fieldvalue',
  'fieldindex',
  'fieldvaluecount',
  'noofrows',
  'nooffields',
  'nooftables',
])
export interface ExpressionFacts {
  /** Fields whose value in the record is read, in order of appearance. */
  readonly fields: readonly Field[]
  /** Sees what was stored before. */
  readonly sequential: boolean
}

export function factsOf(root: Expression): ExpressionFacts {
  const names = namesIn(root)
  return {
    fields: fieldsOf(root).filter((field) => !names.has(field)),
    sequential: someCall(root, (call) => seesStored.has(call.name.toLowerCase())),
  }
}

/** Arguments that name a field, table or map instead of standing for a value. Exists(F) alone also reads F. */
export function namesIn(root: Expression): ReadonlySet<Expression> {
  const names = new Set<Expression>()
  for (const call of callsOf(root)) {
    const alone = call.name.toLowerCase() === 'exists' && call.args.length === 1
    for (const [index, argument] of call.args.entries()) {
      if (argument.kind === 'field' && isNamePosition(call.name, index) && !alone)
        names.add(argument)
    }
  }
  return names
}

/** The tree with the calls `replace` answers for put aside; what it returns stands in their place. */
export function replaceCalls(
  root: Expression,
  replace: (call: Call) => Expression | undefined,
): Expression {
  switch (root.kind) {
    case 'call': {
      const replaced = replace(root)
      if (replaced !== undefined) return replaced
      return { ...root, args: root.args.map((argument) => replaceCalls(argument, replace)) }
    }
    case 'unary':
      return { ...root, operand: replaceCalls(root.operand, replace) }
    case 'binary':
      return {
        ...root,
        left: replaceCalls(root.left, replace),
        right: replaceCalls(root.right, replace),
      }
    case 'outer-set':
      return { ...root, body: replaceCalls(root.body, replace) }
    default:
      return root
  }
}

export function someCall(root: Expression, matches: (call: Call) => boolean): boolean {
  return callsOf(root).some(matches)
}
