import type { CodedTables } from './chart-data.ts'
import type { ElementOf, Elements, Modifier, SetOperation, SetTree } from './chart-tree.ts'
import { type ChartValue, isLike, numberIn, textIn, UndecidedRows } from './chart-value.ts'
import { fullOuterJoin, type JoinedComponent, type JoinedRecord } from './full-outer-join.ts'

/*
 * Set expressions over joined records.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/SetAnalysis/set-analysis-expressions.htm
 */

/** Selected codes by field. */
export type ChartSelections = ReadonlyMap<string, ReadonlySet<number>>

export interface SetSubject {
  readonly data: CodedTables
  readonly selections: ChartSelections
  readonly components: readonly JoinedComponent[]
}

export type RecordTest = (component: JoinedComponent, record: JoinedRecord) => boolean

/** Whether a record is in a set; null = in the selections. */
export function recordTest(set: SetTree | null, subject: SetSubject): RecordTest {
  if (set === null) return selected(subject.selections)
  if (set.kind === 'entity') return selected(modified(set, subject))
  const left = recordTest(set.left, subject)
  const right = recordTest(set.right, subject)
  const test: RecordTest = (component, record) =>
    combined(set.operator, left(component, record), right(component, record))
  for (const component of subject.components)
    if (!isOfRows(component, subject, set.operator, left, right))
      throw new UndecidedRows('records of one set that share rows with the other')
  return test
}

/**
 * The pages let the operators act on records without saying whether those are rows of tables or of their join. Whether both are the same
 * here: the records are those of the join of the rows that are in one set, both, or either.
 */
function isOfRows(
  component: JoinedComponent,
  { data }: SetSubject,
  operator: SetOperation,
  left: RecordTest,
  right: RecordTest,
): boolean {
  const rowsIn = (test: RecordTest, table: number): ReadonlySet<number> =>
    new Set(
      component.records
        .filter((record) => test(component, record))
        .map(({ rows }) => rows[table] ?? -1)
        .filter((row) => row !== -1),
    )
  const kept = data.tables.map(({ rows }, table) => {
    const [a, b] = [rowsIn(left, table), rowsIn(right, table)]
    return [...rows.keys()].filter((row) => combined(operator, a.has(row), b.has(row)))
  })
  const restricted = data.tables.map((table, at) => ({
    ...table,
    rows: (kept[at] ?? []).map((row) => table.rows[row] ?? []),
  }))
  const joined = fullOuterJoin(restricted)
    .filter(({ tables }) => tables.join() === component.tables.join())
    .flatMap(({ records }) =>
      records.map(({ rows }) => rows.map((row, at) => kept[at]?.[row] ?? -1).join()),
    )
  const ofRecords = component.records
    .filter((record) => combined(operator, left(component, record), right(component, record)))
    .map(({ rows }) => rows.join())
  return joined.sort().join(' ') === ofRecords.sort().join(' ')
}

function selected(selections: ChartSelections): RecordTest {
  return (component, record) => {
    for (const [field, codes] of selections) {
      if (!component.fields.has(field)) continue
      const code = record.values.get(field) ?? null
      if (code === null || !codes.has(code)) return false
    }
    return true
  }
}

function combined(operator: SetOperation, left: boolean, right: boolean): boolean {
  switch (operator) {
    case '+':
      return left || right
    case '-':
      return left && !right
    case '*':
      return left && right
    case '/':
      return left !== right
  }
}

function modified(
  { identifier, modifiers }: Extract<SetTree, { readonly kind: 'entity' }>,
  subject: SetSubject,
): ChartSelections {
  const fields = new Map(identifier === '1' ? [] : subject.selections)
  for (const modifier of modifiers) modify(fields, modifier, subject)
  return fields
}

function modify(
  fields: Map<string, ReadonlySet<number>>,
  { field, operator, elements }: Modifier,
  subject: SetSubject,
): void {
  if (elements === null) {
    fields.delete(field)
    return
  }
  const wanted = elementsOf(elements, field, subject)
  const all = allCodes(field, subject)
  const current = fields.get(field) ?? all
  const operation = operatorOf(operator)
  const codes =
    operation === null
      ? wanted
      : [...all].filter((code) => combined(operation, current.has(code), wanted.has(code)))
  fields.set(field, new Set(codes))
}

function operatorOf(operator: Modifier['operator']): SetOperation | null {
  switch (operator) {
    case '+=':
      return '+'
    case '-=':
      return '-'
    case '*=':
      return '*'
    case '/=':
      return '/'
    default:
      return null
  }
}

function allCodes(field: string, { data }: SetSubject): ReadonlySet<number> {
  return new Set((data.values.get(field) ?? []).keys())
}

function elementsOf(elements: Elements, field: string, subject: SetSubject): ReadonlySet<number> {
  const values = subject.data.values.get(field) ?? []
  switch (elements.kind) {
    case 'list':
      return new Set(
        values.flatMap((value, code) =>
          elements.items.some((item) => isMeant(item, value, values)) ? [code] : [],
        ),
      )
    case 'operation': {
      const left = elementsOf(elements.left, field, subject)
      const right = elementsOf(elements.right, field, subject)
      return new Set(
        [...values.keys()].filter((code) =>
          combined(elements.operator, left.has(code), right.has(code)),
        ),
      )
    }
    default: {
      const possible = possibleCodes(field, elements.set, subject)
      return elements.kind === 'possible'
        ? possible
        : new Set([...values.keys()].filter((code) => !possible.has(code)))
    }
  }
}

function possibleCodes(
  field: string,
  set: SetTree | null,
  subject: SetSubject,
): ReadonlySet<number> {
  const test = recordTest(set, subject)
  const codes = new Set<number>()
  for (const component of subject.components) {
    if (!component.fields.has(field)) continue
    for (const record of component.records) {
      const code = record.values.get(field) ?? null
      if (code !== null && test(component, record)) codes.add(code)
    }
  }
  return codes
}

function isMeant(
  { kind, text }: ElementOf,
  value: ChartValue,
  values: readonly ChartValue[],
): boolean {
  const shown = textIn(value) ?? ''
  switch (kind) {
    case 'literal':
      return shown === text
    case 'bare':
      return shown.toLowerCase() === text.toLowerCase()
    case 'number': {
      const number = Number(text)
      const exists = values.some((other) => numberIn(other) === number)
      return exists ? numberIn(value) === number : shown === text
    }
    case 'search': {
      const range = /^([<>]=?)(-?[\d.]+)(?:([<>]=?)(-?[\d.]+))?$/.exec(text)
      if (range === null) return isLike(shown, text)
      const [, first = '', limit = '', second, other] = range
      const number = numberIn(value)
      if (number === null) return false
      return (
        holds(number, first, Number(limit)) &&
        (second === undefined || holds(number, second, Number(other)))
      )
    }
  }
}

function holds(number: number, comparison: string, limit: number): boolean {
  switch (comparison) {
    case '<':
      return number < limit
    case '<=':
      return number <= limit
    case '>':
      return number > limit
    default:
      return number >= limit
  }
}
