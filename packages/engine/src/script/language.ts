import { ExpressionError, LichenError, type SourceText } from '../base/errors.ts'
import type { Expression, Field } from '../expression/ast.ts'
import { expandDollars } from '../expression/dollar.ts'
import { parseExpression } from '../expression/parser.ts'
import { type CompiledRowExpression, compileRowExpression } from '../expression/row-evaluator.ts'
import type { FunctionContext } from '../functions/registry.ts'
import type { Value } from '../value/dual.ts'
import { interpretCell } from '../value/interpret.ts'
import { errorValue } from './error-variables.ts'
import { evaluateText } from './evaluate-text.ts'
import { namesIn } from './expression-tree.ts'
import { UnknownFile } from './files.ts'
import { Record } from './record.ts'
import { StatementError } from './row-expression.ts'
import type { RunState } from './run-state.ts'
import { scriptPorts } from './script-ports.ts'
import type { Fragment } from './statement.ts'

/** The name an expression has in errors until they are placed in the script. */
const expressionName = 'expression'
const trees = new WeakMap<Fragment, Expression>()

/** @throws StatementError `expression-syntax` at the first mistake */
export function parseFragment(fragment: Fragment): Expression {
  const known = trees.get(fragment)
  if (known !== undefined) return known
  const { ast, diagnostics } = parseExpression(sourceOf(fragment))
  const [first] = diagnostics
  if (first !== undefined)
    throw new StatementError(first.code, first.message, within(fragment, first.span))
  trees.set(fragment, ast)
  return ast
}

function sourceOf({ text }: Fragment): SourceText {
  return { name: expressionName, text }
}

/** A span of the fragment as a span of its statement. */
export function within(fragment: Fragment, span: Fragment['span']): Fragment['span'] {
  return fragment.text === '*'
    ? fragment.span
    : { start: fragment.span.start + span.start, end: fragment.span.start + span.end }
}

/** Compiles an expression over the slots of a record. @throws StatementError */
export function compileOverRecord(
  ast: Expression,
  fragment: Fragment,
  slots: ReadonlyMap<string, number>,
  state: RunState,
): CompiledRowExpression {
  return placed(fragment, () =>
    compileRowExpression(
      ast,
      {
        fieldIndex: (name) => slots.get(name),
        fieldNames: [...slots.keys()],
        context: functionContext(state),
        previousRow: () => state.record.previousRow(),
      },
      sourceOf(fragment),
    ),
  )
}

export function evaluatorOf(
  { evaluate }: CompiledRowExpression,
  fragment: Fragment,
  record: Record,
): () => Value {
  return () => {
    try {
      return evaluate(record)
    } catch (cause) {
      if (cause instanceof UnknownFile)
        throw new StatementError('expression-invalid', cause.message, fragment.span, cause)
      throw atFragment(fragment, cause)
    }
  }
}

/** An expression outside LOAD: names are variables; unknown ones are NULL. @throws StatementError, UnknownFile */
export function evaluateOnce(fragment: Fragment, state: RunState): Value {
  const ast = parseFragment(fragment)
  const names = namesIn(ast)
  const variable = (field: Field): (() => Value) | undefined => {
    const error = errorValue(field.name, state)
    if (error !== undefined) return () => error
    const text = state.variable(field.name)
    if (text === undefined) return names.has(field) ? undefined : () => null
    return () => interpretCell(text, state.space.settings)
  }
  return placed(fragment, () =>
    compileRowExpression(
      ast,
      { fieldIndex: () => undefined, variable, context: functionContext(state) },
      sourceOf(fragment),
    ).evaluate(new Record(0)),
  )
}

/** `$(…)` of a statement made text. @throws LichenError `budget-exceeded`, StatementError, UnknownFile */
export function expandStatement(text: string, state: RunState): string {
  return expandDollars(text, {
    variable: (name) => state.variable(name),
    evaluate: (expression) =>
      evaluateOnce({ text: expression, span: { start: 0, end: expression.length } }, state),
    include(path) {
      throw new LichenError('script-syntax', `$(Include=${path}) must be a statement of its own`)
    },
    settings: state.space.settings,
    context: 'script',
  })
}

function functionContext(state: RunState): FunctionContext {
  const context: FunctionContext = {
    settings: state.space.settings,
    clock: { now: () => state.now() },
    ports: {
      ...scriptPorts(state),
      evaluate: (text) => evaluateText(text, context),
    },
  }
  return context
}

function placed<Result>(fragment: Fragment, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw atFragment(fragment, cause)
  }
}

function atFragment(fragment: Fragment, cause: unknown): unknown {
  if (cause instanceof StatementError || !(cause instanceof LichenError)) return cause
  if (!(cause instanceof ExpressionError))
    return new StatementError(cause.code, cause.message, fragment.span, cause)
  const [message = ''] = cause.message.split(`\n${expressionName}:`)
  return new StatementError(cause.code, message, within(fragment, cause.span))
}
