/** Typed events. Listeners run in the order they were added; `on` returns the way to stop. One that throws does not keep the others from running; the first error is thrown after them. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>()

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, set)
    set.add(listener)
    return () => set.delete(listener)
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const errors: unknown[] = []
    for (const listener of [...(this.#listeners.get(name) ?? [])])
      try {
        ;(listener as (event: Events[Name]) => void)(event)
      } catch (error) {
        errors.push(error)
      }
    if (errors.length > 0) throw errors[0]
  }

  /** Forgets every listener. */
  clear(): void {
    this.#listeners.clear()
  }
}
