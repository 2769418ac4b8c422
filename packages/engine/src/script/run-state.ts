import { type CancellationToken, neverCancelled } from '../base/cancellation.ts'
import { LichenError } from '../base/errors.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import type { RowReader } from '../expression/row-evaluator.ts'
import type { Allocator } from '../storage/allocator.ts'
import { DataSpace, type TableBuilder } from '../storage/table-builder.ts'
import { settingsFromVariables } from '../value/format-variables.ts'
import { matchesWildcard } from '../value/wildcard.ts'
import type { AppData } from './app-data.ts'
import type { ScriptBuffers } from './buffers.ts'
import type { Connections } from './connection.ts'
import type { Derivation, FieldDefinition } from './field-definition.ts'
import { ScriptFiles } from './files.ts'
import { Lineage } from './lineage.ts'
import type { MappingTable } from './mapping-table.ts'
import type { Numbering } from './numbering.ts'
import type { TableReader } from './reader.ts'
import { Journal } from './reload-report.ts'
import { ScriptConnections } from './script-connections.ts'
import type { LetterCase } from './statement.ts'
import { Wildcards } from './wildcards.ts'
import type { TableWriter } from './writer.ts'

export interface ScriptLimits {
  /** Rows of one table. */
  readonly maxRows?: number
  /** Statements carried out, loops counted each time. */
  readonly maxStatements?: number
  readonly maxMilliseconds?: number
}

export interface ScriptProgress {
  /** Statements carried out so far. */
  readonly statement: number
  readonly phase: 'load' | 'statement' | 'associate'
  readonly table?: string
  /** Rows of the table so far. */
  readonly rows: number
  /** A line for people, such as `Orders << orders.csv 1,000 Lines fetched`. */
  readonly text: string
}

export interface ScriptOptions {
  readonly allocator: Allocator
  readonly reader?: TableReader
  /** For CONNECT; all that a script opens are closed when it ends. */
  readonly connections?: Connections
  /** For STORE. */
  readonly writer?: TableWriter
  /** Serial days, local time. */
  readonly clock?: { now(): number }
  readonly onProgress?: (event: ScriptProgress) => void
  readonly cancellation?: CancellationToken
  readonly logger?: Logger
  readonly limits?: ScriptLimits
  /** Variables that exist before the script runs. */
  readonly variables?: ReadonlyMap<string, string>
  readonly user?: string
  readonly computerName?: string
  /** 0 ≤ r < 1. */
  readonly random?: () => number
  /** The data the app has: a partial reload begins with it, and `BINARY;` loads it. */
  readonly present?: AppData
  /** Carry out the statements of a partial reload only. */
  readonly partial?: boolean
  /** For EXECUTE, which is refused without it. */
  readonly execute?: (command: string, cancellation: CancellationToken) => Promise<void>
  /** For SLEEP, in place of the clock. */
  readonly wait?: (milliseconds: number) => Promise<void>
  /** For BUFFER, which only loads without it. */
  readonly buffers?: ScriptBuffers
  /** Told what statements take; can be read whatever becomes of the script. */
  readonly journal?: Journal
}

/** What the expressions of a LOAD see of the record they are evaluated for. */
export interface RecordPosition {
  recNo: number
  rowNo: number
  iterNo: number
  /** The record before that was not discarded; null on the first. */
  previousRow(): RowReader | null
}

/** A statement list that says for which fields something holds; the last pattern that matches decides. */
export class FieldRules {
  #rules: { readonly matches: (field: string) => boolean; readonly holds: boolean }[] = []

  set(pattern: string, quoted: boolean, holds: boolean): void {
    if (pattern === '*' && !quoted) this.#rules = []
    const wild = pattern.includes('*') || pattern.includes('?')
    this.#rules.push({
      matches: wild ? (field) => matchesWildcard(field, pattern) : (field) => field === pattern,
      holds,
    })
  }

  holds(field: string): boolean {
    for (let i = this.#rules.length - 1; i >= 0; i--)
      if (this.#rules[i]?.matches(field) === true) return this.#rules[i]?.holds ?? false
    return false
  }

  get empty(): boolean {
    return this.#rules.length === 0
  }
}

/** Everything a running script changes. */
export class RunState {
  readonly options: ScriptOptions
  /** The tables of the app. */
  readonly application: DataSpace
  /** The tables of SECTION ACCESS: other names, other values, no part of the app's data. */
  readonly access: DataSpace
  readonly variables: Map<string, string>
  readonly maps: Map<string, MappingTable> = new Map()
  readonly aliases: Map<string, string> = new Map()
  readonly qualified: FieldRules = new FieldRules()
  readonly nullAsValue: FieldRules = new FieldRules()
  /** MAP … USING: later rules first. */
  mapRules: { readonly field: (name: string) => boolean; readonly map: string | undefined }[] = []
  /** FORCE; undefined leaves text as it is. */
  letterCase: LetterCase | undefined
  readonly tags: Map<string, Set<string>> = new Map()
  readonly fieldComments: Map<string, string> = new Map()
  readonly tableComments: Map<string, string> = new Map()
  readonly loosened: Set<string> = new Set()
  readonly autoNumbers: Map<string, Map<string, number>> = new Map()
  /** Of AUTONUMBER … USING. */
  readonly numberings: Map<string, Numbering> = new Map()
  /** STAR IS; undefined for none. */
  star: string | undefined
  readonly wildcards: Wildcards = new Wildcards()
  /** Fields a search over all of them leaves out. */
  readonly unsearched: FieldRules = new FieldRules()
  readonly definitions: Map<string, FieldDefinition> = new Map()
  readonly derivations: Derivation[] = []
  /** The folder of paths that name none; empty for the host's own. */
  directory = ''
  /** ScriptError: 0 when the last statement was carried out. */
  errorCode = 0
  readonly journal: Journal
  readonly log: string[]
  readonly started: number
  lastTable: TableBuilder | undefined
  /** The table being loaded, for Peek without a table. */
  loading: TableBuilder | undefined
  /** The table the running LOAD has made, which does not count before its end. */
  newTable: TableBuilder | undefined
  readonly files: ScriptFiles
  readonly connections: ScriptConnections
  record: RecordPosition = noRecord
  readonly #lineage = new Lineage()
  readonly #lineageOfAccess = new Lineage()
  #inAccess = false
  statements = 0

  constructor(options: ScriptOptions) {
    this.options = options
    this.variables = new Map(options.variables)
    this.application = new DataSpace(options.allocator)
    this.access = new DataSpace(options.allocator)
    this.files = new ScriptFiles(options.reader)
    this.connections = new ScriptConnections(options.connections)
    this.journal = options.journal ?? new Journal()
    this.log = this.journal.log
    this.started = this.now()
    this.updateSettings()
  }

  /** Whether the script is between SECTION ACCESS and SECTION APPLICATION. */
  get inAccess(): boolean {
    return this.#inAccess
  }

  enterSection(access: boolean): void {
    this.#inAccess = access
    this.lastTable = undefined
  }

  /** The tables of the section the script is in. */
  get space(): DataSpace {
    return this.#inAccess ? this.access : this.application
  }

  get lineage(): Lineage {
    return this.#inAccess ? this.#lineageOfAccess : this.#lineage
  }

  /** The access section may read and drop tables of the app, not the other way round. */
  spaceWith(table: string): DataSpace {
    return this.space.tables.has(table) ? this.space : this.application
  }

  get cancellation(): CancellationToken {
    return this.options.cancellation ?? neverCancelled
  }

  get logger(): Logger {
    return this.options.logger ?? silentLogger
  }

  get maxRows(): number {
    return this.options.limits?.maxRows ?? defaultMaxRows
  }

  now(): number {
    return this.options.clock?.now() ?? 0
  }

  random(): number {
    return this.options.random?.() ?? Math.random()
  }

  /** The variable of that exact name, else, for system variables, without regard to case. */
  variable(name: string): string | undefined {
    return this.variables.get(name)
  }

  systemVariable(name: string): string | undefined {
    const exact = this.variables.get(name)
    if (exact !== undefined) return exact
    const lower = name.toLowerCase()
    for (const [known, value] of this.variables) if (known.toLowerCase() === lower) return value
    return undefined
  }

  setVariable(name: string, value: string | undefined): void {
    if (value === undefined) this.variables.delete(name)
    else this.variables.set(name, value)
    if (formatVariables.has(name.toLowerCase())) this.updateSettings()
  }

  updateSettings(): void {
    const settings = settingsFromVariables((name) => this.systemVariable(name))
    this.application.settings = settings
    this.access.settings = settings
  }

  table(name: string): TableBuilder {
    const table = this.space.tables.get(name)
    if (table === undefined)
      throw new LichenError(
        'table-not-found',
        `There is no table "${name}"; tables so far: ${listOf(this.space.tables.keys())}`,
      )
    return table
  }

  /** @throws LichenError `cancelled`, `budget-exceeded` */
  checkTime(): void {
    if (this.cancellation.cancelled) throw new LichenError('cancelled', 'The reload was cancelled')
    const limit = this.options.limits?.maxMilliseconds
    if (limit !== undefined && (this.now() - this.started) * 86_400_000 > limit)
      throw new LichenError('budget-exceeded', `The script ran longer than ${limit} ms`)
  }

  checkRows(rows: number, table: string): void {
    if (rows > this.maxRows)
      throw new LichenError(
        'budget-exceeded',
        `Table "${table}" would have more than ${this.maxRows} rows; load less or raise maxRows`,
      )
  }

  report(phase: ScriptProgress['phase'], text: string, rows: number, table?: string): void {
    this.options.onProgress?.({
      statement: this.statements,
      phase,
      rows,
      text,
      ...(table === undefined ? {} : { table }),
    })
  }
}

const defaultMaxRows = 200_000_000

export const noRecord: RecordPosition = { recNo: 0, rowNo: 0, iterNo: 0, previousRow: () => null }

const formatVariables: ReadonlySet<string> = new Set(
  [
    'ThousandSep',
    'DecimalSep',
    'MoneyThousandSep',
    'MoneyDecimalSep',
    'MoneyFormat',
    'TimeFormat',
    'DateFormat',
    'TimestampFormat',
    'MonthNames',
    'LongMonthNames',
    'DayNames',
    'LongDayNames',
    'FirstWeekDay',
    'BrokenWeeks',
    'ReferenceDay',
    'FirstMonthOfYear',
    'CollationLocale',
    'NumericalAbbreviation',
  ].map((name) => name.toLowerCase()),
)

/** At most ten names, for messages. */
export function listOf(names: Iterable<string>): string {
  const list = [...names]
  if (list.length === 0) return 'none'
  return (
    list
      .slice(0, 10)
      .map((name) => `"${name}"`)
      .join(', ') + (list.length > 10 ? ` and ${list.length - 10} more` : '')
  )
}
