import { LichenError } from '../base/errors.ts'
import { type PossibleRows, rowsIn } from '../grouping/frame.ts'
import type { RowSet } from '../inference/inference.ts'
import { presentCodes } from '../inference/presence.ts'
import { codesInRows } from '../inference/row-codes.ts'
import type { FieldSelection, Selections } from '../selection/selections.ts'
import { signatureOf } from '../selection/signature.ts'
import { Bitset } from '../storage/bitset.ts'
import type { SetExpression, SetIdentifier, SetModifier, SetOperator } from './ast.ts'
import { combine } from './combine.ts'
import type { Environment } from './environment.ts'
import { type ElementContext, symbolsOfElements } from './set-elements.ts'

/** What a set leaves of each table. Sets of equal `key` are equal. */
export interface RecordSet {
  readonly key: string
  readonly possible: PossibleRows
  /** Rows that may be joined to possible ones of another table: what is taken out of a set is taken out by the rows a join begins with. */
  readonly joined: PossibleRows
  /** Symbols of a field that occur in the set's records. */
  possibleSymbols(field: number): Bitset
}

/** What set expressions need: the environment and the value of a search expression for every symbol of a field. */
export interface SetContext {
  readonly env: Environment
  readonly searchExpression: ElementContext['searchExpression']
}

/**
 * The records of a set expression; none = the selections of the object's state. Operators between entities act on the rows of each table.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/SetAnalysis/set-analysis-expressions.htm
 * @throws LichenError `expression-invalid`, `field-not-found`
 */
export function recordSet(set: SetExpression | undefined, context: SetContext): RecordSet {
  if (set === undefined) return inferred(stateSelections(context.env), context.env)
  switch (set.kind) {
    case 'set-entity':
      return inferred(entitySelections(set.identifier, set.modifiers ?? [], context), context.env)
    case 'set-complement':
      return combined('-', everything(context.env), recordSet(set.operand, context), context.env)
    case 'set-binary':
      return combined(
        set.operator,
        recordSet(set.left, context),
        recordSet(set.right, context),
        context.env,
      )
  }
}

/** The selections that `$` means. */
export function stateSelections(env: Environment): Selections {
  return env.selectionsOf(env.state) ?? emptySelections
}

const emptySelections: Selections = { fields: new Map(), signature: signatureOf(new Map()) }

function everything(env: Environment): RecordSet {
  return inferred(emptySelections, env)
}

function inferred(selections: Selections, env: Environment): RecordSet {
  const inference = env.infer(selections)
  return {
    key: selections.signature,
    possible: (table) => inference.possibleRows(table),
    joined: (table) => inference.possibleRows(table),
    possibleSymbols: (field) => inference.possible(field),
  }
}

function combined(
  operator: SetOperator,
  left: RecordSet,
  right: RecordSet,
  env: Environment,
): RecordSet {
  const possible = remembered((table) =>
    combine(operator, rowsOf(left.possible, table, env), rowsOf(right.possible, table, env)),
  )
  const joined = remembered((table) =>
    combine(
      operator === '/' ? '+' : operator,
      rowsOf(left.joined, table, env),
      rowsOf(right.joined, table, env),
    ),
  )
  return {
    key: `(${left.key})${operator}(${right.key})`,
    possible,
    joined: operator === '-' ? left.joined : joined,
    possibleSymbols: (field) => symbolsInRows(field, possible, env),
  }
}

function remembered(find: (table: number) => RowSet): PossibleRows {
  const known = new Map<number, RowSet>()
  return (table) => {
    const rows = known.get(table) ?? find(table)
    known.set(table, rows)
    return rows
  }
}

function rowsOf(rows: PossibleRows, table: number, { view }: Environment): Bitset {
  return rowsIn(view, rows, table) ?? Bitset.full(view.tables[table]?.rows ?? 0)
}

function symbolsInRows(field: number, possible: PossibleRows, { view }: Environment): Bitset {
  const modelField = view.fields[field]
  const symbols = new Bitset(modelField?.symbols.count ?? 0)
  for (const { table, column } of modelField?.places ?? []) {
    const rows = rowsIn(view, possible, table)
    const codes =
      rows === null
        ? presentCodes(view, field, [table])
        : codesInRows(column, rows, symbols.size + 1)
    codes.forEach((code) => {
      symbols.add(code - 1)
    })
  }
  return symbols
}

/** Selections of the identifier with the modifiers applied in order. */
function entitySelections(
  identifier: SetIdentifier | null,
  modifiers: readonly SetModifier[],
  context: SetContext,
): Selections {
  const base = identified(identifier, context.env)
  if (modifiers.length === 0) return base
  const fields = new Map(base.fields)
  for (const modifier of modifiers) applyModifier(modifier, base, fields, context)
  return { fields, signature: signatureOf(fields) }
}

function identified(identifier: SetIdentifier | null, env: Environment): Selections {
  if (identifier === null) return stateSelections(env)
  switch (identifier.type) {
    case 'all':
      return emptySelections
    // Without identifier a set starts from the object's own state, `$` is always the default one.
    case 'current':
      return env.selectionsOf('$') ?? emptySelections
    case 'back':
      return identifier.steps === 0
        ? stateSelections(env)
        : (env.historic(identifier.steps) ?? emptySelections)
    case 'forward':
      return identifier.steps === 0
        ? stateSelections(env)
        : (env.historic(-identifier.steps) ?? emptySelections)
    case 'name': {
      const { name } = identifier
      const found = env.selectionsOf(name) ?? env.bookmark(name)
      if (found === undefined)
        throw new LichenError(
          'expression-invalid',
          `There is no alternate state or bookmark ${name}`,
          { details: { name } },
        )
      return found
    }
  }
}

function applyModifier(
  modifier: SetModifier,
  base: Selections,
  fields: Map<number, FieldSelection>,
  context: SetContext,
): void {
  const { view } = context.env
  const field = view.fieldIndex(modifier.field)
  if (field === undefined)
    throw new LichenError(
      'field-not-found',
      `There is no field ${modifier.field}, which a set modifies`,
      {
        details: { field: modifier.field },
      },
    )
  if (modifier.elements === null) {
    if (modifier.operator === '=') fields.delete(field)
    return
  }
  const elements = symbolsOfElements(modifier.elements, field, {
    view,
    base,
    selectionsOf: (identifier) => identified(identifier, context.env),
    infer: (selections) => context.env.infer(selections),
    possibleIn: (set, wanted) => recordSet(set ?? undefined, context).possibleSymbols(wanted),
    searchExpression: context.searchExpression,
  })
  const size = view.fields[field]?.symbols.count ?? 0
  const current = fields.get(field)?.symbols ?? Bitset.full(size)
  const symbols =
    modifier.operator === '=' ? elements : combine(operatorOf(modifier.operator), current, elements)
  fields.set(field, { field, symbols, locked: false, serial: 0 })
}

function operatorOf(operator: Exclude<SetModifier['operator'], '='>): SetOperator {
  switch (operator) {
    case '+=':
      return '+'
    case '-=':
      return '-'
    case '*=':
      return '*'
    case '/=':
      return '/'
  }
}
