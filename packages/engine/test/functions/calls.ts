import type { ElementExpression, Expression, SetExpression } from '../../src/expression/ast.ts'
import { parseExpression } from '../../src/expression/parser.ts'
import { callsOf, setsOf } from '../../src/expression/visit.ts'
import { parseControl } from '../../src/script/parse-control.ts'
import { parseStatement } from '../../src/script/parse-statement.ts'
import { splitScript } from '../../src/script/split.ts'
import type { Fragment, RegularStatement } from '../../src/script/statement.ts'

/** Where a call stands; a function of a set modifier is neither in a chart nor in a script by itself. */
export type Place = 'chart' | 'script' | 'set'

/** A function as it is called somewhere; the name in lower case. */
export interface UsedFunction {
  readonly name: string
  readonly place: Place
}

const controlKeywords: ReadonlySet<string> = new Set([
  'IF',
  'ELSEIF',
  'SWITCH',
  'CASE',
  'FOR',
  'DO',
  'LOOP',
])
const listNames = { files: 'filelist', directories: 'dirlist', 'field-values': 'fieldvaluelist' }

/** Every call of an expression, its sets included. What does not parse is left out. */
export function usedInExpression(text: string, place: 'chart' | 'script'): readonly UsedFunction[] {
  const { ast } = parseExpression({ name: 'case', text })
  return usedInTree(ast, place)
}

function usedInTree(root: Expression, place: 'chart' | 'script'): readonly UsedFunction[] {
  return [
    ...callsOf(root).map(({ name }) => ({ name: name.toLowerCase(), place })),
    ...setsOf(root).flatMap(usedInSet),
  ]
}

function usedInSet(set: SetExpression): readonly UsedFunction[] {
  switch (set.kind) {
    case 'set-binary':
      return [set.left, set.right].flatMap(usedInSet)
    case 'set-complement':
      return usedInSet(set.operand)
    case 'set-entity':
      return (set.modifiers ?? []).flatMap(({ elements }) =>
        elements === null ? [] : usedInElements(elements),
      )
  }
}

function usedInElements(elements: ElementExpression): readonly UsedFunction[] {
  switch (elements.kind) {
    case 'element-binary':
      return [elements.left, elements.right].flatMap(usedInElements)
    case 'element-complement':
      return usedInElements(elements.operand)
    case 'element-function':
      return [
        { name: elements.name.toLowerCase(), place: 'set' },
        ...(elements.set === null ? [] : usedInSet(elements.set)),
      ]
    default:
      return []
  }
}

/** Every call in the expressions of a script. Statements are read as they stand, expansions not made. */
export function usedInScript(text: string): readonly UsedFunction[] {
  return splitScript(text).statements.flatMap((raw) => {
    if (controlKeywords.has(raw.keyword)) return usedInControl(raw.text)
    const { statement } = parseStatement(raw.text)
    if (statement === undefined) return []
    return statement.kind === 'guarded'
      ? [
          ...usedInFragments([statement.guard.condition]),
          ...usedInFragments(fragmentsOf(statement.statement)),
        ]
      : usedInFragments(fragmentsOf(statement))
  })
}

function usedInControl(text: string): readonly UsedFunction[] {
  const { clause } = parseControl(text)
  switch (clause?.kind) {
    case 'if':
    case 'switch':
      return usedInFragments([clause.expression])
    case 'case':
      return usedInFragments(clause.values)
    case 'for':
      return usedInFragments([
        clause.from,
        clause.to,
        ...(clause.step === undefined ? [] : [clause.step]),
      ])
    case 'for-each':
      return clause.items.flatMap((item) =>
        item.kind === 'value'
          ? usedInFragments([item.expression])
          : [{ name: listNames[item.kind], place: 'script' }, ...usedInFragments([item.argument])],
      )
    case 'do':
      return clause.condition === undefined ? [] : usedInFragments([clause.condition])
    default:
      return []
  }
}

function fragmentsOf(statement: RegularStatement): readonly Fragment[] {
  if (statement.kind === 'let') return statement.value === undefined ? [] : [statement.value]
  if (statement.kind === 'call') return statement.arguments
  if (statement.kind !== 'load') return []
  return [
    ...statement.fields.flatMap((field) => (field.kind === 'expression' ? [field.expression] : [])),
    ...[statement.where, statement.while].filter((each) => each !== undefined),
    ...statement.groupBy,
    ...(statement.source.kind === 'autogenerate' ? [statement.source.rows] : []),
  ]
}

function usedInFragments(fragments: readonly Fragment[]): readonly UsedFunction[] {
  return fragments.flatMap(({ text }) => usedInExpression(text, 'script'))
}
