import type { JsonObject } from '../app/document.ts'
import type { CubeDimensionInfo } from '../hypercube/cube.ts'
import type { SortCriteria } from '../hypercube/definition.ts'
import { computeList, type ListRow } from '../hypercube/list-object.ts'
import { valueStates } from '../inference/inference.ts'
import type { ModelField } from '../model/model.ts'
import { dimensionInfo } from './column-info.ts'
import { libraryOf, stateOf } from './computed-cube.ts'
import { cubeDimension, customMembers } from './cube-definition.ts'
import { QixError, qixErrors } from './error-codes.ts'
import { fieldOf } from './field-reference.ts'
import { flagAt, numberAt, objectAt, objectsAt, present, textAt, wireNumber } from './json.ts'
import type { OpenApp } from './open-app.ts'
import { pagesOf } from './page.ts'
import { stateLetters } from './value-state.ts'

/** Members of ListObjectDef. Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-listobjectdef.htm */
const listMembers = new Set([
  'qStateName',
  'qLibraryId',
  'qDef',
  'qAutoSortByState',
  'qFrequencyMode',
  'qShowAlternatives',
  'qInitialDataFetch',
  'qExpressions',
  'qDirectQuerySimplifiedView',
  'qShowTitles',
  'qTitle',
  'qOtherTotalSpec',
  'qLayoutExclude',
])

type Frequency = 'none' | 'value' | 'percent' | 'relative'

const frequencies: Readonly<Record<string, Frequency>> = {
  V: 'value',
  NX_FREQUENCY_VALUE: 'value',
  P: 'percent',
  NX_FREQUENCY_PERCENT: 'percent',
  R: 'relative',
  NX_FREQUENCY_RELATIVE: 'relative',
}

/** Where a list object stands: the object and the path of its definition. */
export interface ListPlace {
  readonly owner: string
  readonly path: string
  readonly state: string
}

interface Rows {
  readonly count: number
  page(top: number, height: number): readonly ListRow[]
}

/** A ListObjectDef as ListObject. */
export function listObjectLayout(app: OpenApp, def: JsonObject, place: ListPlace): JsonObject {
  const state = stateOf(def, place.state)
  const field = listField(app, def)
  const rows = field === undefined ? undefined : listRows(app, def, field, { ...place, state })
  const info = dimensionInfo(
    app,
    { def, at: 0, error: field === undefined ? listError(app, def) : undefined },
    infoOf(field),
    libraryOf(app),
    state,
  )
  return {
    ...present({
      qStateName: textAt(def, 'qStateName') || undefined,
      qSize: { qcx: rows === undefined ? 0 : 1, qcy: rows?.count ?? 0 },
      qDimensionInfo: info,
      qExpressions: [],
      qDataPages: listPages(
        app,
        def,
        { ...place, state },
        objectsAt(def, 'qInitialDataFetch'),
        rows,
      ),
    }),
    ...customMembers(def, listMembers),
  }
}

/** The field a list object lists; undefined where its definition is not one. */
export function listField(app: OpenApp, def: JsonObject): ModelField | undefined {
  try {
    return fieldOf(app.session.view, cubeDimension(def, libraryOf(app)).definition)
  } catch (error) {
    if (error instanceof QixError) return undefined
    throw error
  }
}

export function listPages(
  app: OpenApp,
  def: JsonObject,
  place: ListPlace,
  asked: readonly JsonObject[],
  known?: Rows,
): JsonObject[] {
  const field = listField(app, def)
  const rows =
    known ??
    (field === undefined
      ? undefined
      : listRows(app, def, field, { ...place, state: stateOf(def, place.state) }))
  return pagesOf(asked, rows === undefined ? 0 : 1, rows?.count ?? 0).map((page) => {
    const cells = rows === undefined || page.height === 0 ? [] : rows.page(page.top, page.height)
    return {
      qMatrix: cells.map((row) => [listCell(row)]),
      qTails: cells.length === 0 ? [] : [{ qUp: 0, qDown: 0 }],
      qArea: { qLeft: page.left, qTop: page.top, qWidth: page.width, qHeight: cells.length },
    }
  })
}

/** Remembers the order of a list at the beginning of a modal selection, to be kept until its end. */
export function freezeOrder(app: OpenApp, def: JsonObject, place: ListPlace): void {
  const field = listField(app, def)
  if (field === undefined || app.frozen === undefined || app.searches.has(searchKey(place))) return
  const rows = listRows(app, def, field, { ...place, state: stateOf(def, place.state) })
  if (rows.count !== field.symbols.count) return
  app.frozen.orders.set(
    place.path,
    Uint32Array.from(rows.page(0, rows.count), ({ symbol }) => symbol),
  )
}

export function searchKey({ owner, path }: ListPlace): string {
  return JSON.stringify([owner, path])
}

function listRows(app: OpenApp, def: JsonObject, field: ModelField, place: ListPlace): Rows {
  const search = app.searches.get(searchKey(place))
  const frequency = frequencies[textAt(def, 'qFrequencyMode') ?? ''] ?? 'none'
  const order =
    app.frozen?.owner === place.owner && search === undefined
      ? app.frozen.orders.get(place.path)
      : undefined
  if (order !== undefined && frequency === 'none') return frozenRows(app, field, order, place.state)
  const sort = listSort(app, def)
  const reverse = flagAt(objectAt(def, 'qDef'), 'qReverseSort')
  const list = computeList(
    { field: field.name, sort, reverse, frequency, ...(search === undefined ? {} : { search }) },
    app.session.environment(place.state),
  )
  if (order === undefined)
    return { count: list.rows, page: (top, height) => list.page(top, height) }
  const bySymbol = new Map(list.page(0, list.rows).map((row) => [row.symbol, row]))
  return {
    count: order.length,
    page: (top, height) =>
      Array.from(order.subarray(top, top + height)).flatMap((symbol) => bySymbol.get(symbol) ?? []),
  }
}

function frozenRows(app: OpenApp, field: ModelField, order: Uint32Array, state: string): Rows {
  const states = app.session.inference(state).states(field.index)
  const row = (symbol: number): ListRow => ({
    text: field.symbols.textAt(symbol),
    number: field.symbols.numberAt(symbol),
    symbol,
    state: valueStates[states[symbol] ?? 0] ?? 'optional',
    frequency: '',
    highlight: [],
    expressions: [],
  })
  return {
    count: order.length,
    page: (top, height) => Array.from(order.subarray(top, top + height), row),
  }
}

function listSort(app: OpenApp, def: JsonObject): SortCriteria {
  const { sort = {} } = cubeDimension(def, libraryOf(app))
  const auto = numberAt(objectAt(def, 'qAutoSortByState'), 'qDisplayNumberOfRows') ?? 0
  const byState = sort.state !== undefined && sort.state !== 0
  return auto > 0 && !byState ? { ...sort, state: 1 } : sort
}

function listCell(row: ListRow): JsonObject {
  return present({
    qText: row.text,
    qNum: wireNumber(row.number),
    qElemNumber: row.symbol,
    qState: stateLetters[row.state],
    qFrequency: row.frequency === '' ? undefined : row.frequency,
    qHighlightRanges:
      row.highlight.length === 0
        ? undefined
        : {
            qRanges: row.highlight.map(({ start, length }) => ({
              qCharPos: start,
              qCharCount: length,
            })),
          },
  })
}

function listError(app: OpenApp, def: JsonObject): number {
  const id = textAt(def, 'qLibraryId')
  return id && app.objects.find(id) === undefined
    ? qixErrors['not-in-library']
    : qixErrors['invalid-definition']
}

function infoOf(field: ModelField | undefined): CubeDimensionInfo | undefined {
  if (field === undefined) return undefined
  const { symbols } = field
  let glyphCount = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  const measured = Math.min(symbols.count, 10_000)
  for (let symbol = 0; symbol < measured; symbol++)
    glyphCount = Math.max(glyphCount, symbols.textAt(symbol).length)
  for (const number of symbols.allNumbers ? symbols.numbersByCode() : []) {
    if (number < min) min = number
    if (number > max) max = number
  }
  return {
    label: field.name,
    field: field.index,
    definition: field.name,
    cubeCardinal: symbols.count,
    cardinal: symbols.count,
    glyphCount,
    format: symbols.format,
    min: Number.isFinite(min) ? min : Number.NaN,
    max: Number.isFinite(max) ? max : Number.NaN,
    sortDirection: 'none',
    hasOthers: false,
  }
}
