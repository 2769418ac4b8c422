import { addendsOf } from '../aggregation/addends.ts'
import type { CodedArgument } from '../aggregation/coded.ts'
import type { FunctionContext } from '../functions/registry.ts'
import type { ModelView } from '../model/view.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'
import type { Value } from '../value/dual.ts'
import { blockRows, Vector } from '../value/vector.ts'
import { type Bound, fieldsOf, isPlain } from './bound.ts'
import { calculated, calculations, type General, numberLoop } from './calculation.ts'
import type { Block, Evaluator, InterRecordResult } from './evaluator.ts'
import { constant, fieldReader, kindsByCode } from './field-reader.ts'
import { gridCall } from './grid-call.ts'
import { binaryFunctions, isTruthy, unaryFunctions } from './operators.ts'

export type { Block, Evaluator, InterRecordResult } from './evaluator.ts'

export interface CompileContext {
  readonly view: ModelView
  readonly functions: FunctionContext
}

/**
 * Composes closures over vectors. `numeric`: the consumer reads numbers only, so texts need not be decoded.
 * A pure subexpression of one field is evaluated once per symbol and gathered.
 */
export function compile(bound: Bound, context: CompileContext, numeric = false): Evaluator {
  switch (bound.kind) {
    case 'literal':
      return constant(bound.value)
    case 'field':
      return fieldReader(
        symbolsOf(context.view, bound.field),
        bound.field,
        numeric ? 'number' : 'value',
      )
    case 'aggregate':
      return (block) => block.aggregate(bound.index)
    case 'virtual':
      return (block) => block.virtual(bound.index)
    case 'inter-record':
      return (block) => block.interRecord(bound.index).values
    case 'listed':
      return (block) => block.listed(bound.key)
    default:
      return oncePerSymbol(bound, context) ?? compileNode(bound, context, numeric)
  }
}

type Node = Exclude<
  Bound,
  { kind: 'literal' | 'field' | 'aggregate' | 'virtual' | 'inter-record' | 'listed' }
>

function compileNode(bound: Node, context: CompileContext, numeric = false): Evaluator {
  const { settings } = context.functions
  switch (bound.kind) {
    case 'unary': {
      const operand = compile(bound.operand, context)
      const apply = unaryFunctions[bound.operator]
      return mapped(operand, (value) => apply(value, settings))
    }
    case 'binary': {
      const apply = binaryFunctions[bound.operator]
      const general = (a: Value, b: Value) => apply(a, b, settings)
      const calculation = calculations.get(bound.operator)
      if (calculation !== undefined)
        return calculated(
          operand(bound.left, context),
          operand(bound.right, context),
          calculation,
          general,
        )
      const left = compile(bound.left, context)
      const right = compile(bound.right, context)
      const fast = numberLoop(bound.operator)
      return fast === undefined ? general2(left, right, general) : fast(left, right, general)
    }
    case 'call':
      return bound.definition.name === 'If'
        ? conditional(bound.args, context, numeric)
        : (grid(bound, context) ?? call(bound, context))
  }
}

/** An operand of a calculation: where a value has a number, its text does not matter. */
function operand(bound: Bound, context: CompileContext): Evaluator {
  return bound.kind === 'field'
    ? fieldReader(symbolsOf(context.view, bound.field), bound.field, 'operand')
    : compile(bound, context)
}

function symbolsOf(view: ModelView, field: number): SymbolTable | undefined {
  return view.fields[field]?.symbols
}

/** Above this many symbols a subexpression is evaluated per record. */
const maxSymbols = 1_000_000

/** An argument that reads one field only, and its value for each of the field's codes. `numeric` as in `compile`. */
export interface ArgumentOfField {
  readonly field: number
  values(): CodedArgument
}

/** Undefined when the argument is not the same for all records with the same code of one field. */
export function argumentOfField(
  bound: Bound,
  context: CompileContext,
  numeric: boolean,
): ArgumentOfField | undefined {
  if (bound.kind === 'field') {
    const symbols = symbolsOf(context.view, bound.field)
    if (symbols === undefined) return undefined
    return {
      field: bound.field,
      values: () => ({ kinds: kindsByCode(symbols), numbers: symbols.numbersByCode() }),
    }
  }
  if (!isNode(bound)) return undefined
  const found = plainField(bound, context)
  if (found === undefined) return undefined
  const { field, symbols } = found
  return {
    field,
    values() {
      const { kinds, numbers } = tableOfSymbols(compileNode(bound, context), symbols.count + 1)
      for (let code = 0; code < kinds.length; code++)
        if ((kinds[code]! & 1) === 0) numbers[code] = Number.NaN
      return { kinds: numeric ? kinds.map((kind) => kind & 1) : kinds, numbers }
    },
  }
}

/** A field of numbers whose sums are exact, with its number for each code; undefined for other fields. */
export function numbersOfField(
  field: number,
  { view }: CompileContext,
): ArgumentOfField | undefined {
  const symbols = symbolsOf(view, field)
  if (symbols?.allNumbers !== true) return undefined
  const argument = { kinds: kindsByCode(symbols), numbers: symbols.numbersByCode() }
  return addendsOf(argument.numbers).largest === undefined
    ? undefined
    : { field, values: () => argument }
}

/** The value of a tree for each code of the one field it reads; undefined where it reads others, or has too many codes or values. */
export function valuesOfField(
  bound: Bound,
  context: CompileContext,
  most: number,
): Vector | undefined {
  const [field = -1] = fieldsOf([bound])
  const symbols = symbolsOf(context.view, field)
  const codes = (symbols?.count ?? 0) + 1
  if (bound.kind === 'field')
    return codes > most ? undefined : tableOfSymbols(compile(bound, context), codes)
  if (!isNode(bound) || plainField(bound, context) === undefined) return undefined
  return tableOfSymbols(compileNode(bound, context), codes)
}

function isNode(bound: Bound): bound is Node {
  return bound.kind === 'unary' || bound.kind === 'binary' || bound.kind === 'call'
}

/** The one field a tree depends on, where its symbols are few enough to evaluate it for each. */
function plainField(
  bound: Node,
  context: CompileContext,
): { readonly field: number; readonly symbols: SymbolTable } | undefined {
  if (!isPlain(bound)) return undefined
  const [field, ...others] = fieldsOf([bound])
  if (field === undefined || others.length > 0) return undefined
  const symbols = symbolsOf(context.view, field)
  return symbols === undefined || symbols.count > maxSymbols ? undefined : { field, symbols }
}

/** Undefined when the tree does not depend on exactly one field. */
function oncePerSymbol(bound: Node, context: CompileContext): Evaluator | undefined {
  const found = plainField(bound, context)
  if (found === undefined) return undefined
  const { field, symbols } = found
  const out = new Vector()
  let table: Vector | undefined
  return (block) => {
    table ??= tableOfSymbols(compileNode(bound, context), symbols.count + 1)
    const codes = block.codes(field)
    gatherVector(table, codes, block.count, out)
    return out
  }
}

function tableOfSymbols(evaluate: Evaluator, codes: number): Vector {
  const table = new Vector(codes)
  for (let start = 0; start < codes; start += blockRows) {
    const count = Math.min(blockRows, codes - start)
    const identity = Uint32Array.from({ length: count }, (_, i) => start + i)
    copySlots(evaluate(codeBlock(identity, count)), 0, table, start, count)
  }
  return table
}

/** A block whose only leaf is one field, with given codes. */
function codeBlock(codes: Uint32Array, count: number): Block {
  const none = new Vector()
  return {
    count,
    codes: () => codes,
    aggregate: () => none,
    virtual: () => none,
    listed: () => none,
    interRecord: () => ({ values: none }),
  }
}

/** `count` slots from one vector to another. */
export function copySlots(
  from: Vector,
  fromSlot: number,
  to: Vector,
  toSlot: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const kind = from.kinds[fromSlot + i]!
    to.kinds[toSlot + i] = kind
    to.numbers[toSlot + i] = from.numbers[fromSlot + i]!
    if ((kind & 2) !== 0) to.texts[toSlot + i] = from.texts[fromSlot + i]!
  }
}

/** out[i] = from[at[i]]. */
export function gatherVector(from: Vector, at: Uint32Array, count: number, out: Vector): void {
  const { kinds, numbers, texts } = out
  for (let i = 0; i < count; i++) {
    const slot = at[i]!
    const kind = from.kinds[slot]!
    kinds[i] = kind
    numbers[i] = from.numbers[slot]!
    if ((kind & 2) !== 0) texts[i] = from.texts[slot]!
  }
}

function mapped(operand: Evaluator, apply: (value: Value) => Value): Evaluator {
  const out = new Vector()
  return (block) => {
    const values = operand(block)
    for (let i = 0; i < block.count; i++) out.set(i, apply(values.get(i)))
    return out
  }
}

function general2(left: Evaluator, right: Evaluator, apply: General): Evaluator {
  const out = new Vector()
  return (block) => {
    const a = left(block)
    const b = right(block)
    for (let i = 0; i < block.count; i++) out.set(i, apply(a.get(i), b.get(i)))
    return out
  }
}

function conditional(args: readonly Bound[], context: CompileContext, numeric: boolean): Evaluator {
  const [condition, then, otherwise] = args
  const test = condition === undefined ? constant(null) : compile(condition, context)
  const yes = then === undefined ? constant(null) : compile(then, context, numeric)
  const no = otherwise === undefined ? constant(null) : compile(otherwise, context, numeric)
  const { settings } = context.functions
  const out = new Vector()
  return (block) => {
    const tests = test(block)
    const left = yes(block)
    const right = no(block)
    const { kinds, numbers } = out
    for (let i = 0; i < block.count; i++) {
      const isTrue =
        (tests.kinds[i]! & 1) === 1 ? tests.numbers[i] !== 0 : isTruthy(tests.get(i), settings)
      const chosen = isTrue ? left : right
      const kind = chosen.kinds[i]!
      kinds[i] = kind
      numbers[i] = chosen.numbers[i]!
      if ((kind & 2) !== 0) out.texts[i] = chosen.texts[i]!
    }
    return out
  }
}

function grid({ definition, args }: Call, context: CompileContext): Evaluator | undefined {
  const rest = args.slice(1).map((arg) => (arg.kind === 'literal' ? arg.value : null))
  return gridCall(
    definition,
    args,
    (arg) => operand(arg, context),
    (value) => definition.evaluate([value, ...rest], context.functions),
  )
}

type Call = Extract<Node, { kind: 'call' }>

function call(bound: Call, context: CompileContext): Evaluator {
  const { definition } = bound
  const out = new Vector()
  if (bound.args.some((arg) => arg.kind === 'inter-record')) return callWithRanges(bound, context)
  const args = bound.args.map((arg) => compile(arg, context))
  const values = new Array<Value>(args.length).fill(null)
  return (block) => {
    const vectors = args.map((arg) => arg(block))
    for (let i = 0; i < block.count; i++) {
      for (let a = 0; a < vectors.length; a++) values[a] = vectors[a]!.get(i)
      out.set(i, definition.evaluate(values, context.functions))
    }
    return out
  }
}

/** Functions that count rows beyond the edge of a segment as NULL. */
const countsBeyond: ReadonlySet<string> = new Set(['RangeNullCount', 'RangeMissingCount'])

/** Functions of pairs: the ranges of two arguments are taken row by row. */
const takesPairs: ReadonlySet<string> = new Set(['RangeCorrel', 'RangeXIRR', 'RangeXNPV'])

/** An inter-record argument with a count stands for as many arguments as it has rows. */
function callWithRanges(
  bound: Extract<Node, { kind: 'call' }>,
  context: CompileContext,
): Evaluator {
  const out = new Vector()
  const { definition } = bound
  const args = bound.args.map((arg) => ({ arg, evaluate: compile(arg, context) }))
  const padded = countsBeyond.has(definition.name)
  const paired = takesPairs.has(definition.name)
  return (block) => {
    const results = args.map(
      ({ arg, evaluate }): InterRecordResult =>
        arg.kind === 'inter-record' ? block.interRecord(arg.index) : { values: evaluate(block) },
    )
    for (let i = 0; i < block.count; i++) {
      const values = paired
        ? rowByRow(results, i)
        : results.flatMap((result) => rangeOf(result, i, padded))
      out.set(i, definition.evaluate(values, context.functions))
    }
    return out
  }
}

function rangeOf(result: InterRecordResult, slot: number, padded: boolean): readonly Value[] {
  const range = result.range?.(slot)
  if (range === undefined) return [result.values.get(slot)]
  return padded ? [...range.values, ...new Array<Value>(range.beyond).fill(null)] : range.values
}

function rowByRow(results: readonly InterRecordResult[], slot: number): readonly Value[] {
  const single = results.flatMap(({ range, values }) =>
    range === undefined ? [values.get(slot)] : [],
  )
  const ranges = results.flatMap((result) => {
    const range = result.range?.(slot)
    return range === undefined ? [] : [range.values]
  })
  const rows = Math.max(0, ...ranges.map(({ length }) => length))
  const pairs = Array.from({ length: rows }, (_, row) => ranges.map((range) => range[row] ?? null))
  return [...single, ...pairs.flat()]
}
