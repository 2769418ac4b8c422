import type { Expression } from './ast.ts'

/**
 * Arguments that name a field or a table rather than stand for its value, by function: 0-based positions.
 * A name written there without quotes is read as its text.
 */
const namePositions: Readonly<Record<string, readonly number[]>> = {
  peek: [0, 2],
  exists: [0],
  lookup: [0, 1, 3],
  fieldvalue: [0],
  fieldindex: [0],
  fieldvaluecount: [0],
  noofrows: [0],
  nooffields: [0],
  tablenumber: [0],
  fieldname: [1],
  fieldnumber: [0, 1],
  applymap: [0],
  mapsubstring: [0],
  getfieldselections: [0],
  getselectedcount: [0],
  getpossiblecount: [0],
  getalternativecount: [0],
  getexcludedcount: [0],
  getnotselectedcount: [0],
}

export function isNamePosition(callee: string, index: number): boolean {
  const key = callee.toLowerCase()
  return Object.hasOwn(namePositions, key) && (namePositions[key]?.includes(index) ?? false)
}

/** The name an argument spells: a bare or quoted name, or a text in single quotes. */
export function spelledName(arg: Expression | undefined): string | undefined {
  if (arg?.kind === 'field') return arg.name
  return arg?.kind === 'literal' && typeof arg.value === 'string' ? arg.value : undefined
}
