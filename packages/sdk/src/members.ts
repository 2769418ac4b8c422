import type { App, AppCube, AppField } from '@lichen/engine'

type Kind<Member> = Member extends (...given: never[]) => unknown ? 'method' : 'value'

/** Names every member, so that a new one in the engine is missed by the compiler and an unknown one refused at run time. */
export type Members<Native> = { readonly [Member in keyof Native]: Kind<Native[Member]> }

/** The members of `App` that cross as they are. */
export type PlainApp = Omit<
  App,
  'document' | 'session' | 'field' | 'cube' | 'pivot' | 'subscribe' | 'close'
>

/** The members of `AppCube` that cross as they are. */
export type PlainCube = Omit<AppCube, 'read' | 'subscribe'>

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

export const cubeMembers: Members<PlainCube> = {
  definition: 'value',
  page: 'method',
}
