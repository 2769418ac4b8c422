import type { JsonObject } from '../app/document.ts'
import { parseExpression } from '../expression/parser.ts'
import { fieldsOf } from '../expression/visit.ts'
import type { CubeCell } from '../hypercube/cube.ts'
import { computeCube } from '../hypercube/straight.ts'
import { noSelections } from '../selection/transitions.ts'
import { type ComputedCube, computedCube } from './computed-cube.ts'
import { QixError } from './error-codes.ts'
import { flagAt, numberAt, objectAt, textAt } from './json.ts'
import type { OpenApp } from './open-app.ts'

/** A bound of a measure and the column it is of. */
export interface MeasureRange {
  /** Measures first, then attribute expressions of dimensions, then those of measures. */
  readonly column: number
  readonly min: number
  readonly max: number
  readonly minIncluded: boolean
  readonly maxIncluded: boolean
}

/** Where a hypercube stands and what was computed for it. */
export interface CubePlace {
  readonly app: OpenApp
  readonly computed: ComputedCube
}

export function cubePlace(app: OpenApp, def: JsonObject, owner: string, state: string): CubePlace {
  return { app, computed: computedCube(app, def, owner, state) }
}

/** Selects symbols of a field; none at all clears it. Those the field does not have are passed over. */
export function selectSymbols(
  app: OpenApp,
  field: number,
  symbols: Iterable<number>,
  toggle: boolean,
  state: string,
): boolean {
  const { view } = app.session
  const count = view.fields[field]?.symbols.count ?? 0
  const given = [...symbols]
  const known = new Set(given.filter((symbol) => symbol >= 0 && symbol < count))
  if (known.size > 0) return app.session.select(field, known, toggle ? 'toggle' : 'replace', state)
  return given.length === 0 && !toggle ? app.session.clear(field, state) : given.length === 0
}

/** Selects values of one dimension by element number. */
export function selectElements(
  { app, computed }: CubePlace,
  dimension: number,
  elements: readonly number[],
  toggle: boolean,
): boolean {
  const field = fieldOfDimension(computed, dimension)
  if (field !== undefined) return selectSymbols(app, field, elements, toggle, computed.state)
  const { field: below, symbols } = symbolsOfCalculated({ app, computed }, dimension, elements)
  return selectSymbols(app, below, symbols, toggle, computed.state)
}

/** Selects what stands in the crossings of rows and columns; measure columns are passed over. */
export function selectCells(
  place: CubePlace,
  rows: readonly number[],
  columns: readonly number[],
): boolean {
  const { cube, dimensions } = place.computed
  if (cube === undefined) return false
  const wanted = columns.filter(
    (column) => column >= 0 && column < dimensions.length && dimensions[column]?.at !== -1,
  )
  const elements = wanted.map((): number[] => [])
  for (const row of rows) {
    const cells = cube.page(0, row, cube.dimensions.length, 1)[0]
    wanted.forEach((column, index) => {
      const cell = cells?.[dimensions[column]?.at ?? -1]
      if (cell !== undefined) elements[index]?.push(cell.element)
    })
  }
  return selectColumns(place, wanted, elements)
}

/** Selects the dimension values of the rows that lie in all ranges, or in any with `any`. No columns named: all dimensions. */
export function selectRanges(
  place: CubePlace,
  ranges: readonly MeasureRange[],
  columns: readonly number[],
  any: boolean,
): boolean {
  const { cube, dimensions } = place.computed
  if (cube === undefined || ranges.length === 0) return false
  const shown = dimensions.flatMap(({ at }, column) => (at === -1 ? [] : [column]))
  const wanted = columns.length === 0 ? shown : columns.filter((column) => shown.includes(column))
  const elements = wanted.map(() => new Set<number>())
  const readers = ranges.map((range) => ({ range, read: readerOf(place.computed, range.column) }))
  const chunk = 10_000
  for (let top = 0; top < cube.rows; top += chunk) {
    for (const row of cube.page(0, top, cube.columns, chunk)) {
      const inside = ({ range, read }: (typeof readers)[number]): boolean =>
        inRange(read(row), range)
      if (!(any ? readers.some(inside) : readers.every(inside))) continue
      wanted.forEach((column, index) => {
        const cell = row[dimensions[column]?.at ?? -1]
        if (cell !== undefined) elements[index]?.add(cell.element)
      })
    }
  }
  return selectColumns(
    place,
    wanted,
    elements.map((set) => [...set]),
  )
}

/** Selects the values of dimensions whose number lies in a range. */
export function selectDimensionRange(
  { app, computed }: CubePlace,
  dimension: number,
  range: MeasureRange,
): boolean {
  const field = fieldOfDimension(computed, dimension)
  return field !== undefined && selectNumbers(app, field, [range], computed.state)
}

export function selectNumbers(
  app: OpenApp,
  field: number,
  ranges: readonly MeasureRange[],
  state: string,
): boolean {
  const symbols = app.session.view.fields[field]?.symbols
  if (symbols === undefined) return false
  const found: number[] = []
  for (let symbol = 0; symbol < symbols.count; symbol++) {
    const number = symbols.numberAt(symbol)
    if (ranges.some((range) => inRange(number, range))) found.push(symbol)
  }
  return found.length > 0 && selectSymbols(app, field, found, false, state)
}

/** Reads `{qMin, qMax, qMinInclEq, qMaxInclEq}`; the bounds may be the texts `Infinity` and `-Infinity`. */
export function rangeOf(range: JsonObject | undefined, column: number): MeasureRange {
  const bound = (key: string, open: number): number => {
    const text = Number(textAt(range, key) ?? Number.NaN)
    return numberAt(range, key) ?? (Number.isNaN(text) ? open : text)
  }
  return {
    column,
    min: bound('qMin', Number.NEGATIVE_INFINITY),
    max: bound('qMax', Number.POSITIVE_INFINITY),
    minIncluded: flagAt(range, 'qMinInclEq'),
    maxIncluded: flagAt(range, 'qMaxInclEq'),
  }
}

export function rangesOf(
  ranges: readonly JsonObject[],
  key: 'qMeasureIx' | 'qDimIx',
): MeasureRange[] {
  return ranges.map((range) => rangeOf(objectAt(range, 'qRange'), numberAt(range, key) ?? 0))
}

/** Field behind a dimension of the definition; undefined for a calculated one. */
export function fieldOfDimension(
  { dimensions, cube }: ComputedCube,
  dimension: number,
): number | undefined {
  const column = dimensions[dimension]
  if (column === undefined)
    throw new QixError('invalid-params', `There is no dimension ${dimension}`, 'qDimNo')
  return cube?.dimensions[column.at]?.field
}

function selectColumns(
  place: CubePlace,
  columns: readonly number[],
  elements: readonly (readonly number[])[],
): boolean {
  if (columns.length === 0 || elements.every((list) => list.length === 0)) return false
  return columns
    .map((column, index) => selectElements(place, column, elements[index] ?? [], false))
    .every(Boolean)
}

function inRange(number: number, { min, max, minIncluded, maxIncluded }: MeasureRange): boolean {
  return (
    (minIncluded ? number >= min : number > min) && (maxIncluded ? number <= max : number < max)
  )
}

function readerOf(
  { cube, definition }: ComputedCube,
  column: number,
): (row: readonly CubeCell[]) => number {
  const dimensions = cube?.dimensions.length ?? 0
  const measures = cube?.measures.length ?? 0
  if (column < measures) return (row) => row[dimensions + column]?.number ?? Number.NaN
  const attributes = [...definition.dimensions, ...definition.measures].flatMap((owner, at) =>
    (owner.attributes ?? []).map((_, index) => ({ at, index })),
  )
  const found = attributes[column - measures]
  if (found === undefined)
    throw new QixError('invalid-params', `There is no measure ${column}`, 'qMeasureIx')
  return (row) => row[found.at]?.attributes?.[found.index]?.number ?? Number.NaN
}

/**
 * The values of a field for which a calculated dimension gives the values selected. The field is the one the expression
 * names; with several there is nothing to select in.
 */
function symbolsOfCalculated(
  { app, computed }: CubePlace,
  dimension: number,
  elements: readonly number[],
): { field: number; symbols: number[] } {
  const { cube, definition, dimensions, state } = computed
  const at = dimensions[dimension]?.at ?? -1
  const expression = definition.dimensions[at]?.definition
  const { view } = app.session
  const { ast } = parseExpression({ name: 'dimension', text: expression ?? '' })
  const named = [...new Set(fieldsOf(ast).map(({ name }) => view.fieldIndex(name)))]
  const field = view.fields[named[0] ?? -1]
  if (cube === undefined || expression === undefined || field === undefined || named.length > 1) {
    throw new QixError(
      'invalid-params',
      'Values of a calculated dimension can be selected only when it is made from one field',
      'qDimNo',
    )
  }
  const wanted = new Set(elements)
  const texts = new Set<string>()
  for (const [cell] of cube.page(at, 0, 1, cube.rows))
    if (cell !== undefined && wanted.has(cell.element)) texts.add(cell.text)
  const environment = { ...app.session.environment(state), selectionsOf: () => noSelections }
  const pairs = computeCube(
    { dimensions: [{ definition: field.name }, { definition: expression }], measures: [] },
    environment,
  )
  const symbols = pairs
    .page(0, 0, 2, pairs.rows)
    .flatMap(([value, calculated]) =>
      value !== undefined && calculated !== undefined && texts.has(calculated.text)
        ? [value.element]
        : [],
    )
  return { field: field.index, symbols }
}
