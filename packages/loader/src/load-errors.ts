import { LoadError } from '@lichen/engine'

/** `where`: the file, and the part of it. */
export function malformed(where: string, what: string, cause?: unknown): LoadError {
  return new LoadError(
    'source-malformed',
    `${where}: ${what}`,
    cause === undefined ? {} : { cause },
  )
}

export function unsupported(where: string, what: string): LoadError {
  return new LoadError('source-unsupported', `${where}: ${what}`)
}

export function overBudget(where: string, what: string): LoadError {
  return new LoadError('budget-exceeded', `${where}: ${what}`)
}
