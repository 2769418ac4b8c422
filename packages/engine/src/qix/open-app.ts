import type { Document, StoredObject } from '../app/document.ts'
import { Session } from '../app/session.ts'
import type { Selections } from '../selection/selections.ts'
import type { Handles, Target } from './handles.ts'
import type { QixHost } from './host.ts'
import { ObjectStore } from './object-store.ts'

/** What was so when a modal selection began: the modal object keeps its rows and their order until it ends. */
export interface Frozen {
  readonly owner: string
  readonly selections: ReadonlyMap<string, Selections>
  /** Path of a list object → its symbols in the order shown. */
  readonly orders: Map<string, Uint32Array>
}

/** A document as one connection has it open, and what changed in it that the client does not know yet. */
export class OpenApp {
  readonly document: Document
  readonly session: Session
  readonly objects: ObjectStore
  readonly handles: Handles
  readonly isSessionApp: boolean
  /** Search text of list objects, by object id and path. */
  readonly searches: Map<string, string> = new Map()
  frozen: Frozen | undefined
  readonly #changed = new Set<number>()
  readonly #closed = new Set<number>()
  readonly #notify: () => void
  readonly #unsubscribe: readonly (() => void)[]

  constructor(
    document: Document,
    host: QixHost,
    options: {
      readonly handles: Handles
      readonly isSessionApp: boolean
      readonly notify: () => void
    },
  ) {
    const { handles, isSessionApp, notify } = options
    this.document = document
    this.isSessionApp = isSessionApp
    this.handles = handles
    this.#notify = notify
    this.session = new Session(document, {
      identity: host.user,
      ...(host.opener === undefined ? {} : { opener: host.opener }),
      ...(host.limits === undefined ? {} : { limits: host.limits }),
    })
    this.objects = new ObjectStore(document, (ids, kind) => this.contentChanged(ids, kind, false))
    this.#unsubscribe = [
      document.events.on('content', ({ ids, kind }) => this.contentChanged(ids, kind)),
      this.session.events.on('model', () => {
        this.frozen = undefined
        this.touch(() => true)
      }),
      this.session.events.on('selections', () =>
        this.touch(({ type }) => type !== 'GenericVariable' && type !== 'GenericBookmark'),
      ),
    ]
  }

  /** Reports changes of the things asked for. */
  touch(wanted: (target: Target) => boolean): void {
    for (const handle of this.handles.where(wanted)) this.#changed.add(handle)
    if (this.#changed.size > 0) this.#notify()
  }

  touchObject(id: string): void {
    this.touch((target) => target.type === 'GenericObject' && target.id === id)
  }

  /** Generic objects concern themselves, what extends them and the list of shared objects; anything else may stand in any expression. */
  contentChanged(
    ids: readonly string[],
    kind?: StoredObject['kind'],
    shared: boolean = true,
  ): void {
    this.#closeGone()
    if (kind !== 'object') {
      this.session.contentChanged()
      this.touch(() => true)
      return
    }
    const concerned = new Set(ids)
    this.touch((target) => {
      if (target.type === 'Doc' || concerned.has(target.id)) return true
      if (target.type !== 'GenericObject') return false
      const { properties } = this.objects.get(target.id)
      return (
        concerned.has(String(properties.qExtendsId ?? '')) ||
        (shared && properties.qAppObjectListDef !== undefined)
      )
    })
  }

  /** Takes what has changed since the last time, for the next message. */
  takeChanges(): { readonly change: readonly number[]; readonly close: readonly number[] } {
    const close = [...this.#closed]
    const change = [...this.#changed].filter((handle) => !this.#closed.has(handle))
    this.#changed.clear()
    this.#closed.clear()
    return { change, close }
  }

  beginModal(owner: string): void {
    const again = this.session.modalOwner === owner
    this.session.beginModal(owner)
    if (again) return
    const selections = new Map(
      this.session.states.map((state) => [state, this.session.selections(state)]),
    )
    this.frozen = { owner, selections, orders: new Map() }
    this.touchObject(owner)
  }

  /** The owner shows its rows of the moment again; the others change only when a selection is taken back. */
  endModal(accept: boolean): void {
    const { modalOwner } = this.session
    this.frozen = undefined
    this.session.endModal(accept)
    if (modalOwner !== undefined) this.touchObject(modalOwner)
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.session.close()
  }

  #closeGone(): void {
    for (const handle of this.handles.where((target) => !this.#exists(target))) {
      const target = this.handles.get(handle)
      if (target !== undefined && this.session.modalOwner === target.id) this.endModal(true)
      this.handles.close(handle)
      this.#closed.add(handle)
    }
    if (this.#closed.size > 0) this.#notify()
  }

  #exists(target: Target): boolean {
    switch (target.type) {
      case 'Doc':
      case 'Field':
        return true
      case 'GenericVariable':
        return this.#variableIds().has(target.id)
      case 'GenericBookmark':
        return this.document.bookmarks.has(target.id)
      default:
        return this.objects.find(target.id) !== undefined
    }
  }

  #variableIds(): ReadonlySet<string> {
    return new Set(
      [...this.session.variables.values(), ...this.document.variables.values()].map(({ id }) => id),
    )
  }
}
