/** One tile of the dashboard: what stardust renders, and what the page says about it. */
export interface Tile {
  readonly kind: 'kpi' | 'bar-chart' | 'pie' | 'line' | 'table'
  readonly title: string
  readonly note?: string
  readonly type: string
  readonly fields: readonly (string | object)[]
  readonly properties: object
}

const whole = { qType: 'F', qnDec: 0, qUseThou: 1, qFmt: '#,##0', qDec: '.', qThou: ',' }
const oneDecimal = { qType: 'F', qnDec: 1, qUseThou: 1, qFmt: '#,##0.0', qDec: '.', qThou: ',' }
const percent = { qType: 'F', qnDec: 1, qUseThou: 0, qFmt: '0.0%', qDec: '.', qThou: ',' }

const measure = (formula: string, label: string, format: object) => ({
  qDef: { qDef: formula, qLabel: label, qNumFormat: format },
  qSortBy: { qSortByNumeric: -1 },
})

/** A measure that a KPI shows in the colour of the text. */
const figure = (formula: string, label: string, format: object): object => {
  const ink = { paletteSingleColor: { index: -1, color: '#1c2622' } }
  const { qDef } = measure(formula, label, format)
  return { qDef: { ...qDef, conditionalColoring: ink } }
}

const dimension = (field: string, label: string = field): object => ({
  qDef: {
    qFieldDefs: [field],
    qFieldLabels: [label],
    qSortCriterias: [{ qSortByNumeric: 1, qSortByAscii: 1 }],
  },
})

const flights = measure('Sum(Flights)', 'Flights', whole)
const averageDelay = measure('Avg(Delay)', 'Delay (min)', oneDecimal)
const quiet = { showTitles: false, disableNavMenu: true }

/** Fields that get a list box of their own; their values fit without scrolling. */
export const listBoxes: readonly string[] = ['Month', 'Weekday']

/** Fields of the filter pane. */
export const filters: readonly string[] = [
  'Origin State',
  'Origin City',
  'Destination State',
  'Destination City',
  'Punctuality',
]

export const tiles: readonly Tile[] = [
  {
    kind: 'kpi',
    title: 'Flights',
    type: 'kpi',
    fields: [figure('Sum(Flights)', 'Flights', whole)],
    properties: { ...quiet, showMeasureTitle: false },
  },
  {
    kind: 'kpi',
    title: 'Average delay in minutes',
    type: 'kpi',
    fields: [figure('Avg(Delay)', 'Average delay (min)', oneDecimal)],
    properties: { ...quiet, showMeasureTitle: false },
  },
  {
    kind: 'kpi',
    title: 'Less than 15 minutes late',
    type: 'kpi',
    fields: [figure('Sum(If(Delay < 15, Flights)) / Sum(Flights)', 'On time', percent)],
    properties: { ...quiet, showMeasureTitle: false },
  },
  {
    kind: 'bar-chart',
    title: 'Flights by state of departure',
    type: 'barchart',
    fields: [dimension('Origin State', 'From state'), flights],
    properties: {
      ...quiet,
      qHyperCubeDef: { qInterColumnSortOrder: [1, 0] },
      color: { auto: false, mode: 'primary', paletteColor: { index: -1, color: '#177245' } },
    },
  },
  {
    kind: 'pie',
    title: 'Punctuality',
    type: 'piechart',
    fields: [dimension('Punctuality'), flights],
    properties: { ...quiet, donut: { showAsDonut: true }, dataPoint: { labelMode: 'share' } },
  },
  {
    kind: 'line',
    title: 'Flights a day',
    type: 'linechart',
    fields: [dimension('FlightDate', 'Day'), flights],
    properties: {
      ...quiet,
      preferContinuousAxis: false,
      color: { auto: false, mode: 'primary', paletteColor: { index: -1, color: '#177245' } },
    },
  },
  {
    kind: 'table',
    title: 'Routes',
    type: 'table',
    fields: [],
    properties: {
      ...quiet,
      qHyperCubeDef: {
        qDimensions: [dimension('Origin City', 'From'), dimension('Destination City', 'To')],
        qMeasures: [flights, averageDelay, measure('Max(Distance)', 'Miles', whole)],
        qInterColumnSortOrder: [2, 0, 1, 3, 4],
        qSuppressMissing: true,
      },
    },
  },
]
