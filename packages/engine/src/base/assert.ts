import { LichenError } from './errors.ts'

/** Holds an invariant of our own; a failure is a bug in Lichen, never bad input. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new LichenError('internal', `Broken invariant: ${invariant}`)
}
