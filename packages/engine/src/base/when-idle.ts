/** Runs work when nobody waits, as `requestIdleCallback` does. */
export type WhenIdle = (work: () => void) => void

/** Every runtime has it; the types of the engine know none. */
declare function setTimeout(work: () => void, ms: number): unknown

/** Behind everything that is already waiting for the thread. What is put off so does not keep a process of Node alive. */
export const afterThisTask: WhenIdle = (work) => {
  const timer = setTimeout(work, 0)
  if (hasUnref(timer)) timer.unref()
}

function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer
}
