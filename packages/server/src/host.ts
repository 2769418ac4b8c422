import { randomUUID } from 'node:crypto'
import { Document, LichenError, type TableReader } from '@lichen/engine'
import type { QixHost } from '@lichen/engine/qix'
import { openDocument, saveDocument } from '@lichen/engine/snapshot'
import type { AppStore } from './app-store.ts'
import type { User } from './identity.ts'

export interface LibraryOptions {
  readonly store: AppStore
  readonly reader: TableReader | undefined
  /** Session apps of one user at most. */
  readonly maxSessionApps: number
}

/** The documents of this server: saved apps are opened once and shared by all users; session apps belong to one user. */
export class Library {
  readonly #options: LibraryOptions
  readonly #open = new Map<string, Promise<Document>>()
  readonly #sessionApps = new Map<string, Document>()

  constructor(options: LibraryOptions) {
    this.#options = options
  }

  /** What one user's connections can reach. */
  hostFor(user: User): QixHost {
    return {
      user: { user: user.id, groups: user.groups },
      listDocuments: async () => {
        const stored = await this.#options.store.list()
        return stored.map(({ id, bytes, modified }) => ({
          id,
          title: id,
          bytes,
          modified: new Date(modified).toISOString(),
        }))
      },
      openDocument: (id) => orUndefined(this.#openDocument(id)),
      sessionDocument: (name) => this.#sessionDocument(user, name ?? `SessionApp_${randomUUID()}`),
      createDocument: (title) => this.#createDocument(title),
      deleteDocument: async (id) => {
        this.#open.delete(id)
        return (await orUndefined(this.#options.store.delete(id).then(() => true))) ?? false
      },
      saveDocument: (document) => this.#options.store.write(document.id, saveDocument(document)),
    }
  }

  #openDocument(id: string): Promise<Document> {
    let opening = this.#open.get(id)
    if (opening === undefined) {
      opening = this.#options.store
        .read(id)
        .then((bytes) => openDocument(bytes, { id, ...this.#reading() }))
      this.#open.set(id, opening)
      opening.catch(() => this.#open.delete(id))
    }
    return opening
  }

  #sessionDocument(user: User, name: string): Document {
    const key = `${user.id}\n${name}`
    let document = this.#sessionApps.get(key)
    if (document === undefined) {
      const own = [...this.#sessionApps.keys()].filter((other) =>
        other.startsWith(`${user.id}\n`),
      ).length
      if (own >= this.#options.maxSessionApps)
        throw new LichenError(
          'budget-exceeded',
          `A user has at most ${this.#options.maxSessionApps} session apps`,
        )
      document = new Document({ id: name, ...this.#reading() })
      this.#sessionApps.set(key, document)
    }
    return document
  }

  async #createDocument(title: string): Promise<Document> {
    const taken = await this.#options.store.list()
    if (this.#open.has(title) || taken.some(({ id }) => id === title))
      throw new LichenError('already-exists', 'An app of that name exists already')
    const document = new Document({ id: title, title, ...this.#reading() })
    await this.#options.store.write(title, saveDocument(document))
    this.#open.set(title, Promise.resolve(document))
    return document
  }

  #reading(): { readonly reader?: TableReader } {
    return this.#options.reader === undefined ? {} : { reader: this.#options.reader }
  }
}

/** What is not there is undefined; every other failure stays one. */
async function orUndefined<Found>(finding: Promise<Found>): Promise<Found | undefined> {
  try {
    return await finding
  } catch (error) {
    if (error instanceof LichenError && error.code === 'not-found') return undefined
    throw error
  }
}
