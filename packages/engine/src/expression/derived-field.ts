import type { ModelField, ModelTable } from '../model/model.ts'
import type { Allocator } from '../storage/allocator.ts'
import { type Codes, Column, codeWidth } from '../storage/column.ts'
import { SymbolTableBuilder } from '../storage/symbol-table-builder.ts'
import type { NumberFormat } from '../value/number-format.ts'
import { blockRows, Vector } from '../value/vector.ts'
import type { Expression } from './ast.ts'
import { Binder } from './bind.ts'
import { compile } from './block.ts'
import { type Bound, fieldsOf, isPlain } from './bound.ts'
import { compileContext } from './compile-context.ts'
import { calculatedDimension, type Dimension } from './dimension.ts'
import type { Environment } from './environment.ts'
import { evaluateExpression } from './evaluate.ts'
import type { Block } from './evaluator.ts'
import { prepare } from './prepare.ts'
import { resultFormat } from './result-format.ts'
import { fieldsOf as namesIn } from './visit.ts'

/** An expression of single records, bound. */
export interface RecordExpression {
  readonly text: string
  readonly ast: Expression
  readonly tree: Bound
  readonly format: NumberFormat | null
}

/**
 * The field that the values of an expression make, so that they can be selected, locked, searched and bookmarked like those of any field; its name
 * is the expression with a leading `=`. Undefined for expressions whose values are not fixed by the rows of one table: with keys, fields of several tables,
 * aggregations, variables or what passes.
 */
export function derivedField(
  { text, ast, tree, format }: RecordExpression,
  env: Environment,
): ModelField | undefined {
  const { view } = env
  const fields = [...fieldsOf([tree])]
  const table = soleTable(fields, env)
  const isFixed =
    table !== undefined &&
    isPlain(tree) &&
    !text.includes('$(') &&
    namesIn(ast).every(({ name }) => view.fieldIndex(name) !== undefined)
  if (!isFixed) return undefined
  const name = `=${text.trim().replace(/^=\s*/, '')}`
  return view.derive(name, (index, allocator) => {
    const dimension = calculatedDimension(tree, compile(tree, compileContext(env)), () => [])
    const builder = new SymbolTableBuilder(allocator, view.settings)
    builder.setFormat(format)
    const column = calculatedColumn(dimension, fields, table, env, builder, allocator)
    const { symbols } = builder.finish()
    builder.release()
    const places = [{ table: table.index, column }]
    return { index, name, symbols, places, tags: [], comment: '', system: true, derived: true }
  })
}

/** As `derivedField`, of a text. @throws ExpressionError */
export function deriveField(text: string, env: Environment): ModelField | undefined {
  const { ast, source } = prepare(text, env, (inner) => evaluateExpression(inner, env))
  const binder = new Binder(env)
  const tree = binder.bindRecord(ast, source)
  const format = resultFormat(tree, binder, env.view)
  return derivedField({ text, ast, tree, format }, env)
}

/** The table that alone holds all fields. */
function soleTable(fields: readonly number[], { view }: Environment): ModelTable | undefined {
  const tables = new Set(
    fields.flatMap((field) => view.fields[field]?.places.map((place) => place.table) ?? []),
  )
  const [table, ...others] = tables
  const isKey = fields.some((field) => view.linksOfField(field).length > 0)
  return table === undefined || others.length > 0 || isKey ? undefined : view.tables[table]
}

function calculatedColumn(
  dimension: Dimension,
  fields: readonly number[],
  table: ModelTable,
  env: Environment,
  builder: SymbolTableBuilder,
  allocator: Allocator,
): Column {
  const [field = -1, ...others] = fields
  const base = table.columns.get(field)
  const { symbols } = env.view.fields[field] ?? {}
  const codes =
    others.length === 0 && base !== undefined && symbols !== undefined
      ? followed(codesOfSymbols(dimension, symbols.count + 1), base)
      : codesOfRows(dimension, table)
  const own = symbolCodes(codes, dimension, table, env, builder)
  const width = codeWidth(builder.count)
  const segments = (base?.segments ?? []).map(({ start, codes: { length } }) => {
    const { buffer, offset } = allocator.place(length * width, 'columns')
    const segment = codesIn(buffer, offset, length, width)
    for (let i = 0; i < length; i++) segment[i] = own[codes[start + i]!]!
    return { start, codes: segment }
  })
  return new Column(segments)
}

function codesIn(buffer: ArrayBufferLike, offset: number, length: number, width: 1 | 2 | 4): Codes {
  if (width === 1) return new Uint8Array(buffer, offset, length)
  return width === 2
    ? new Uint16Array(buffer, offset, length)
    : new Uint32Array(buffer, offset, length)
}

/** Code of the dimension by code of the one field it is of. */
function codesOfSymbols(dimension: Dimension, count: number): Uint32Array {
  const codes = new Uint32Array(count)
  const identity = new Uint32Array(blockRows)
  for (let start = 0; start < count; start += blockRows) {
    const length = Math.min(blockRows, count - start)
    for (let i = 0; i < length; i++) identity[i] = start + i
    const block = recordBlock(length, () => identity)
    codes.set(dimension.codes(block).subarray(0, length), start)
  }
  return codes
}

function followed(map: Uint32Array, base: Column): Uint32Array {
  const codes = new Uint32Array(base.rows)
  base.read(0, base.rows, codes)
  for (let row = 0; row < codes.length; row++) codes[row] = map[codes[row]!]!
  return codes
}

function codesOfRows(dimension: Dimension, { rows, columns }: ModelTable): Uint32Array {
  const codes = new Uint32Array(rows)
  const read = new Map<number, Uint32Array>()
  for (let start = 0; start < rows; start += blockRows) {
    const length = Math.min(blockRows, rows - start)
    const block = recordBlock(length, (field) => {
      const own = read.get(field) ?? new Uint32Array(blockRows)
      read.set(field, own)
      columns.get(field)?.read(start, length, own)
      return own
    })
    codes.set(dimension.codes(block).subarray(0, length), start)
  }
  return codes
}

/** By code of the dimension that of the value in the builder, whose symbols are in the order of the rows; values of rows nobody sees are left out. */
function symbolCodes(
  codes: Uint32Array,
  dimension: Dimension,
  { index }: ModelTable,
  { view }: Environment,
  builder: SymbolTableBuilder,
): Uint32Array {
  let largest = 0
  for (let row = 0; row < codes.length; row++) if (codes[row]! > largest) largest = codes[row]!
  const own = new Uint32Array(largest + 1)
  const visible = view.visibleRows(index)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (code === 0 || own[code] !== 0 || (visible !== null && !visible.has(row))) continue
    const value = dimension.valueOf(code)
    if (value !== null) own[code] = builder.add(value, '', row) + 1
  }
  return own
}

function recordBlock(count: number, codes: (field: number) => Uint32Array): Block {
  const none = new Vector()
  return {
    count,
    codes,
    aggregate: () => none,
    virtual: () => none,
    listed: () => none,
    interRecord: () => ({ values: none }),
  }
}
