/**
 * Browsers do not tell a page that its worker has ended, but they free the locks it held.
 * Source: https://developer.mozilla.org/en-US/docs/Web/API/Web_Locks_API
 */
function lockManager(): LockManager | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.locks
}

/**
 * Takes a lock of its own until the end of this thread or the call of what it returns. `held` is told its name once it is taken, or
 * nothing where there are no locks to take.
 */
export function holdLock(held: (lock: string | undefined) => void): () => void {
  const locks = lockManager()
  if (locks === undefined) {
    held(undefined)
    return () => {}
  }
  const lock = `lichen-${crypto.randomUUID()}`
  let release = (): void => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let isHeld = false
  const request = locks.request(lock, () => {
    isHeld = true
    held(lock)
    return released
  })
  request.catch(() => {
    if (!isHeld) held(undefined)
  })
  return () => release()
}

/** Calls `freed` when the holder of the lock has ended, unless the signal comes first. */
export function onceFree(lock: string, signal: AbortSignal, freed: () => void): void {
  lockManager()
    ?.request(lock, { signal }, freed)
    .catch(() => {})
}
