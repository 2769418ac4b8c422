import type { Call, Expression } from '../expression/ast.ts'
import type { CompiledRowExpression } from '../expression/row-evaluator.ts'
import { fieldParts } from '../functions/string.ts'
import type { Value } from '../value/dual.ts'
import { interpretCell } from '../value/interpret.ts'
import { textOf } from '../value/text-of.ts'
import { factsOf, replaceCalls } from './expression-tree.ts'
import { compileOverRecord, evaluatorOf, parseFragment } from './language.ts'
import { usesNumbersOnly } from './number-only.ts'
import type { Record } from './record.ts'
import { type Repeat, type RowExpression, StatementError } from './row-expression.ts'
import type { RunState } from './run-state.ts'
import type { Fragment, LoadField } from './statement.ts'

/** An expression with the text it came from. */
export interface Parsed {
  readonly ast: Expression
  readonly fragment: Fragment
}

export interface ParsedOutput extends Parsed {
  readonly name: string
}

/** Hands out the record slots beyond the fields of one LOAD. */
export class ExtraSlots {
  count = 0
}

/** Name of an extra slot; cannot be written in a script. */
const extraPrefix = '\u0000'

export function extraField(extra: number, span: Call['span']): Expression {
  return { kind: 'field', name: extraPrefix + extra, quote: 'bracket', span }
}

export function parsed(fragment: Fragment): Parsed {
  return { ast: parseFragment(fragment), fragment }
}

/**
 * The output fields of a LOAD by name: `*` stands for the source fields not listed by name. ALIAS renames plain fields without AS.
 * @throws StatementError `script-failed` for a name given twice
 */
export function compileFields(
  fields: readonly LoadField[],
  sourceFields: readonly string[],
  aliases: ReadonlyMap<string, string>,
): readonly ParsedOutput[] {
  const listed = fields.flatMap((field) =>
    field.kind === 'all' ? [] : [{ field, ...parsed(field.expression) }],
  )
  const byName = new Set(
    listed.flatMap(({ ast, field }) =>
      ast.kind === 'field' && field.alias === undefined ? [ast.name] : [],
    ),
  )
  let next = 0
  const outputs = fields.flatMap((field): ParsedOutput[] => {
    if (field.kind === 'all')
      return sourceFields
        .filter((name) => !byName.has(name))
        .map((name) => starField(name, field.span, aliases))
    const own = listed[next++]
    if (own === undefined) return []
    const plain =
      own.ast.kind === 'field' ? (aliases.get(own.ast.name) ?? own.ast.name) : own.fragment.text
    return [{ name: field.alias?.text ?? plain, ast: own.ast, fragment: own.fragment }]
  })
  const seen = new Set<string>()
  for (const { name, fragment } of outputs) {
    if (seen.has(name))
      throw new StatementError(
        'script-failed',
        `The LOAD gives two fields the name "${name}"; rename one with AS`,
        fragment.span,
      )
    seen.add(name)
  }
  return outputs
}

function starField(
  name: string,
  span: Fragment['span'],
  aliases: ReadonlyMap<string, string>,
): ParsedOutput {
  const width = { start: 0, end: 1 }
  return {
    name: aliases.get(name) ?? name,
    ast: { kind: 'field', name, quote: 'bracket', span: width },
    fragment: { text: '*', span },
  }
}

/** An expression over the records of a source. @throws StatementError `field-not-found`, `expression-syntax`, `expression-invalid` */
export function compileRow(
  { ast, fragment }: Parsed,
  sourceFields: readonly string[],
  extras: ExtraSlots,
  state: RunState,
): RowExpression {
  const slots = new Map(sourceFields.map((name, slot) => [name, slot]))
  for (let extra = 0; extra < extras.count; extra++)
    slots.set(extraPrefix + extra, sourceFields.length + extra)
  const repeats: Repeat[] = []
  const partSlots: number[] = []
  const single = replaceCalls(ast, (call) => {
    if (call.name.toLowerCase() !== 'subfield' || call.args.length !== 2) return undefined
    const extra = extras.count++
    slots.set(extraPrefix + extra, sourceFields.length + extra)
    const parts = call.args.map((argument) => compileOverRecord(argument, fragment, slots, state))
    partSlots.push(...parts.flatMap((argument) => argument.fields))
    repeats.push({ extra, bind: (record) => partsOf(parts, fragment, record, state) })
    return extraField(extra, call.span)
  })
  const compiled = compileOverRecord(single, fragment, slots, state)
  const used = [...new Set([...compiled.fields, ...partSlots])].sort((left, right) => left - right)
  const [first] = compiled.fields
  return {
    slots: used.filter((slot) => slot < sourceFields.length),
    field:
      ast.kind === 'field' && first !== undefined && first < sourceFields.length
        ? first
        : undefined,
    pure: compiled.pure && repeats.length === 0 && used.every((slot) => slot < sourceFields.length),
    numbersOnly: usesNumbersOnly(single),
    sequential: factsOf(ast).sequential,
    repeats,
    bind: (record) => evaluatorOf(compiled, fragment, record),
  }
}

function partsOf(
  parts: readonly CompiledRowExpression[],
  fragment: Fragment,
  record: Record,
  state: RunState,
): () => readonly Value[] {
  const [textOfRecord, delimiterOfRecord] = parts.map((argument) =>
    evaluatorOf(argument, fragment, record),
  )
  return () => {
    const { settings } = state.space
    const text = textOf(textOfRecord?.() ?? null, settings)
    const delimiter = textOf(delimiterOfRecord?.() ?? null, settings)
    // What has no part leaves its record as it is.
    if (text === null || text === '') return [null]
    return fieldParts(text, delimiter ?? '').map((part): Value => interpretCell(part, settings))
  }
}
