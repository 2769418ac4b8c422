import type { Document, JsonObject, StoredObject } from '../app/document.ts'
import { objectNotFound, QixError } from './error-codes.ts'
import { isObject, objectAt, objectsAt, textAt } from './json.ts'
import { applyPatches, type Patch } from './patch.ts'

/** How deep an object may extend others or hold children. */
const maxDepth = 32

/**
 * The generic objects as one connection sees them: those of the document and, before them, its own session objects and soft patches.
 * Changes of shared objects are told to the document, changes of session objects to `touched`.
 */
export class ObjectStore {
  readonly #document: Document
  readonly #own = new Map<string, StoredObject>()
  readonly #softPatches = new Map<string, readonly Patch[]>()
  readonly #touched: (ids: readonly string[], kind: StoredObject['kind']) => void

  constructor(
    document: Document,
    touched: (ids: readonly string[], kind: StoredObject['kind']) => void,
  ) {
    this.#document = document
    this.#touched = touched
  }

  find(id: string): StoredObject | undefined {
    return this.#own.get(id) ?? this.#document.objects.get(id)
  }

  /** @throws QixError `not-found` */
  get(id: string, kind: StoredObject['kind'] = 'object'): StoredObject {
    const object = this.find(id)
    if (object === undefined || object.kind !== kind) throw objectNotFound(id)
    return object
  }

  isSession(id: string): boolean {
    return this.#own.has(id)
  }

  hasSoftPatches(id: string): boolean {
    return this.#softPatches.has(id)
  }

  /** Objects shared by all, then the session's own. */
  all(kind: StoredObject['kind'], includeSession: boolean = false): readonly StoredObject[] {
    const shared = [...this.#document.objects.values()].filter((object) => object.kind === kind)
    return includeSession ? [...shared, ...this.#own.values()] : shared
  }

  /** Creates an object from its properties; an id given in `qInfo` is kept. @throws QixError `already-exists` */
  create(
    properties: JsonObject,
    options: {
      readonly kind?: StoredObject['kind']
      readonly session?: boolean
      readonly parent?: string
    } = {},
  ): StoredObject {
    const { kind = 'object', session = false, parent } = options
    const info = objectAt(properties, 'qInfo')
    const id = textAt(info, 'qId') || this.#freshId(kind)
    if (this.find(id) !== undefined)
      throw new QixError('already-exists', 'An object of that id exists already', id)
    const qType = textAt(info, 'qType') ?? kind
    const object: StoredObject = {
      id,
      kind,
      properties: { ...properties, qInfo: { ...info, qId: id, qType } },
      parent,
      children: [],
    }
    this.#put(object, session)
    if (parent !== undefined) this.#setChildren(parent, [...this.get(parent).children, id])
    this.#tell(object, session)
    return object
  }

  /** Removes an object and everything below it; returns whether it was there. */
  destroy(id: string): boolean {
    const object = this.find(id)
    if (object === undefined) return false
    for (const child of object.children) this.destroy(child)
    if (object.parent !== undefined && this.find(object.parent) !== undefined) {
      this.#setChildren(
        object.parent,
        this.get(object.parent).children.filter((child) => child !== id),
      )
    }
    this.#softPatches.delete(id)
    const session = this.#own.delete(id)
    if (!session) this.#document.objects.delete(id)
    this.#tell(object, session)
    return true
  }

  /** Replaces the properties; `qInfo` stays what it was. */
  setProperties(id: string, properties: JsonObject): void {
    const object = this.#any(id)
    const qInfo = object.properties.qInfo ?? {}
    this.#put({ ...object, properties: { ...properties, qInfo } }, this.isSession(id))
    this.#tell(object, this.isSession(id))
  }

  reorderChildren(id: string, ids: readonly string[]): void {
    const object = this.get(id)
    const { children } = object
    if (ids.length !== children.length || !ids.every((child) => children.includes(child))) {
      throw new QixError('invalid-params', 'qIds must name every child once', 'qIds')
    }
    this.#setChildren(id, ids)
    this.#tell(object, this.isSession(id))
  }

  patch(id: string, patches: readonly Patch[], soft: boolean): void {
    if (!soft) {
      this.setProperties(id, applyPatches(this.#any(id).properties, patches))
      return
    }
    const all = [...(this.#softPatches.get(id) ?? []), ...patches]
    applyPatches(this.#extended(this.get(id), 0), all)
    this.#softPatches.set(id, all)
    this.#touched([id], 'object')
  }

  clearSoftPatches(id: string): void {
    if (this.#softPatches.delete(id)) this.#touched([id], 'object')
  }

  /** What the object shows by: extended properties, its own over them, soft patches over all. */
  effective(id: string): JsonObject {
    const extended = this.#extended(this.get(id), 0)
    const patches = this.#softPatches.get(id)
    return patches === undefined ? extended : applyPatches(extended, patches)
  }

  /** Properties of an object and all below it, as GenericObjectEntry. */
  tree(id: string): JsonObject {
    const object = this.get(id)
    return {
      qProperty: object.properties,
      qChildren: object.children.map((child) => this.tree(child)),
      qEmbeddedSnapshotRef: null,
    }
  }

  /** Makes the object and its children what the entry says; children are created anew unless they keep their id. */
  setTree(id: string, entry: JsonObject, depth: number = 0): void {
    if (depth > maxDepth)
      throw new QixError('invalid-params', `Objects nest at most ${maxDepth} deep`, 'qPropEntry')
    const property = objectAt(entry, 'qProperty')
    if (property !== undefined) this.setProperties(id, property)
    for (const child of this.get(id).children) this.destroy(child)
    for (const child of objectsAt(entry, 'qChildren')) {
      const created = this.create(objectAt(child, 'qProperty') ?? {}, {
        session: this.isSession(id),
        parent: id,
      })
      this.setTree(created.id, { qChildren: objectsAt(child, 'qChildren') }, depth + 1)
    }
  }

  #any(id: string): StoredObject {
    const object = this.find(id)
    if (object === undefined) throw objectNotFound(id)
    return object
  }

  #extended(object: StoredObject, depth: number): JsonObject {
    const extendsId = textAt(object.properties, 'qExtendsId')
    const base = extendsId === undefined || extendsId === '' ? undefined : this.find(extendsId)
    if (base === undefined || depth >= maxDepth) return object.properties
    return overlay(this.#extended(base, depth + 1), object.properties)
  }

  #put(object: StoredObject, session: boolean): void {
    if (session) this.#own.set(object.id, object)
    else this.#document.objects.set(object.id, object)
  }

  #setChildren(id: string, children: readonly string[]): void {
    this.#put({ ...this.get(id), children }, this.isSession(id))
  }

  /** A parent lists its children, and so changes with them. */
  #tell({ id, kind, parent }: StoredObject, session: boolean): void {
    const ids = parent === undefined ? [id] : [id, parent]
    if (session) this.#touched(ids, kind)
    else this.#document.events.emit('content', { ids, kind })
  }

  #freshId(kind: string): string {
    let id = this.#document.newId(kind)
    while (this.#own.has(id)) id = this.#document.newId(kind)
    return id
  }
}

function overlay(base: JsonObject, over: JsonObject): JsonObject {
  const merged = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    Object.defineProperty(merged, key, {
      value: isObject(value) && isObject(below) ? overlay(below, value) : value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return merged
}
