import type { Json, JsonObject } from '../app/document.ts'
import type { Cube, CubeCell } from '../hypercube/cube.ts'
import { valueStates } from '../inference/inference.ts'
import { dimensionInfo, measureInfo } from './column-info.ts'
import { type Column, type ComputedCube, computedCube, libraryOf } from './computed-cube.ts'
import { customMembers } from './cube-definition.ts'
import { qixErrors } from './error-codes.ts'
import { textOfExpression } from './evaluate.ts'
import { expressionAt, listAt, objectAt, objectsAt, present, textAt, wireNumber } from './json.ts'
import type { OpenApp } from './open-app.ts'
import { type Page, pagesOf } from './page.ts'
import { stateLetters } from './value-state.ts'

/** Members of HyperCubeDef; all others are the author's and reappear. Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-hypercubedef.htm */
const cubeMembers = new Set([
  'qStateName',
  'qDimensions',
  'qMeasures',
  'qInterColumnSortOrder',
  'qSuppressZero',
  'qSuppressMissing',
  'qInitialDataFetch',
  'qReductionMode',
  'qMode',
  'qPseudoDimPos',
  'qNoOfLeftDims',
  'qAlwaysFullyExpanded',
  'qMaxStackedCells',
  'qPopulateMissing',
  'qShowTotalsAbove',
  'qIndentMode',
  'qCalcCond',
  'qSortbyYValue',
  'qTitle',
  'qCalcCondition',
  'qColumnOrder',
  'qExpansionState',
  'qDynamicScript',
  'qContextSetExpression',
  'qSuppressMeasureTotals',
  'qLayoutExclude',
])

/** A HyperCubeDef as HyperCube. */
export function hyperCubeLayout(
  app: OpenApp,
  def: JsonObject,
  owner: string,
  state: string,
): JsonObject {
  const computed = computedCube(app, def, owner, state)
  const { cube, dimensions, measures } = computed
  const unfulfilled = cube?.conditionUnfulfilled === true
  const error = unfulfilled ? qixErrors['condition-failed'] : computed.error
  const readable = error === undefined ? cube : undefined
  const message = unfulfilled ? expressionAt(objectAt(def, 'qCalcCondition'), 'qMsg') : undefined
  const library = libraryOf(app)
  return {
    ...present({
      qStateName: textAt(def, 'qStateName') || undefined,
      qSize: { qcx: readable?.columns ?? 0, qcy: readable?.rows ?? 0 },
      qError: error === undefined ? undefined : { qErrorCode: error },
      qCalcCondMsg:
        message === undefined
          ? undefined
          : message.startsWith('=')
            ? textOfExpression(app, message, state)
            : message,
      qDimensionInfo: dimensions.map((column) =>
        dimensionInfo(app, column, cube?.dimensions[column.at], library, computed.state),
      ),
      qMeasureInfo: measures.map((column) =>
        measureInfo(app, column, cube?.measures[column.at], library, computed.state),
      ),
      qEffectiveInterColumnSortOrder: effectiveOrder(computed),
      qGrandTotalRow: (readable?.totals ?? []).map((total) => ({
        qText: total.text,
        qNum: wireNumber(total.number),
        qElemNumber: -1,
        qState: 'X',
        qIsTotalCell: true,
      })),
      qDataPages:
        readable === undefined
          ? []
          : cubePages(app, def, computed, objectsAt(def, 'qInitialDataFetch')),
      qPivotDataPages: [],
      qStackedDataPages: [],
      qMode: 'S',
      qNoOfLeftDims: -1,
      qTreeNodesOnDim: [],
      qColumnOrder: listAt(def, 'qColumnOrder'),
      qHasOtherValues:
        readable?.dimensions.some(({ hasOthers }) => hasOthers) === true ? true : undefined,
      qTitle: expressionAt(def, 'qTitle'),
    }),
    ...customMembers(def, cubeMembers),
  }
}

/** Data pages of a cube; what lies outside is clipped. */
export function cubePages(
  app: OpenApp,
  def: JsonObject,
  computed: ComputedCube,
  asked: readonly JsonObject[],
): JsonObject[] {
  const { cube } = computed
  if (cube === undefined || cube.conditionUnfulfilled) return asked.map(() => emptyPage)
  const order = columnOrder(def, cube, computed)
  return pagesOf(asked, cube.columns, cube.rows).map((page) =>
    dataPage(cube, page, order, cellWriter(app, cube, computed)),
  )
}

const emptyPage: JsonObject = {
  qMatrix: [],
  qTails: [],
  qArea: { qLeft: 0, qTop: 0, qWidth: 0, qHeight: 0 },
}

type CellWriter = (cell: CubeCell, column: number) => Json

function dataPage(
  cube: Cube,
  page: Page,
  order: readonly number[] | undefined,
  write: CellWriter,
): JsonObject {
  if (page.height === 0 || page.width === 0) return emptyPage
  const rows =
    order === undefined
      ? cube.page(page.left, page.top, page.width, page.height)
      : permuted(cube, page, order)
  const columns = Array.from(
    { length: page.width },
    (_, index) => order?.[page.left + index] ?? page.left + index,
  )
  return {
    qMatrix: rows.map((row) => row.map((cell, index) => write(cell, columns[index] ?? index))),
    qTails: rows.map(() => ({ qUp: 0, qDown: 0 })),
    qArea: { qLeft: page.left, qTop: page.top, qWidth: page.width, qHeight: page.height },
  }
}

function permuted(cube: Cube, page: Page, order: readonly number[]): CubeCell[][] {
  const columns = order.slice(page.left, page.left + page.width)
  return cube
    .page(0, page.top, cube.columns, page.height)
    .map((row) => columns.flatMap((column) => row[column] ?? []))
}

function cellWriter(app: OpenApp, cube: Cube, { state }: ComputedCube): CellWriter {
  const inference = app.session.inference(state)
  const states = cube.dimensions.map(({ field }) =>
    field === undefined ? undefined : inference.states(field),
  )
  const letter = (cell: CubeCell, column: number): string => {
    if (column >= cube.dimensions.length || cell.element < 0) return 'L'
    const known = states[column]?.[cell.element]
    return known === undefined ? 'O' : stateLetters[valueStates[known] ?? 'optional']
  }
  return (cell, column) =>
    present({
      qText: cell.text,
      qNum: wireNumber(cell.number),
      qElemNumber: cell.element,
      qState: letter(cell, column),
      qIsNull: cell.isNull ? true : undefined,
      qIsTotalCell: cell.element === -1 ? true : undefined,
      qIsOtherCell: cell.element === -3 ? true : undefined,
      qAttrExps:
        cell.attributes === undefined || cell.attributes.length === 0
          ? undefined
          : {
              qValues: cell.attributes.map(({ text, number }) => ({
                qText: text,
                qNum: wireNumber(number),
              })),
            },
    })
}

/** `qColumnOrder` in terms of the cube's columns; undefined for the natural order. */
function columnOrder(
  def: JsonObject,
  cube: Cube,
  computed: ComputedCube,
): readonly number[] | undefined {
  const given = listAt(def, 'qColumnOrder')
  if (given.length === 0) return undefined
  const all = cubeColumns(computed)
  const order = [
    ...new Set(given.flatMap((column) => (typeof column === 'number' ? (all[column] ?? []) : []))),
  ].filter((column) => column !== -1)
  for (let column = 0; column < cube.columns; column++)
    if (!order.includes(column)) order.push(column)
  return order
}

/** Column of the definition → column of the cube, -1 where it is left out. */
function cubeColumns({ dimensions, measures }: ComputedCube): readonly number[] {
  const shown = dimensions.filter(({ at }) => at !== -1).length
  return [
    ...dimensions.map(({ at }) => at),
    ...measures.map(({ at }: Column) => (at === -1 ? -1 : shown + at)),
  ]
}

function effectiveOrder(computed: ComputedCube): readonly number[] {
  const columns = cubeColumns(computed)
  return (computed.cube?.columnSortOrder ?? computed.definition.columnSortOrder ?? []).map(
    (column) => columns.indexOf(column),
  )
}
