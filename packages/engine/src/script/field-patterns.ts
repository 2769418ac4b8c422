import { matchesWildcard } from '../value/wildcard.ts'
import type { Name } from './statement.ts'

/** Whether a field is in a list of names, which may hold `*` and `?`. */
export function isListed(field: string, list: readonly Name[]): boolean {
  return list.some(({ text }) => (isPattern(text) ? matchesWildcard(field, text) : field === text))
}

export function isPattern(name: string): boolean {
  return name.includes('*') || name.includes('?')
}
