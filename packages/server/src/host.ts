import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  type Connections,
  Document,
  type DocumentOptions,
  LichenError,
  type TableReader,
  type TableWriter,
} from '@lichen/engine'
import type { QixHost } from '@lichen/engine/qix'
import { openDocument, saveDocument } from '@lichen/engine/snapshot'
import type { AppStore } from './app-store.ts'
import type { User } from './identity.ts'

export interface LibraryOptions {
  readonly store: AppStore
  readonly reader: TableReader | undefined
  /** For CONNECT and SELECT. */
  readonly connections: Connections | undefined
  /** For STORE; without it scripts write nothing. */
  readonly writer: TableWriter | undefined
  /** Session apps of one user at most. */
  readonly maxSessionApps: number
}

interface SessionApp {
  readonly user: string
  readonly document: Document
  /** Connections that have it open. */
  uses: number
}

/** One connection's way to the documents. */
export interface LibraryAccess {
  readonly host: QixHost
  /** To be called when the connection has ended: the session apps it had open may then be dropped for others. */
  release(): void
}

/** The documents of this server: saved apps are opened once and shared by all users; session apps belong to one user. */
export class Library {
  readonly #options: LibraryOptions
  readonly #open = new Map<string, Promise<Document>>()
  /** The longest unused first. */
  readonly #sessionApps = new Map<string, SessionApp>()

  constructor(options: LibraryOptions) {
    this.#options = options
  }

  /** What a connection of that user can reach. */
  accessFor(user: User): LibraryAccess {
    const held = new Set<SessionApp>()
    const host: QixHost = {
      user: {
        user: user.id,
        groups: user.groups,
        ...(user.client === undefined ? {} : { client: user.client }),
      },
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
      sessionDocument: (name) => {
        const app = this.#sessionApp(user, name ?? `SessionApp_${randomUUID()}`)
        if (!held.has(app)) app.uses += 1
        held.add(app)
        return app.document
      },
      createDocument: (title) => this.#createDocument(title),
      deleteDocument: async (id) => {
        this.#open.delete(id)
        return (await orUndefined(this.#options.store.delete(id).then(() => true))) ?? false
      },
      saveDocument: (document) => this.#options.store.write(document.id, saveDocument(document)),
    }
    const release = (): void => {
      for (const app of held) app.uses -= 1
      held.clear()
    }
    return { host, release }
  }

  #openDocument(id: string): Promise<Document> {
    let opening = this.#open.get(id)
    if (opening === undefined) {
      opening = this.#options.store
        .read(id)
        .then((bytes) => openDocument(bytes, { id, ...this.#ports() }))
      this.#open.set(id, opening)
      opening.catch(() => this.#open.delete(id))
    }
    return opening
  }

  #sessionApp(user: User, name: string): SessionApp {
    const key = `${user.id}\n${name}`
    const known = this.#sessionApps.get(key)
    if (known === undefined) this.#makeRoom(user)
    const app = known ?? {
      user: user.id,
      document: new Document({ id: name, ...this.#ports() }),
      uses: 0,
    }
    this.#sessionApps.delete(key)
    this.#sessionApps.set(key, app)
    return app
  }

  /** Drops the user's longest unused session app when there are as many as may be. @throws LichenError `budget-exceeded` if all are in use */
  #makeRoom(user: User): void {
    const own = [...this.#sessionApps].filter(([, app]) => app.user === user.id)
    if (own.length < this.#options.maxSessionApps) return
    const unused = own.find(([, { uses }]) => uses === 0)
    if (unused === undefined)
      throw new LichenError(
        'budget-exceeded',
        `A user has at most ${this.#options.maxSessionApps} session apps open; close one first`,
      )
    this.#sessionApps.delete(unused[0])
  }

  #createDocument(title: string): Promise<Document> {
    if (this.#open.has(title)) throw nameTaken()
    const creating = this.#newDocument(title)
    this.#open.set(title, creating)
    creating.catch(() => this.#open.delete(title))
    return creating
  }

  async #newDocument(title: string): Promise<Document> {
    const taken = await this.#options.store.list()
    if (taken.some(({ id }) => id === title)) throw nameTaken()
    const document = new Document({ id: title, title, ...this.#ports() })
    await this.#options.store.write(title, saveDocument(document))
    return document
  }

  /** What scripts may reach. */
  #ports(): Pick<DocumentOptions, 'reader' | 'writer' | 'connections' | 'computerName'> {
    const { reader, writer, connections } = this.#options
    return {
      computerName: hostname(),
      ...(reader === undefined ? {} : { reader }),
      ...(writer === undefined ? {} : { writer }),
      ...(connections === undefined ? {} : { connections }),
    }
  }
}

function nameTaken(): LichenError {
  return new LichenError('already-exists', 'An app of that name exists already')
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
