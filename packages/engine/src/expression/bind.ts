import { findAggregation, aggregations as knownAggregations } from '../aggregation/registry.ts'
import { assert } from '../base/assert.ts'
import { type ErrorCode, ExpressionError, type SourceText, type Span } from '../base/errors.ts'
import { findFunction, suggestFunction } from '../functions/registry.ts'
import { unsupportedFunctions } from '../functions/unsupported.ts'
import { levenshtein } from '../math/levenshtein.ts'
import type { ModelView } from '../model/view.ts'
import { interpretText } from '../value/interpret.ts'
import { keyOf } from './aggregation-key.ts'
import type { Call, Expression, Field, SetExpression } from './ast.ts'
import type {
  AggrDimension,
  Bound,
  BoundAggr,
  BoundAggregation,
  BoundInterRecord,
  InterRecordName,
  Program,
} from './bound.ts'
import { visitBound } from './bound.ts'
import { inheritSet } from './inherit-set.ts'
import { listArgs, listKey } from './synthetic-dimension.ts'

const interRecordArgs: Readonly<Record<InterRecordName, readonly [min: number, max: number]>> = {
  above: [1, 3],
  below: [1, 3],
  top: [1, 3],
  bottom: [1, 3],
  before: [1, 3],
  after: [1, 3],
  first: [1, 3],
  last: [1, 3],
  rowno: [0, 0],
  noofrows: [0, 0],
  columnno: [0, 0],
  noofcolumns: [0, 0],
  rank: [1, 3],
  vrank: [1, 3],
  hrank: [1, 3],
  column: [1, 1],
  dimensionality: [0, 0],
  secondarydimensionality: [0, 0],
}

type Phase = 'group' | 'record'

/** Variables as names: a bare name that is no field may be one. */
export interface NameSource {
  readonly view: ModelView
  variable(name: string): string | undefined
}

/**
 * Binds the expressions of one object: resolves fields, functions and aggregations and collects what has to be computed before the
 * group phase. A field outside aggregations is `Only(field)`.
 */
export class Binder implements Program {
  readonly aggregations: BoundAggregation[] = []
  readonly aggrs: BoundAggr[] = []
  readonly interRecords: BoundInterRecord[] = []
  readonly #names: NameSource
  readonly #keys = new Map<string, number>()
  #set: SetExpression | undefined
  #source: SourceText = { name: 'expression', text: '' }

  constructor(names: NameSource, set?: SetExpression) {
    this.#names = names
    this.#set = set
  }

  /** A measure, or anything else that sees groups. Leaves the program as it was when it throws. @throws ExpressionError */
  bindGroup(expression: Expression, source: SourceText): Bound {
    return this.#bindText(expression, source, 'group')
  }

  /** An expression of single records, such as a calculated dimension. @throws ExpressionError */
  bindRecord(expression: Expression, source: SourceText): Bound {
    return this.#bindText(expression, source, 'record')
  }

  #bindText(expression: Expression, source: SourceText, phase: Phase): Bound {
    const { aggregations, aggrs, interRecords } = this
    const before = [aggregations.length, aggrs.length, interRecords.length] as const
    this.#source = source
    try {
      return this.#bind(expression, phase)
    } catch (error) {
      aggregations.length = before[0]
      aggrs.length = before[1]
      interRecords.length = before[2]
      for (const [key, index] of this.#keys) if (index >= before[0]) this.#keys.delete(key)
      throw error
    }
  }

  #bind(expression: Expression, phase: Phase): Bound {
    const { span } = expression
    switch (expression.kind) {
      case 'literal':
        return { kind: 'literal', value: expression.value, span }
      case 'field':
        return this.#bindField(expression, phase)
      case 'unary':
        return {
          kind: 'unary',
          operator: expression.operator,
          operand: this.#bind(expression.operand, phase),
          span,
        }
      case 'binary':
        return {
          kind: 'binary',
          operator: expression.operator,
          left: this.#bind(expression.left, phase),
          right: this.#bind(expression.right, phase),
          span,
        }
      case 'call':
        return this.#bindCall(expression, phase)
      case 'outer-set':
        return this.#within(inheritSet(this.#set, expression.set), () =>
          this.#bind(expression.body, phase),
        )
      case 'sort-spec':
        return this.#fail('expression-invalid', 'A sorted dimension stands only inside Aggr', span)
      case 'missing':
        return this.#fail('expression-syntax', 'An operand is missing', span)
    }
  }

  #within<T>(set: SetExpression | undefined, work: () => T): T {
    const before = this.#set
    this.#set = set
    try {
      return work()
    } finally {
      this.#set = before
    }
  }

  #bindField(expression: Field, phase: Phase): Bound {
    const { span, name } = expression
    const field = this.#names.view.fieldIndex(name)
    if (field === undefined) return this.#bindVariable(expression)
    const leaf: Bound = { kind: 'field', field, span }
    return phase === 'record' ? leaf : this.#only(leaf, span)
  }

  #bindVariable({ name, span }: Field): Bound {
    const definition = this.#names.variable(name)
    if (definition === undefined)
      return this.#fail('field-not-found', this.#unknownField(name), span)
    const number = interpretText(definition, this.#names.view.settings)?.number
    return { kind: 'literal', value: number ?? definition, span }
  }

  #only(leaf: Bound, span: Span): Bound {
    const definition = findAggregation('Only')
    assert(definition !== undefined, 'Only is an aggregation')
    return this.#aggregate({
      definition,
      args: [leaf],
      distinct: false,
      set: this.#set,
      total: undefined,
      depth: 0,
      span,
    })
  }

  #bindCall(call: Call, phase: Phase): Bound {
    const name = call.name.toLowerCase()
    if (name === 'aggr') return this.#bindAggr(call, phase)
    if (Object.hasOwn(interRecordArgs, name) && (phase === 'group' || name !== 'rowno'))
      return this.#bindInterRecord(call, name as InterRecordName, phase)
    if (findAggregation(call.name) !== undefined) return this.#bindAggregation(call, phase)
    const key = listKey(call)
    if (key !== undefined) return this.#bindListed(call, key, phase)
    return this.#bindFunction(call, phase)
  }

  #bindListed(call: Call, key: string, phase: Phase): Bound {
    if (phase === 'record')
      return this.#fail(
        'expression-invalid',
        `${call.name} is a dimension by itself; in a measure it stands outside aggregations`,
        call.span,
      )
    const [min, max] = listArgs[call.name.toLowerCase()] ?? [1, 1]
    this.#checkCount(call.name, `${call.name}(…)`, call, min, max)
    return { kind: 'listed', key, span: call.span }
  }

  #bindFunction(call: Call, phase: Phase): Bound {
    const unsupported = unsupportedFunctions.get(call.name.toLowerCase())
    if (unsupported !== undefined)
      return this.#fail(
        'unsupported-function',
        `${unsupported.name}() is not supported: ${unsupported.reason}`,
        call.nameSpan,
      )
    const definition = findFunction(call.name)
    if (definition === undefined) {
      const suggestion = suggestFunction(
        call.name,
        knownAggregations.map(({ name }) => name),
      )
      const hint = suggestion === undefined ? '' : `. Did you mean ${suggestion}?`
      return this.#fail(
        'expression-invalid',
        `There is no function ${call.name}${hint}`,
        call.nameSpan,
      )
    }
    if (definition.context === 'script')
      return this.#fail(
        'expression-invalid',
        `${definition.name} works only in load scripts`,
        call.nameSpan,
      )
    if (call.set !== undefined || call.total !== undefined || call.distinct !== undefined)
      return this.#fail(
        'expression-invalid',
        `${definition.name} is not an aggregation: it takes no set, TOTAL or DISTINCT`,
        call.nameSpan,
      )
    this.#checkCount(
      definition.name,
      definition.signature,
      call,
      definition.minArgs,
      definition.maxArgs,
    )
    return {
      kind: 'call',
      definition,
      args: this.#bindArgs(definition.name, call, phase),
      span: call.span,
    }
  }

  /** Arguments of functions that ask about a field take its name, not its value. */
  #bindArgs(name: string, call: Call, phase: Phase): readonly Bound[] {
    return call.args.map((arg, index) =>
      arg.kind === 'field' && index === 0 && namesItsField.has(name.toLowerCase())
        ? { kind: 'literal', value: arg.name, span: arg.span }
        : this.#bind(arg, phase),
    )
  }

  #bindAggregation(call: Call, phase: Phase): Bound {
    const definition = findAggregation(call.name)
    assert(definition !== undefined, 'the caller found the aggregation')
    if (phase === 'record' && call.total === undefined)
      return this.#fail(
        'expression-invalid',
        `${definition.name} stands inside another aggregation. Wrap it in Aggr, or give it TOTAL`,
        call.span,
      )
    this.#checkCount(
      definition.name,
      definition.signature,
      call,
      definition.minArgs,
      definition.maxArgs,
    )
    // A set of the call replaces or refines the outer one; what is nested inside starts from the outer one again.
    const args = call.args.map((arg) => this.#bind(arg, 'record'))
    const total = call.total === undefined ? undefined : this.#totalFields(call, call.total.fields)
    let depth = 0
    for (const arg of args)
      visitBound(arg, (node) => {
        if (node.kind === 'aggregate')
          depth = Math.max(depth, (this.aggregations[node.index]?.depth ?? 0) + 1)
      })
    return this.#aggregate({
      definition,
      args,
      distinct: call.distinct === true,
      set: call.set === undefined ? this.#set : inheritSet(this.#set, call.set),
      total,
      depth,
      span: call.span,
    })
  }

  #totalFields(call: Call, fields: readonly string[] | null): readonly number[] | null {
    return fields === null ? null : fields.map((name) => this.#field(name, call.span))
  }

  #aggregate(aggregation: BoundAggregation): Bound {
    const key = keyOf(aggregation)
    let index = this.#keys.get(key)
    if (index === undefined) {
      index = this.aggregations.length
      this.aggregations.push(aggregation)
      this.#keys.set(key, index)
    }
    return { kind: 'aggregate', index, span: aggregation.span }
  }

  #bindAggr(call: Call, phase: Phase): Bound {
    const [body, ...dimensions] = call.args
    if (body === undefined || dimensions.length === 0)
      return this.#fail(
        'expression-invalid',
        'Aggr takes an expression and at least one dimension',
        call.span,
      )
    const set = call.set === undefined ? this.#set : inheritSet(this.#set, call.set)
    const program = new Binder(this.#names, set)
    const index = this.aggrs.length
    this.aggrs.push({
      program,
      body: program.bindGroup(body, this.#source),
      dimensions: dimensions.map((dimension) => this.#aggrDimension(dimension)),
      distinct: call.distinct !== false,
      set,
      span: call.span,
    })
    const leaf: Bound = { kind: 'virtual', index, span: call.span }
    return phase === 'record' ? leaf : this.#only(leaf, call.span)
  }

  #aggrDimension(dimension: Expression): AggrDimension {
    const criteria = dimension.kind === 'sort-spec' ? dimension.criteria : []
    const field = dimension.kind === 'sort-spec' ? dimension.dimension : dimension
    if (field.kind !== 'field')
      return this.#fail('expression-invalid', 'The dimensions of Aggr are fields', dimension.span)
    return { field: this.#field(field.name, field.span), criteria }
  }

  #bindInterRecord(call: Call, name: InterRecordName, phase: Phase): Bound {
    if (phase === 'record')
      return this.#fail(
        'expression-invalid',
        `${call.name} sees rows of a chart, not records: use it outside aggregations`,
        call.span,
      )
    const [min, max] = interRecordArgs[name]
    const totalAlone = max === 0 && isTotalAlone(call)
    const args = totalAlone ? [] : call.args
    if (!totalAlone) this.#checkCount(call.name, `${call.name}()`, call, min, max)
    const index = this.interRecords.length
    const entry = {
      name,
      total: call.total !== undefined || totalAlone,
      args: [] as readonly Bound[],
      span: call.span,
    }
    this.interRecords.push(entry)
    entry.args = args.map((arg) => this.#bind(arg, 'group'))
    return { kind: 'inter-record', index, span: call.span }
  }

  #field(name: string, span: Span): number {
    return (
      this.#names.view.fieldIndex(name) ??
      this.#fail('field-not-found', this.#unknownField(name), span)
    )
  }

  #unknownField(name: string): string {
    let best: string | undefined
    let fewest = Math.floor(name.length / 3) + 1
    for (const field of this.#names.view.fields) {
      const edits = levenshtein(name.toLowerCase(), field.name.toLowerCase())
      if (edits > fewest || field.system) continue
      best = field.name
      fewest = edits
    }
    return `There is no field ${name}${best === undefined ? '' : `. Did you mean ${best}?`}`
  }

  #checkCount(name: string, signature: string, call: Call, min: number, max: number): void {
    const count = call.args.length
    if (count >= min && count <= max) return
    this.#fail(
      'expression-invalid',
      `${name} does not take ${count} arguments: ${signature}`,
      call.span,
    )
  }

  #fail(code: ErrorCode, message: string, span: Span): never {
    throw new ExpressionError(code, message, this.#source, span)
  }
}

const namesItsField: ReadonlySet<string> = new Set([
  'getselectedcount',
  'getpossiblecount',
  'getalternativecount',
  'getexcludedcount',
  'getnotselectedcount',
  'getfieldselections',
  'fieldvalue',
  'fieldindex',
  'fieldvaluecount',
])

/** `RowNo(TOTAL)`: the parser takes a word that ends an argument for a field. */
function isTotalAlone({ args }: Call): boolean {
  const [arg] = args
  return (
    args.length === 1 &&
    arg?.kind === 'field' &&
    arg.quote === 'bare' &&
    arg.name.toLowerCase() === 'total'
  )
}
