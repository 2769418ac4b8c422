import { aggregations, findAggregation } from '../aggregation/registry.ts'
import type { ErrorCode, SourceText, Span } from '../base/errors.ts'
import { ExpressionError } from '../base/errors.ts'
import {
  type FunctionContext,
  findFunction,
  type ScalarFunction,
  suggestFunction,
} from '../functions/registry.ts'
import { levenshtein } from '../math/levenshtein.ts'
import type { Value } from '../value/dual.ts'
import type { Binary, Call, Expression, Field } from './ast.ts'
import { binaryFunctions, isTruthy, unaryFunctions } from './operators.ts'
import { isNamePosition, spelledName } from './out-of-context.ts'

/** The source record an expression of a load script is evaluated on. */
export interface RowReader {
  field(index: number): Value
  /** The record before this one; null on the first. Needed for Previous() within Previous(). */
  previous?(): RowReader | null
}

export type RowExpression = (row: RowReader) => Value

/** What the names and calls of a script expression mean where it stands. */
export interface RowScope {
  /** Index of a source field; undefined = not known. */
  fieldIndex(name: string): number | undefined
  /** All source fields, for "did you mean". */
  readonly fieldNames?: readonly string[]
  readonly context: FunctionContext
  /** A name that is no source field: a variable in LET, IF and the like. Read on every evaluation. */
  variable?(field: Field): (() => Value) | undefined
  /** The record before; offered where Previous() may be used. */
  previousRow?(): RowReader | null
  /** The result of an aggregation, offered in LOAD … GROUP BY. */
  aggregateSlot?(call: Call): RowExpression | undefined
  /** Takes a call out of the evaluator's hands, e.g. a SubField() that multiplies records. */
  replace?(call: Call): RowExpression | undefined
}

export interface CompiledRowExpression {
  readonly evaluate: RowExpression
  /** Source fields used, each once, in the order of first use. */
  readonly fields: readonly number[]
  /** Whether the value depends on these fields alone, so that it may be computed once per distinct value. */
  readonly pure: boolean
}

/**
 * Compiles an expression for evaluation record by record, as a load script needs it, where Peek, Previous and Exists see the
 * records before.
 * @throws ExpressionError `field-not-found`, `expression-invalid`, `expression-syntax` for a missing operand
 */
export function compileRowExpression(
  ast: Expression,
  scope: RowScope,
  source: SourceText,
): CompiledRowExpression {
  const compiler = new RowCompiler(scope, source)
  const evaluate = compiler.compile(ast)
  return { evaluate, fields: [...compiler.fields], pure: compiler.pure }
}

class RowCompiler {
  readonly fields = new Set<number>()
  pure = true
  readonly #scope: RowScope
  readonly #source: SourceText

  constructor(scope: RowScope, source: SourceText) {
    this.#scope = scope
    this.#source = source
  }

  compile(node: Expression): RowExpression {
    switch (node.kind) {
      case 'literal': {
        const { value } = node
        return () => value
      }
      case 'field':
        return this.#compileField(node)
      case 'unary': {
        const apply = unaryFunctions[node.operator]
        const operand = this.compile(node.operand)
        const { settings } = this.#scope.context
        return (row) => apply(operand(row), settings)
      }
      case 'binary':
        return this.#compileBinary(node)
      case 'call':
        return this.#compileCall(node)
      case 'outer-set':
      case 'sort-spec':
        throw this.#error('A set or a sort order cannot be used in a load script', node.span)
      case 'missing':
        throw this.#error('A value is missing here', node.span, 'expression-syntax')
    }
  }

  #compileField(node: Field): RowExpression {
    const index = this.#scope.fieldIndex(node.name)
    if (index !== undefined) {
      this.fields.add(index)
      return (row) => row.field(index)
    }
    const variable = this.#scope.variable?.(node)
    if (variable === undefined) throw this.#fieldNotFound(node.name, node.span)
    this.pure = false
    return () => variable()
  }

  #compileBinary(node: Binary): RowExpression {
    const left = this.compile(node.left)
    const right = this.compile(node.right)
    const { settings } = this.#scope.context
    if (node.operator === 'and') {
      return (row) => (isTruthy(left(row), settings) && isTruthy(right(row), settings) ? -1 : 0)
    }
    if (node.operator === 'or') {
      return (row) => (isTruthy(left(row), settings) || isTruthy(right(row), settings) ? -1 : 0)
    }
    const apply = binaryFunctions[node.operator]
    return (row) => apply(left(row), right(row), settings)
  }

  #compileCall(call: Call): RowExpression {
    const replaced = this.#scope.replace?.(call)
    if (replaced !== undefined) {
      this.pure = false
      return replaced
    }
    const entry = findFunction(call.name)
    if (entry === undefined) return this.#compileAggregation(call)
    if (entry.context === 'chart') {
      throw this.#error(
        `${entry.name}() can be used in charts only, not in a load script`,
        call.nameSpan,
      )
    }
    if (call.set !== undefined || call.distinct !== undefined || call.total !== undefined) {
      throw this.#error(
        `${entry.name}() takes no set, DISTINCT or TOTAL; aggregations do`,
        call.span,
      )
    }
    if (!entry.pure) this.pure = false
    switch (entry.name.toLowerCase()) {
      case 'exists':
        return this.#compileExists(call, entry)
      case 'previous':
        return this.#compilePrevious(call)
      default:
        this.#checkCount(call, entry.minArgs, entry.maxArgs, entry)
        return this.#compileFunction(call, entry)
    }
  }

  #compileFunction(call: Call, entry: ScalarFunction): RowExpression {
    const args = call.args.map((arg, index) => this.#compileArgument(call, arg, index))
    const { context } = this.#scope
    const form = entry.name.toLowerCase()
    const lazy = Object.hasOwn(lazyForms, form) ? lazyForms[form] : undefined
    if (lazy !== undefined) return lazy(args, entry, context)
    const [first, second] = args
    if (first === undefined) return () => entry.evaluate([], context)
    if (second === undefined) return (row) => entry.evaluate([first(row)], context)
    if (args.length === 2) return (row) => entry.evaluate([first(row), second(row)], context)
    return (row) =>
      entry.evaluate(
        args.map((arg) => arg(row)),
        context,
      )
  }

  /** A name where a function expects one is its text, unless it is a variable. */
  #compileArgument(call: Call, arg: Expression, index: number): RowExpression {
    if (arg.kind !== 'field' || !isNamePosition(call.name, index)) return this.compile(arg)
    const variable = this.#scope.variable?.(arg)
    if (variable === undefined) return () => arg.name
    this.pure = false
    return () => variable()
  }

  /** Exists(F) asks for the value of F on the current record. */
  #compileExists(call: Call, entry: ScalarFunction): RowExpression {
    this.#checkCount(call, 1, 2, entry)
    const [field, expression] = call.args
    if (expression !== undefined) return this.#compileFunction(call, entry)
    const name = spelledName(field)
    if (name === undefined) {
      throw this.#error('Exists() needs the name of a field as its first argument', call.span)
    }
    const index = this.#scope.fieldIndex(name)
    if (index === undefined) throw this.#fieldNotFound(name, field?.span ?? call.span)
    this.fields.add(index)
    const { context } = this.#scope
    return (row) => entry.evaluate([name, row.field(index)], context)
  }

  #compilePrevious(call: Call): RowExpression {
    const [expression] = call.args
    if (expression === undefined || call.args.length > 1) {
      throw this.#error('Previous() takes one argument', call.span)
    }
    const scope = this.#scope
    if (scope.previousRow === undefined) {
      throw this.#error('Previous() can be used in LOAD only', call.span)
    }
    const evaluate = this.compile(expression)
    return (row) => {
      const before = row.previous === undefined ? scope.previousRow?.() : row.previous()
      return before === null || before === undefined ? null : evaluate(before)
    }
  }

  #compileAggregation(call: Call): RowExpression {
    if (findAggregation(call.name) === undefined) throw this.#unknownFunction(call)
    const slot = this.#scope.aggregateSlot?.(call)
    if (slot === undefined) {
      throw this.#error(
        `${call.name}() aggregates records and cannot be used here; use it in a LOAD with GROUP BY, not inside another aggregation`,
        call.span,
      )
    }
    this.pure = false
    return slot
  }

  #checkCount(call: Call, min: number, max: number, entry: ScalarFunction): void {
    const count = call.args.length
    if (count >= min && count <= max) return
    const wanted =
      min === max ? `${min}` : Number.isFinite(max) ? `${min} to ${max}` : `${min} or more`
    const noun = wanted === '1' ? 'argument' : 'arguments'
    throw this.#error(
      `${entry.name}() takes ${wanted} ${noun}, but ${count} ${count === 1 ? 'was' : 'were'} given: ${entry.signature}`,
      call.span,
    )
  }

  #unknownFunction(call: Call): ExpressionError {
    const near = suggestFunction(
      call.name,
      aggregations.map((entry) => entry.name),
    )
    const hint = near === undefined ? '' : `; did you mean ${near}()?`
    return this.#error(`There is no function ${call.name}()${hint}`, call.nameSpan)
  }

  #fieldNotFound(name: string, span: Span): ExpressionError {
    const near = nearestName(name, this.#scope.fieldNames ?? [])
    const hint = near === undefined ? '' : `; did you mean [${near}]?`
    return this.#error(`There is no field [${name}] here${hint}`, span, 'field-not-found')
  }

  #error(message: string, span: Span, code: ErrorCode = 'expression-invalid'): ExpressionError {
    return new ExpressionError(code, message, this.#source, span)
  }
}

/** The nearest of some names, case ignored; undefined when none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const lower = name.toLowerCase().slice(0, 64)
  let best: string | undefined
  let fewest = Math.max(1, Math.floor(lower.length / 3)) + 1
  for (const candidate of candidates) {
    const edits = levenshtein(lower, candidate.toLowerCase().slice(0, 64))
    if (edits >= fewest) continue
    fewest = edits
    best = candidate
  }
  return best
}

type LazyForm = (
  args: readonly RowExpression[],
  entry: ScalarFunction,
  context: FunctionContext,
) => RowExpression

const nothing: RowExpression = () => null

/** Functions that evaluate no more arguments than they need: errors and side effects of the others do not happen. */
const lazyForms: Readonly<Record<string, LazyForm | undefined>> = {
  if: ([condition = nothing, then = nothing, otherwise = nothing], _, { settings }) => {
    return (row) => (isTruthy(condition(row), settings) ? then(row) : otherwise(row))
  },
  pick: ([position = nothing, ...choices], entry, context) => {
    const numbers = choices.map((_, index) => index + 1)
    return (row) => {
      const chosen = entry.evaluate([position(row), ...numbers], context)
      return typeof chosen === 'number' ? (choices[chosen - 1] ?? nothing)(row) : null
    }
  },
  coalesce: (choices) => (row) => {
    for (const choice of choices) {
      const value = choice(row)
      if (value !== null) return value
    }
    return null
  },
  alt: (choices, entry, context) => (row) => {
    let value: Value = null
    for (const choice of choices) {
      value = choice(row)
      // With NULL as the last argument the function answers NULL for a value that is no number.
      const numeric = entry.evaluate([value, null], context)
      if (numeric !== null) return numeric
    }
    return value
  },
}
