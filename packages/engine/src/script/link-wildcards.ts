import type { ColumnBuilder } from '../storage/column-builder.ts'
import type { SymbolTableBuilder } from '../storage/symbol-table-builder.ts'
import type { DataSpace, TableBuilder } from '../storage/table-builder.ts'
import type { Value } from '../value/dual.ts'
import { interpretCell } from '../value/interpret.ts'
import type { RunState } from './run-state.ts'
import type { WildTexts } from './wildcards.ts'

/** A text was loaded into these fields; what stands for several values is told from others by what is set now. */
export function noteWildcards(table: string, fields: readonly string[], state: RunState): void {
  if (state.inAccess) return
  const other = state.systemVariable('OtherSymbol')
  state.wildcards.add(table, fields, { star: state.star, other: other === '' ? undefined : other })
}

const tag = '$wildcard'
const starTag = '$star='
const otherTag = '$other='

/**
 * At the end of the script, makes symbols for several values link to them. A row holds one value per field, so a field with such a symbol
 * moves to a table of its own: a hidden key stands in its place, and links each symbol to all the values it stands for and every other
 * value to itself. Rows and what they count stay as they are.
 * Source: https://help.qlik.com/en-US/sense/May2024/Subsystems/Hub/Content/Sense_Hub/DataSource/wild-cards-in-data.htm
 */
export function linkWildcards(state: RunState): void {
  const { application: space, wildcards } = state
  if (wildcards.empty) return
  for (const table of [...space.tables.values()])
    for (const [column, field] of table.fields.entries()) {
      const texts = wildcards.of(table.name, field)
      if (texts !== undefined) linkField(table, column, texts, state)
    }
}

function linkField(
  table: TableBuilder,
  column: number,
  { star, other }: WildTexts,
  state: RunState,
): void {
  const space = state.application
  const field = table.fields[column] ?? ''
  const symbols = table.symbolsOf(column)
  const starCode = codeOf(star, symbols, state)
  const otherCode = codeOf(other, symbols, state)
  const wild = wildCodes(field, symbols, state)
  const listed = listedIn(table.column(column), symbols.count, otherCode)
  const isStar = starCode !== 0 && listed.all[starCode] === 1
  const isOther = otherCode !== 0 && listed.all[otherCode] === 1
  if (!isStar && !isOther) return
  const name = `$Wild ${table.name}.${field}`
  const link = space.createTable(name, [name, field])
  const value = (code: number): Value => symbols.valueAt(code - 1)
  for (let code = 1; code < listed.all.length; code++) {
    if (listed.all[code] === 0 || wild.has(code)) continue
    link.appendRow([value(code), value(code)])
    if (isStar) link.appendRow([value(starCode), value(code)])
  }
  if (isOther)
    for (const code of valuesOf(field, space))
      if (listed.first[code] === 0 && !wild.has(code))
        link.appendRow([value(otherCode), value(code)])
  table.renameField(field, name)
  state.tags.set(
    name,
    new Set([
      tag,
      '$hidden',
      ...(star === undefined ? [] : [starTag + star]),
      ...(other === undefined ? [] : [otherTag + other]),
    ]),
  )
}

function codeOf(
  text: string | undefined,
  symbols: SymbolTableBuilder,
  { application }: RunState,
): number {
  return text === undefined ? 0 : symbols.find(interpretCell(text, application.settings)) + 1
}

/** Codes that stand for several values in some table that has the field. */
function wildCodes(
  field: string,
  symbols: SymbolTableBuilder,
  state: RunState,
): ReadonlySet<number> {
  const codes = [...state.application.tables.keys()].flatMap((table) => {
    const texts = state.wildcards.of(table, field)
    return [codeOf(texts?.star, symbols, state), codeOf(texts?.other, symbols, state)]
  })
  return new Set(codes)
}

/** 1 for the codes a column has: in all of it, and before `end` first comes. */
function listedIn(
  column: ColumnBuilder,
  count: number,
  end: number,
): { readonly all: Uint8Array; readonly first: Uint8Array } {
  const all = new Uint8Array(count + 1)
  let first: Uint8Array | undefined
  for (const chunk of column.chunks())
    for (let i = 0; i < chunk.length; i++) {
      const code = chunk[i]!
      if (code === end && first === undefined && end !== 0) first = all.slice()
      all[code] = 1
    }
  return { all, first: first ?? all }
}

function valuesOf(field: string, space: DataSpace): readonly number[] {
  const codes: number[] = []
  space.usedCodes(field).forEach((code) => {
    if (code > 0) codes.push(code)
  })
  return codes
}

/** Undoes `linkWildcards` for data that is loaded further. */
export function reopenWildcards(state: RunState): void {
  const space = state.application
  for (const [name, tags] of [...state.tags]) {
    const link = space.tables.get(name)
    const field = link?.fields[1]
    if (!tags.has(tag) || link === undefined || field === undefined) continue
    const owner = [...space.tables.values()].find(
      (table) => table !== link && table.columnOf(name) >= 0,
    )
    space.dropTable(name)
    state.tags.delete(name)
    if (owner === undefined) continue
    owner.renameField(name, field)
    state.wildcards.add(owner.name, [field], {
      star: textBehind(starTag, tags),
      other: textBehind(otherTag, tags),
    })
  }
}

function textBehind(start: string, tags: Iterable<string>): string | undefined {
  return [...tags].find((each) => each.startsWith(start))?.slice(start.length)
}
