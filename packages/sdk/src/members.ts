import type { App, AppCube, AppField, AppPivot, CubeResult, PivotResult } from '@lichen/engine'
import type { ChartKind, ResultMembers } from './charts.ts'

type Kind<Member> = Member extends (...given: never[]) => unknown ? 'method' : 'value'

/** Names every member, so that a new one in the engine is missed by the compiler and an unknown one refused at run time. */
export type Members<Native> = { readonly [Member in keyof Native]: Kind<Native[Member]> }

/** The members of `App` that cross as they are. */
export type PlainApp = Omit<
  App,
  'document' | 'session' | 'field' | 'cube' | 'pivot' | 'subscribe' | 'close'
>

/** The members of `AppCube` and `AppPivot` that cross as they are. */
export interface PlainCharts {
  readonly cube: Omit<AppCube, 'read' | 'subscribe'>
  readonly pivot: Omit<AppPivot, 'read' | 'subscribe'>
}

export const appMembers: Members<PlainApp> = {
  fields: 'value',
  states: 'value',
  addState: 'method',
  removeState: 'method',
  back: 'method',
  forward: 'method',
  clear: 'method',
  setVariable: 'method',
  variable: 'method',
  createBookmark: 'method',
  applyBookmark: 'method',
  evaluate: 'method',
  check: 'method',
  dependencies: 'method',
  memory: 'method',
  reloadReport: 'value',
  reload: 'method',
}

export const fieldMembers: Members<AppField> = {
  name: 'value',
  select: 'method',
  toggle: 'method',
  selectSearch: 'method',
  search: 'method',
  selectAll: 'method',
  selectPossible: 'method',
  selectAlternative: 'method',
  selectExcluded: 'method',
  clear: 'method',
  clearOthers: 'method',
  lock: 'method',
  unlock: 'method',
  values: 'method',
  counts: 'method',
  list: 'method',
}

export const chartMembers: { readonly [Kind in ChartKind]: Members<PlainCharts[Kind]> } = {
  cube: { definition: 'value', page: 'method' },
  pivot: { definition: 'value' },
}

export const resultMembers: Members<Pick<CubeResult | PivotResult, ResultMembers>> = {
  page: 'method',
}
