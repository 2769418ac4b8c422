import { tokenOf } from '../base/cancellation.ts'
import { LichenError } from '../base/errors.ts'
import type { Diagnostic } from '../expression/ast.ts'
import { checkExpression } from '../expression/check.ts'
import type { CubeCell, CubeDimensionInfo, CubeMeasureInfo } from '../hypercube/cube.ts'
import type {
  CubeDefinition,
  CubeDimension,
  CubeMeasure,
  SortCriteria,
} from '../hypercube/definition.ts'
import { computeList, type ListDefinition, type ListRow } from '../hypercube/list-object.ts'
import { type StateCounts, type ValueState, valueStates } from '../inference/inference.ts'
import { type MemoryReport, modelMemory } from '../model/memory.ts'
import type { ModelView } from '../model/view.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { textOf } from '../value/text-of.ts'
import { Document, type DocumentOptions, type ReloadOptions } from './document.ts'
import { Session, type SessionOptions } from './session.ts'
import type { ArrowTableInput, TableInput } from './tables.ts'

export type TablesInput = Readonly<Record<string, TableInput>>

/** The field names of the tables given, as a union; any string for Arrow tables and scripts. */
export type FieldNames<Tables extends TablesInput> = {
  [Name in keyof Tables]: Tables[Name] extends ArrowTableInput
    ? string
    : Tables[Name] extends readonly (infer Row)[]
      ? Extract<keyof Row, string>
      : Extract<keyof Tables[Name], string>
}[keyof Tables]

export interface CreateFromTables<Tables extends TablesInput>
  extends Partial<DocumentOptions>,
    SessionOptions {
  readonly tables: Tables
}

export interface CreateFromScript extends Partial<DocumentOptions>, SessionOptions, SignalOption {
  readonly script: string
  readonly onProgress?: ReloadOptions['onProgress']
}

export interface SignalOption {
  /** Structurally an AbortSignal. */
  readonly signal?: { readonly aborted: boolean }
}

/** Text and number of a value; both null for NULL. */
export interface EvaluatedValue {
  readonly text: string | null
  readonly number: number | null
}

/** What the user of a list box can tell about one value. */
export interface FieldValue {
  readonly text: string
  /** null where the value is text. */
  readonly number: number | null
  readonly state: ValueState
}

/** Values to select: texts or numbers, as they show. */
export type ValueInput = string | number

export interface CubeOptions<Field extends string = string> {
  /** Field names, expressions with a leading `=`, or full definitions. */
  readonly dimensions?: readonly (Field | `=${string}` | CubeDimension)[]
  readonly measures?: readonly (string | CubeMeasure)[]
  /** By priority; columns not named follow in their order. */
  readonly sort?: readonly CubeSort[]
  readonly suppressZero?: boolean
  readonly suppressMissing?: boolean
  readonly state?: string
  readonly condition?: string
}

/** Sorts by a dimension (0-based) or a measure (0-based). */
export type CubeSort =
  | {
      readonly dimension: number
      readonly by?: 'numeric' | 'text' | 'load' | 'state' | 'frequency'
      readonly order?: 'ascending' | 'descending'
    }
  | {
      readonly dimension: number
      readonly by: 'expression'
      readonly expression: string
      readonly order?: 'ascending' | 'descending'
    }
  | { readonly measure: number; readonly order?: 'ascending' | 'descending' }

/** A computed table, plain data. */
export interface CubeResult {
  readonly rows: number
  readonly dimensions: readonly CubeDimensionInfo[]
  readonly measures: readonly CubeMeasureInfo[]
  readonly totals: readonly CubeCell[]
  page(top?: number, height?: number): CubeCell[][]
}

/** Opens an app over tables in memory, ready at once. @throws LichenError `invalid-argument` */
export function createApp<const Tables extends TablesInput>(
  options: CreateFromTables<Tables>,
): App<FieldNames<Tables>>
/** Opens an app by running a load script. @throws ScriptError */
export function createApp(options: CreateFromScript): Promise<App>
export function createApp(
  options: CreateFromTables<TablesInput> | CreateFromScript,
): App | Promise<App> {
  const document = new Document({ ...options, id: options.id ?? 'app' })
  if ('script' in options) {
    document.script = options.script
    return document
      .reload({
        cancellation: tokenOf(options.signal),
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      })
      .then(() => new App(document, options))
  }
  document.loadTables(options.tables)
  return new App(document, options)
}

/** One user's app in the host's own words: synchronous, plain data. */
export class App<Field extends string = string> {
  readonly document: Document
  readonly session: Session

  constructor(document: Document, options: SessionOptions = {}) {
    this.document = document
    this.session = new Session(document, options)
  }

  /** Field names of the model, system fields apart. */
  get fields(): readonly Field[] {
    return this.session.view.fields
      .filter((field) => !field.system)
      .map((field) => field.name as Field)
  }

  /** @throws LichenError `field-not-found` */
  field(name: Field, state?: string): AppField {
    return new AppField(this.session, this.session.field(name).name, state)
  }

  addState(name: string): void {
    this.session.addState(name)
  }

  removeState(name: string): void {
    this.session.removeState(name)
  }

  get states(): readonly string[] {
    return this.session.states
  }

  /** One step back in the history of selections; `false` at its start. */
  back(): boolean {
    return this.session.back()
  }

  forward(): boolean {
    return this.session.forward()
  }

  /** Clears the selections of one state or of all; locked fields stay. */
  clear(state?: string): void {
    this.session.clearAll(state === undefined ? {} : { state })
  }

  setVariable(name: string, definition: string): void {
    const known = this.document.variables.get(name)
    this.document.variables.set(name, {
      id: known?.id ?? this.document.newId('variable'),
      name,
      definition,
      comment: known?.comment ?? '',
      fromScript: false,
    })
    this.document.events.emit('content', { ids: [name] })
  }

  /** The raw definition of a variable. */
  variable(name: string): string | undefined {
    return this.document.variables.get(name)?.definition
  }

  /** Remembers the selections of all states by value; returns the bookmark's id. */
  createBookmark(title: string): string {
    const id = this.document.newId('bookmark')
    this.document.bookmarks.set(id, {
      id,
      title,
      properties: {},
      selections: this.session.capture(),
    })
    return id
  }

  /** @throws LichenError `not-found` */
  applyBookmark(idOrTitle: string): void {
    const bookmark = [...this.document.bookmarks.values()].find(
      ({ id, title }) => id === idOrTitle || title === idOrTitle,
    )
    if (bookmark === undefined)
      throw new LichenError('not-found', `There is no bookmark "${idOrTitle}"`)
    this.session.restore(bookmark.selections)
  }

  /** A chart expression without dimensions. @throws ExpressionError */
  evaluate(
    expression: string,
    options: SignalOption & { readonly state?: string } = {},
  ): EvaluatedValue {
    return evaluated(
      this.session.evaluate(expression, options.state, tokenOf(options.signal)),
      this.session.view,
    )
  }

  /** What is wrong with an expression, with places in its text; empty when it can be evaluated. */
  check(expression: string): readonly Diagnostic[] {
    return checkExpression(expression, this.session.environment())
  }

  /** A table over the possible records that follows the selections: read it again after a change, or subscribe. */
  cube(options: CubeOptions<Field>): AppCube {
    return new AppCube(this.session, cubeDefinition(options))
  }

  /** Bytes by table, field and purpose. */
  memory(): MemoryReport {
    return modelMemory(this.document.model)
  }

  /** Runs a script (the present one when none is given); on failure the old data stays. @throws ScriptError */
  async reload(
    script?: string,
    options: SignalOption & Pick<ReloadOptions, 'onProgress'> = {},
  ): Promise<void> {
    const before = this.document.script
    if (script !== undefined) this.document.script = script
    try {
      await this.document.reload({
        cancellation: tokenOf(options.signal),
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      })
    } catch (error) {
      this.document.script = before
      throw error
    }
  }

  /** Called after every change of selections or data; returns the way to stop. */
  subscribe(listener: () => void): () => void {
    return this.session.events.on('selections', listener)
  }

  close(): void {
    this.session.close()
  }
}

/** One field in one alternate state. Survives reloads: it holds the name. Methods that select return `false` when a lock refused. */
export class AppField {
  readonly name: string
  readonly #session: Session
  readonly #state: string | undefined

  constructor(session: Session, name: string, state: string | undefined) {
    this.#session = session
    this.name = name
    this.#state = state
  }

  get #index(): number {
    return this.#session.field(this.name).index
  }

  /** Replaces the selection by these values; those the field does not have are passed over, and `false` if it has none of them. */
  select(values: readonly ValueInput[]): boolean {
    return this.#choose(values, 'replace')
  }

  toggle(values: readonly ValueInput[]): boolean {
    return this.#choose(values, 'toggle')
  }

  /** Selects every value the list-box search finds. */
  selectSearch(search: string): boolean {
    return this.#session.selectSearch(this.#index, search, 'replace', this.#state)
  }

  /** The values the search finds, in load order. */
  search(search: string): readonly FieldValue[] {
    const found = this.#session.search(this.#index, search, this.#state)
    return Array.from(found.toArray(), (symbol) => this.#value(symbol))
  }

  selectAll(): boolean {
    return this.#session.selectGroup(this.#index, 'all', this.#state)
  }

  selectPossible(): boolean {
    return this.#session.selectGroup(this.#index, 'possible', this.#state)
  }

  selectAlternative(): boolean {
    return this.#session.selectGroup(this.#index, 'alternative', this.#state)
  }

  selectExcluded(): boolean {
    return this.#session.selectGroup(this.#index, 'excluded', this.#state)
  }

  clear(): boolean {
    return this.#session.clear(this.#index, this.#state)
  }

  clearOthers(): boolean {
    return this.#session.clearOthers(this.#index, this.#state)
  }

  lock(): boolean {
    return this.#session.lock(this.#index, this.#state)
  }

  unlock(): boolean {
    return this.#session.unlock(this.#index, this.#state)
  }

  /** Every value with its state, in load order. */
  values(): readonly FieldValue[] {
    return Array.from({ length: this.#session.field(this.name).symbols.count }, (_, symbol) =>
      this.#value(symbol),
    )
  }

  counts(): StateCounts {
    return this.#session.inference(this.#state).counts(this.#index)
  }

  /** Sorted and searched rows with frequencies, as a list box pages through them. */
  list(
    options: Omit<ListDefinition, 'field'> & {
      readonly top?: number
      readonly height?: number
    } = {},
  ): readonly ListRow[] {
    const { top = 0, height = 10_000, ...definition } = options
    return computeList(
      { field: this.name, ...definition },
      this.#session.environment(this.#state),
    ).page(top, height)
  }

  #choose(values: readonly ValueInput[], mode: 'replace' | 'toggle'): boolean {
    const { index, symbols } = this.#session.field(this.name)
    const wanted = new Set(values.map((value) => symbolOf(symbols, value)))
    wanted.delete(-1)
    return wanted.size > 0 && this.#session.select(index, wanted, mode, this.#state)
  }

  #value(symbol: number): FieldValue {
    const { index, symbols } = this.#session.field(this.name)
    const number = symbols.numberAt(symbol)
    const state =
      valueStates[this.#session.inference(this.#state).states(index)[symbol] ?? 0] ?? 'optional'
    return { text: symbols.textAt(symbol), number: Number.isNaN(number) ? null : number, state }
  }
}

/** A number is found by number; a text by what the field shows, whether or not the value has a number too. */
function symbolOf(
  symbols: { readonly count: number; find(value: Value): number; textAt(symbol: number): string },
  value: ValueInput,
): number {
  const exact = symbols.find(value)
  if (exact !== -1 || typeof value === 'number') return exact
  for (let symbol = 0; symbol < symbols.count; symbol++)
    if (symbols.textAt(symbol) === value) return symbol
  return -1
}

/** A live table: `read` computes it for the selections of the moment. */
export class AppCube {
  readonly #session: Session
  readonly definition: CubeDefinition

  constructor(session: Session, definition: CubeDefinition) {
    this.#session = session
    this.definition = definition
  }

  /** The whole table; cells are made for the pages asked for. @throws LichenError `budget-exceeded`, `cancelled` */
  read(options: SignalOption = {}): CubeResult {
    const cube = this.#session.cube(this.definition, tokenOf(options.signal))
    return {
      rows: cube.rows,
      dimensions: cube.dimensions,
      measures: cube.measures,
      totals: cube.totals,
      page: (top = 0, height = 10_000) => cube.page(0, top, cube.columns, height),
    }
  }

  /** Rows of cells from `top` on. */
  page(top: number = 0, height: number = 10_000): CubeCell[][] {
    return this.read().page(top, height)
  }

  /** Hands over the table now and after every change; returns the way to stop. */
  subscribe(listener: (result: CubeResult) => void): () => void {
    listener(this.read())
    return this.#session.events.on('selections', () => listener(this.read()))
  }
}

function evaluated(value: Value, view: ModelView): EvaluatedValue {
  const number = numberOf(value)
  return { text: textOf(value, view.settings), number: Number.isNaN(number) ? null : number }
}

function cubeDefinition(options: CubeOptions): CubeDefinition {
  const dimensions = (options.dimensions ?? []).map(
    (given): CubeDimension => (typeof given === 'string' ? { definition: given } : given),
  )
  const measures = (options.measures ?? []).map(
    (given): CubeMeasure => (typeof given === 'string' ? { definition: given } : given),
  )
  const order: number[] = []
  for (const sort of options.sort ?? []) {
    const direction = sort.order === 'descending' ? -1 : 1
    if ('measure' in sort) {
      const measure = measures[sort.measure]
      if (measure === undefined)
        throw new LichenError(
          'invalid-argument',
          `sort names measure ${sort.measure}, there are ${measures.length}`,
        )
      measures[sort.measure] = { ...measure, sort: { numeric: direction } }
      order.push(dimensions.length + sort.measure)
      continue
    }
    const dimension = dimensions[sort.dimension]
    if (dimension === undefined)
      throw new LichenError(
        'invalid-argument',
        `sort names dimension ${sort.dimension}, there are ${dimensions.length}`,
      )
    dimensions[sort.dimension] = { ...dimension, sort: criteria(sort, direction) }
    order.push(sort.dimension)
  }
  for (let column = 0; column < dimensions.length + measures.length; column++)
    if (!order.includes(column)) order.push(column)
  const { suppressZero, suppressMissing, state, condition } = options
  return {
    dimensions,
    measures,
    columnSortOrder: order,
    ...(suppressZero === undefined ? {} : { suppressZero }),
    ...(suppressMissing === undefined ? {} : { suppressMissing }),
    ...(state === undefined ? {} : { state }),
    ...(condition === undefined ? {} : { condition }),
  }
}

function criteria(
  sort: Extract<CubeSort, { readonly dimension: number }>,
  direction: 1 | -1,
): SortCriteria {
  switch (sort.by) {
    case 'expression':
      return { expression: { text: sort.expression, direction } }
    case 'load':
      return { loadOrder: direction }
    case 'text':
      return { text: direction }
    case 'state':
      return { state: direction }
    case 'frequency':
      return { frequency: direction }
    default:
      return { numeric: direction, text: direction }
  }
}
