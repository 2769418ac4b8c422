import type { ElementExpression, SetExpression } from './ast.ts'
import { expandDollars } from './dollar.ts'
import type { Environment } from './environment.ts'
import { evaluateExpression } from './evaluate.ts'
import { diagnosticError, parseExpression } from './parser.ts'
import { walk } from './visit.ts'

/** What the value of an expression follows from, each name once, in the order of the text. */
export interface Dependencies {
  /** Fields of the view, those that sets and TOTAL name included. */
  readonly fields: readonly string[]
  /** As they are written. */
  readonly functions: readonly string[]
  /** Those expanded by `$(…)`, also within other variables, and those named like fields. */
  readonly variables: readonly string[]
  /** Alternate states and bookmarks that sets begin with. */
  readonly sets: readonly string[]
  /** Names that are neither a field nor a variable. */
  readonly unknown: readonly string[]
}

/** @throws ExpressionError `expression-syntax` */
export function dependenciesOf(text: string, env: Environment): Dependencies {
  const variables = new Set<string>()
  const expanded = expandDollars(text, {
    variable(name) {
      const definition = env.variable(name)
      if (definition !== undefined) variables.add(name)
      return definition
    },
    evaluate: (inner) => evaluateExpression(inner, env),
    settings: env.view.settings,
    context: 'chart',
  })
  const source = { name: 'expression', text: expanded }
  const { ast, diagnostics } = parseExpression(source)
  const [first] = diagnostics
  if (first !== undefined) throw diagnosticError(first, source)
  const names = new Set<string>()
  const functions = new Map<string, string>()
  const sets = new Set<string>()
  for (const node of walk(ast)) {
    if (node.kind === 'field') names.add(node.name)
    if (node.kind !== 'call' && node.kind !== 'outer-set') continue
    if (node.set !== undefined) addSet(node.set, names, sets)
    if (node.kind === 'outer-set') continue
    if (!functions.has(node.name.toLowerCase())) functions.set(node.name.toLowerCase(), node.name)
    for (const name of node.total?.fields ?? []) names.add(name)
  }
  const isField = (name: string): boolean => env.view.fieldIndex(name) !== undefined
  const others = [...names].filter((name) => !isField(name))
  for (const name of others) if (env.variable(name) !== undefined) variables.add(name)
  return {
    fields: [...names].filter(isField),
    functions: [...functions.values()],
    variables: [...variables],
    sets: [...sets],
    unknown: others.filter((name) => !variables.has(name)),
  }
}

function addSet(set: SetExpression, fields: Set<string>, sets: Set<string>): void {
  switch (set.kind) {
    case 'set-binary':
      addSet(set.left, fields, sets)
      addSet(set.right, fields, sets)
      return
    case 'set-complement':
      addSet(set.operand, fields, sets)
      return
    case 'set-entity':
      if (set.identifier?.type === 'name') sets.add(set.identifier.name)
      for (const { field, elements } of set.modifiers ?? []) {
        fields.add(field)
        if (elements !== null) addElements(elements, fields, sets)
      }
  }
}

function addElements(elements: ElementExpression, fields: Set<string>, sets: Set<string>): void {
  switch (elements.kind) {
    case 'element-binary':
      addElements(elements.left, fields, sets)
      addElements(elements.right, fields, sets)
      return
    case 'element-complement':
      addElements(elements.operand, fields, sets)
      return
    case 'element-function':
      if (elements.field !== null) fields.add(elements.field)
      if (elements.set !== null) addSet(elements.set, fields, sets)
      return
    case 'element-field':
      fields.add(elements.field)
      if (elements.state?.type === 'name') sets.add(elements.state.name)
      return
    case 'element-list':
  }
}
