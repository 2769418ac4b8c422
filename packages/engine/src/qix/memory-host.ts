import { Document, type DocumentOptions } from '../app/document.ts'
import type { Identity } from '../model/view.ts'
import type { DocumentEntry, QixHost } from './host.ts'

/** Apps that live as long as the process, for one trusted user: a page, a worker, a test. */
export class MemoryHost implements QixHost {
  readonly user: Identity
  readonly #options: Omit<DocumentOptions, 'id' | 'title'>
  readonly #documents = new Map<string, Document>()
  readonly #sessionApps = new Map<string, Document>()
  #next = 1

  constructor(
    options: {
      readonly user?: Identity
      readonly documents?: readonly Document[]
      readonly document?: Omit<DocumentOptions, 'id' | 'title'>
    } = {},
  ) {
    this.user = options.user ?? {}
    this.#options = options.document ?? {}
    for (const document of options.documents ?? []) this.#documents.set(document.id, document)
  }

  listDocuments(): readonly DocumentEntry[] {
    return [...this.#documents.values()].map(({ id, title }) => ({ id, title }))
  }

  openDocument(id: string): Document | undefined {
    return this.#documents.get(id) ?? this.#sessionApps.get(id)
  }

  sessionDocument(name: string = this.#fresh('SessionApp_', this.#sessionApps)): Document {
    const document = this.#sessionApps.get(name) ?? new Document({ ...this.#options, id: name })
    this.#sessionApps.set(name, document)
    return document
  }

  createDocument(title: string): Document {
    const document = new Document({
      ...this.#options,
      id: this.#fresh('app-', this.#documents),
      title,
    })
    this.#documents.set(document.id, document)
    return document
  }

  deleteDocument(id: string): boolean {
    return this.#documents.delete(id)
  }

  /** Nothing to do: what is in memory is all there is. */
  saveDocument(): void {}

  #fresh(prefix: string, taken: ReadonlyMap<string, Document>): string {
    let id = `${prefix}${this.#next++}`
    while (taken.has(id)) id = `${prefix}${this.#next++}`
    return id
  }
}
