import type { Document, ReloadOptions } from '../app/document.ts'
import type { SessionOptions } from '../app/session.ts'
import type { Identity, ViewOpener } from '../model/view.ts'

/** One app in the list of apps. */
export interface DocumentEntry {
  readonly id: string
  readonly title: string
  /** ISO 8601 times; undefined where unknown. */
  readonly modified?: string
  readonly lastReload?: string
  readonly bytes?: number
}

/**
 * The apps one user may reach. Whoever accepts a connection makes a host for its user, so that every answer is already theirs;
 * what the user may not see is answered like what does not exist.
 */
export interface QixHost {
  readonly user: Identity
  /** Opens the views of the user; everything is visible when absent. */
  readonly opener?: ViewOpener
  readonly limits?: SessionOptions['limits']
  /** Shown by `Global.EngineVersion` and the like. */
  readonly version?: string
  /** How a reload runs for this user, over and above what the connection adds. */
  readonly reload?: Pick<ReloadOptions, 'user'>
  listDocuments(): readonly DocumentEntry[] | Promise<readonly DocumentEntry[]>
  /** undefined when there is no such app for this user. */
  openDocument(id: string): Document | undefined | Promise<Document | undefined>
  /** The session app of that name, made if need be; without a name a new one with an id nobody else has. */
  sessionDocument(name?: string): Document | Promise<Document>
  /** @throws LichenError `already-exists`, `access-denied` */
  createDocument(title: string): Document | Promise<Document>
  /** Whether there was one. @throws LichenError `access-denied` */
  deleteDocument(id: string): boolean | Promise<boolean>
  /** @throws LichenError `access-denied` */
  saveDocument(document: Document): void | Promise<void>
}

/** What a connection is opened on. */
export type ConnectionTarget =
  | { readonly kind: 'global' }
  | { readonly kind: 'app'; readonly id: string }
  | { readonly kind: 'session-app'; readonly name: string }
