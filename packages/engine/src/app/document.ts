import type { CancellationToken } from '../base/cancellation.ts'
import { neverCancelled } from '../base/cancellation.ts'
import { Emitter } from '../base/emitter.ts'
import { LichenError, type SourceText } from '../base/errors.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import { buildModel } from '../model/build-model.ts'
import type { Model } from '../model/model.ts'
import type { ScriptBuffers } from '../script/buffers.ts'
import type { Connections } from '../script/connection.ts'
import { runScript, type ScriptOptions, type ScriptProgress } from '../script/interpreter.ts'
import type { FieldLineage } from '../script/lineage.ts'
import type { TableReader } from '../script/reader.ts'
import { Journal, type ReloadReport } from '../script/reload-report.ts'
import type { SectionAccess } from '../script/section-access.ts'
import type { TableWriter } from '../script/writer.ts'
import type { CapturedSelections } from '../selection/bookmarks.ts'
import { type Allocator, type AllocatorOptions, createAllocator } from '../storage/allocator.ts'
import { DataSpace } from '../storage/table-builder.ts'
import { defaultFormatSettings, type FormatSettings } from '../value/format-settings.ts'
import { sourceTable, type TableInput } from './tables.ts'

/** A JSON value, as object properties are made of. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** A named definition that expressions expand with `$(name)`. */
export interface Variable {
  readonly id: string
  readonly name: string
  readonly definition: string
  readonly comment: string
  readonly fromScript: boolean
}

/** Selections remembered by value, so that they survive a reload. */
export interface Bookmark {
  readonly title: string
  readonly id: string
  readonly properties: JsonObject
  readonly selections: CapturedStates
}

/** State name → what was selected there. */
export type CapturedStates = Readonly<Record<string, CapturedSelections>>

/** A generic object, master dimension or master measure: its properties and its place in the tree. */
export interface StoredObject {
  readonly id: string
  readonly kind: 'object' | 'dimension' | 'measure'
  readonly properties: JsonObject
  readonly parent: string | undefined
  readonly children: readonly string[]
}

export interface DocumentEvents {
  /** The data changed: sessions reopen their views. */
  model: { readonly generation: number }
  /** Objects, variables, bookmarks or properties changed; the ids concerned. */
  content: {
    readonly ids: readonly string[]
    /** Set when only generic objects of this kind changed. */
    readonly kind?: StoredObject['kind']
  }
}

export interface DocumentOptions {
  readonly id: string
  readonly title?: string
  readonly memory?: AllocatorOptions
  readonly reader?: TableReader
  /** For CONNECT and SELECT. */
  readonly connections?: Connections
  /** For STORE. */
  readonly writer?: TableWriter
  /** For BUFFER. */
  readonly buffers?: ScriptBuffers
  /** For EXECUTE, which is refused without it. */
  readonly execute?: ScriptOptions['execute']
  /** Of the computer the engine runs on, for ComputerName(). */
  readonly computerName?: string
  readonly logger?: Logger
  /** Serial days, local time. */
  readonly clock?: { now(): number }
}

export interface ReloadOptions {
  /** For CONNECT and SELECT, in place of those of the document. */
  readonly connections?: Connections
  readonly onProgress?: (event: ScriptProgress) => void
  readonly cancellation?: CancellationToken
  readonly user?: string
  /** Keep the tables there are, and carry out what the script has for a partial reload. */
  readonly partial?: boolean
}

/**
 * One app's content, shared by all its sessions: the model, the script and everything authors made. Knows no user and no selection.
 */
export class Document {
  readonly id: string
  title: string
  script: string
  readonly events: Emitter<DocumentEvents> = new Emitter()
  readonly variables: Map<string, Variable> = new Map()
  readonly objects: Map<string, StoredObject> = new Map()
  readonly bookmarks: Map<string, Bookmark> = new Map()
  readonly clock: { now(): number }
  readonly logger: Logger
  #model: Model
  #sectionAccess: SectionAccess = []
  #lineage: readonly FieldLineage[] = []
  #generation = 0
  #reloading = false
  #lastReload: number | undefined
  #report: ReloadReport | undefined
  #nextId = 1
  /** Eight letters and digits that other documents do not have. */
  readonly #idSeries: string = Math.random().toString(36).slice(2, 10).padEnd(8, '0')
  readonly #memory: AllocatorOptions
  readonly #execute: ScriptOptions['execute']
  reader: TableReader | undefined
  connections: Connections | undefined
  writer: TableWriter | undefined
  buffers: ScriptBuffers | undefined
  readonly computerName: string | undefined

  constructor(options: DocumentOptions) {
    this.id = options.id
    this.title = options.title ?? options.id
    this.script = ''
    this.clock = options.clock ?? systemClock
    this.logger = options.logger ?? silentLogger
    this.reader = options.reader
    this.connections = options.connections
    this.writer = options.writer
    this.buffers = options.buffers
    this.#execute = options.execute
    this.computerName = options.computerName
    this.#memory = options.memory ?? {}
    this.#model = emptyModel(createAllocator(this.#memory))
  }

  get model(): Model {
    return this.#model
  }

  /** Who may see what of the data, as the script loaded it; no session opens while nothing here applies it. */
  get sectionAccess(): SectionAccess {
    return this.#sectionAccess
  }

  get generation(): number {
    return this.#generation
  }

  /** Serial days of the last successful reload; undefined before the first. */
  get lastReload(): number | undefined {
    return this.#lastReload
  }

  /** What the last reload did, also when it failed or was cancelled; undefined before the first. */
  get reloadReport(): ReloadReport | undefined {
    return this.#report
  }

  get reloading(): boolean {
    return this.#reloading
  }

  /**
   * A fresh identifier, unique in this document and, but for a rare accident, among all documents:
   * clients keep what they know of objects by id, also when they go from one engine to another.
   */
  newId(prefix: string): string {
    let id: string
    do id = `${prefix}-${this.#idSeries}-${this.#nextId++}`
    while (this.objects.has(id) || this.variables.has(id) || this.bookmarks.has(id))
    return id
  }

  /** Replaces the data by a finished model, such as one opened from a snapshot. */
  useModel(model: Model, sectionAccess: SectionAccess = []): void {
    this.#model = model
    this.#sectionAccess = sectionAccess
    this.#lineage = []
    this.#generation += 1
    this.#lastReload = this.clock.now()
    this.events.emit('model', { generation: this.#generation })
  }

  /** Replaces the data by tables the host has in memory. @throws LichenError `invalid-argument`, `memory-budget-exceeded` */
  loadTables(tables: Readonly<Record<string, TableInput>>): void {
    const allocator = createAllocator(this.#memory)
    const space = new DataSpace(allocator, defaultFormatSettings)
    for (const name of Object.keys(tables)) {
      const input = tables[name]
      if (input === undefined) continue
      const source = sourceTable(name, input)
      const table = space.createTable(name, source.fields)
      table.appendBatch(
        source.batch,
        source.fields.map((_, index) => index),
      )
    }
    this.useModel(buildModel(space, { settings: defaultFormatSettings }))
  }

  /**
   * Runs the script, or what it has for a partial reload over the tables there are; on success the new data replaces the old, otherwise
   * the old stays. A partial reload begins with the variables of the reload before it, a full one with none.
   * @throws ScriptError, LichenError `cancelled`
   */
  async reload(options: ReloadOptions = {}): Promise<readonly string[]> {
    if (this.#reloading)
      throw new LichenError(
        'already-exists',
        'A reload of this app is already running; wait for it or cancel it',
      )
    this.#reloading = true
    const { partial = false } = options
    const connections = options.connections ?? this.connections
    const journal = new Journal()
    const started = this.clock.now()
    try {
      const source: SourceText = { name: 'script', text: this.script }
      const result = await runScript(source, {
        journal,
        allocator: createAllocator(this.#memory),
        clock: this.clock,
        cancellation: options.cancellation ?? neverCancelled,
        logger: this.logger,
        present: {
          model: this.#model,
          sectionAccess: this.#sectionAccess,
          lineage: this.#lineage,
        },
        ...(partial ? { partial, variables: this.#scriptVariables() } : {}),
        ...(this.buffers === undefined ? {} : { buffers: this.buffers }),
        ...(this.#execute === undefined ? {} : { execute: this.#execute }),
        ...(this.reader === undefined ? {} : { reader: this.reader }),
        ...(connections === undefined ? {} : { connections }),
        ...(this.writer === undefined ? {} : { writer: this.writer }),
        ...(this.computerName === undefined ? {} : { computerName: this.computerName }),
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
        ...(options.user === undefined ? {} : { user: options.user }),
      })
      this.#takeScriptVariables(result.variables)
      this.useModel(result.model, result.sectionAccess)
      this.#lineage = journal.lineage
      this.#report = journal.report(started, this.clock.now())
      return result.log
    } catch (error) {
      this.#report = journal.report(started, this.clock.now(), error)
      throw error
    } finally {
      this.#reloading = false
    }
  }

  #scriptVariables(): ReadonlyMap<string, string> {
    const own = [...this.variables.values()].filter(({ fromScript }) => fromScript)
    return new Map(own.map(({ name, definition }) => [name, definition]))
  }

  /** Variables of the script replace those an earlier reload made; the author's own stay. */
  #takeScriptVariables(variables: ReadonlyMap<string, string>): void {
    for (const [name, variable] of this.variables)
      if (variable.fromScript && !variables.has(name)) this.variables.delete(name)
    for (const [name, definition] of variables) {
      const known = this.variables.get(name)
      this.variables.set(name, {
        id: known?.id ?? this.newId('variable'),
        name,
        definition,
        comment: known?.comment ?? '',
        fromScript: true,
      })
    }
  }
}

/** The clock of the machine, in local time, as serial days. */
export const systemClock: { now(): number } = {
  now() {
    const date = new Date()
    return (date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000 + 25_569
  },
}

/** A model without tables. */
export function emptyModel(allocator: Allocator): Model {
  const settings: FormatSettings = defaultFormatSettings
  return buildModel(new DataSpace(allocator, settings), { settings })
}
