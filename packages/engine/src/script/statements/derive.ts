import { codeOfValue } from '../../storage/column-encoder.ts'
import type { DataSpace, TableBuilder } from '../../storage/table-builder.ts'
import type { FieldDefinition } from '../field-definition.ts'
import { Record } from '../record.ts'
import { StatementError } from '../row-expression.ts'
import { listOf, type RunState } from '../run-state.ts'
import type { StatementOf } from '../statement.ts'
import { definitionNamed } from './declare.ts'

/** The tag of derived fields. */
const derived = '$derived'

/**
 * DERIVE: the fields are made at the end of the script, from all that was loaded by then. Those of tags are looked for then as well.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Derive.htm
 * @throws StatementError `field-not-found`, `script-failed` for an unknown definition
 */
export function derive(
  { from, fields, tags, using }: StatementOf<'derive'>,
  state: RunState,
): void {
  const definition = definitionNamed(using, state)
  const known = state.application.fields()
  for (const { text, span } of fields)
    if (!known.includes(text))
      throw new StatementError(
        'field-not-found',
        `There is no field "${text}"; fields so far: ${listOf(known)}`,
        span,
      )
  state.derivations.push({
    definition,
    name: using.text,
    fields: from === 'fields' ? fields.map(({ text }) => text) : undefined,
    tags: from === 'definition' ? definition.tags : tags,
  })
}

/**
 * Makes the derived fields, named `field.definition.name`: columns of the table that has the field, each value calculated once from a value
 * of the field. A field of several tables, which links them, gets a table `field.definition` with a row for each of its values.
 * @throws LichenError `already-exists`
 */
export function deriveFields(state: RunState): void {
  const made = new Set<string>()
  for (const { definition, name, fields, tags } of state.derivations)
    for (const field of fields ?? fieldsTagged(tags, state)) {
      const whole = `${field}.${name}`
      if (made.has(whole)) continue
      made.add(whole)
      const table = tableFor(field, whole, state.application)
      if (table !== undefined) deriveInto(table, field, whole, definition, state)
    }
}

function deriveInto(
  table: TableBuilder,
  field: string,
  whole: string,
  { tags, parameters, fields }: FieldDefinition,
  state: RunState,
): void {
  const source = table.columnOf(field)
  const symbols = table.symbolsOf(source)
  const used = state.application.usedCodes(field)
  const record = new Record(0)
  record.extras.push(null, ...parameters.values())
  for (const { name, tags: own, expression } of fields) {
    const derivedName = `${whole}.${name}`
    const target = table.addField(derivedName)
    const derivedSymbols = table.symbolsOf(target)
    const remap = new Uint32Array(symbols.count + 1)
    used.forEach((code) => {
      if (code === 0) return
      record.extras[0] = symbols.valueAt(code - 1)
      remap[code] = codeOfValue(derivedSymbols, expression.evaluate(record), table.name, code - 1)
    })
    fillColumn(table, source, target, remap)
    // Tags of the definition say what its fields are derived from, too; they would be wrong for a field with tags of its own.
    state.tags.set(derivedName, new Set([derived, ...(own.length > 0 ? own : tags)]))
  }
}

function fillColumn(table: TableBuilder, source: number, target: number, remap: Uint32Array): void {
  const column = table.column(target)
  column.release()
  for (const chunk of table.column(source).chunks()) {
    const codes = new Uint32Array(chunk.length)
    for (let i = 0; i < chunk.length; i++) codes[i] = remap[chunk[i]!]!
    column.pushAll(codes)
  }
}

/** Undefined when the field is gone. */
function tableFor(field: string, name: string, space: DataSpace): TableBuilder | undefined {
  const [first, ...others] = [...space.tables.values()].filter(
    (table) => table.columnOf(field) >= 0,
  )
  if (first === undefined || others.length === 0) return first
  const codes: number[] = []
  space.usedCodes(field).forEach((code) => {
    if (code > 0) codes.push(code)
  })
  const table = space.createTable(name, [field])
  table.appendCodes([Uint32Array.from(codes)], codes.length)
  return table
}

function fieldsTagged(tags: readonly string[], state: RunState): readonly string[] {
  return state.application.fields().filter((field) => {
    const own = state.tags.get(field) ?? new Set()
    if (own.has(derived)) return false
    const known = new Set([...own, ...impliedTags(field, state.application)])
    return tags.some((tag) => known.has(tag))
  })
}

/** The tags the model will give the field for its values. */
function impliedTags(field: string, space: DataSpace): readonly string[] {
  const symbols = space.symbols(field)
  let count = 0
  let numbers = 0
  let integers = 0
  space.usedCodes(field).forEach((code) => {
    if (code === 0) return
    const number = symbols.numberAt(code - 1)
    count += 1
    if (!Number.isNaN(number)) numbers += 1
    if (Number.isInteger(number)) integers += 1
  })
  if (count === 0) return []
  if (numbers < count) return ['$text']
  const isInteger = integers === count
  const kind = symbols.format?.kind
  return [
    '$numeric',
    ...(isInteger ? ['$integer'] : []),
    ...(kind === 'date' || kind === 'timestamp' ? ['$timestamp'] : []),
    ...(kind === 'date' && isInteger ? ['$date'] : []),
  ]
}

/** Makes derived fields plain ones, for a script that does not derive them itself. */
export function keepDerivedFields({ tags }: RunState): void {
  for (const own of tags.values()) own.delete(derived)
}

/** Takes derived fields and their tables out of data that is loaded further, by statements that derive them anew. */
export function dropDerivedFields(state: RunState): void {
  const space = state.application
  for (const [field, tags] of [...state.tags]) {
    if (!tags.has(derived)) continue
    const table = [...space.tables.values()].find(({ name }) => field.startsWith(`${name}.`))
    if (table !== undefined && table.columnOf(field) > 0 && isDerivedTable(table, state))
      space.dropTable(table.name)
    else space.dropField(field)
    state.tags.delete(field)
  }
}

/** Whether a table has one field of its own and others derived from it, as `deriveFields` names them. */
function isDerivedTable({ name, fields }: TableBuilder, { tags }: RunState): boolean {
  const [source, ...others] = fields
  return (
    source !== undefined &&
    name.startsWith(`${source}.`) &&
    others.every((field) => tags.get(field)?.has(derived) === true)
  )
}
