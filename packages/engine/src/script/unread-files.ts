import type { NamedSource } from './sources.ts'
import type { StageSource } from './stage.ts'

/** Files that a LOAD has open and may never come to read: an open file is closed by reading. */
export class UnreadFiles {
  readonly #unread = new Set<StageSource>()

  /** The same source; it counts as read from its first use on. */
  watch(named: NamedSource): NamedSource {
    const { source } = named
    this.#unread.add(source)
    const batches: StageSource['batches'] = (wanted) => {
      this.#unread.delete(source)
      return source.batches(wanted)
    }
    return { ...named, source: { ...source, batches } }
  }

  /** To be called whatever became of the LOAD. */
  async close(): Promise<void> {
    for (const source of this.#unread) await closeUnread(source)
    this.#unread.clear()
  }
}

/** Reads as little as can be. What goes wrong is not asked for. */
export async function closeUnread({ batches }: StageSource): Promise<void> {
  try {
    for await (const _ of batches([])) return
  } catch {
    // The LOAD has failed already, or does without.
  }
}
