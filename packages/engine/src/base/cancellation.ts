import { LichenError } from './errors.ts'

/** Asked by long loops about every 10 ms of work. An AbortSignal satisfies the shape it is made from. */
export interface CancellationToken {
  readonly cancelled: boolean
}

export const neverCancelled: CancellationToken = { cancelled: false }

/** A token that follows an AbortSignal; a plain flag serves where no signal exists. */
export function tokenOf(signal: { readonly aborted: boolean } | undefined): CancellationToken {
  if (signal === undefined) return neverCancelled
  return {
    get cancelled() {
      return signal.aborted
    },
  }
}

/** @throws LichenError `cancelled` */
export function throwIfCancelled(token: CancellationToken): void {
  if (token.cancelled) throw new LichenError('cancelled', 'The work was cancelled')
}
