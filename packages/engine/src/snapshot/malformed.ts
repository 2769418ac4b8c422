import { type ErrorDetails, LichenError } from '../base/errors.ts'

/** @throws LichenError `snapshot-malformed` */
export function malformed(what: string, details: ErrorDetails = {}): never {
  throw new LichenError('snapshot-malformed', `The snapshot is damaged: ${what}`, { details })
}
