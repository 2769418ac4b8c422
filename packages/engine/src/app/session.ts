import { type CancellationToken, neverCancelled } from '../base/cancellation.ts'
import { Emitter } from '../base/emitter.ts'
import { LichenError } from '../base/errors.ts'
import { deriveField } from '../expression/derived-field.ts'
import {
  defaultLimits,
  type Environment,
  type EvaluationLimits,
} from '../expression/environment.ts'
import { evaluateExpression } from '../expression/evaluate.ts'
import { rowListBytes } from '../grouping/gathered-codes.ts'
import type { Cube } from '../hypercube/cube.ts'
import type { CubeCacheOptions } from '../hypercube/cube-cache.ts'
import type { CubeDefinition } from '../hypercube/definition.ts'
import type { PivotDefinition } from '../hypercube/pivot-definition.ts'
import type { Pivot } from '../hypercube/pivot-table.ts'
import type { Inference } from '../inference/inference.ts'
import { InferenceCache, type InferenceCacheOptions } from '../inference/inference-cache.ts'
import { RowIndices, type RowIndicesOptions } from '../inference/row-indices.ts'
import { keptBytes } from '../inference/row-memory.ts'
import {
  selectAll,
  selectAlternative,
  selectExcluded,
  selectPossible,
  selectWithDrop,
} from '../inference/selecting.ts'
import { openFull } from '../model/full-view.ts'
import { type MemoryReport, modelMemory } from '../model/memory.ts'
import type { ModelField } from '../model/model.ts'
import type { Identity, ModelView, ViewOpener } from '../model/view.ts'
import { compileSearch } from '../search/search.ts'
import { searchBytes } from '../search/text-scan.ts'
import type { Selections } from '../selection/selections.ts'
import {
  addState,
  defaultState,
  removeState,
  type SelectionState,
  selectionsIn,
  withSelections,
} from '../selection/state-set.ts'
import * as transitions from '../selection/transitions.ts'
import { createAllocator } from '../storage/allocator.ts'
import { Bitset } from '../storage/bitset.ts'
import type { Value } from '../value/dual.ts'
import { bookmarkSelections, captureStates, carryOver, restoreStates } from './captured-states.ts'
import { type CapturedStates, type Document, emptyModel, type Variable } from './document.ts'
import { matchingValues } from './expression-search.ts'
import { functionPorts } from './function-ports.ts'
import { ModalHistory } from './modal-history.ts'
import { isOpenable, requireOpenable } from './opening.ts'
import { Rehearsal, type RehearsalOptions } from './rehearsal.ts'
import { type CubeReading, SessionCubes } from './session-cubes.ts'

export interface SessionEvents {
  /** Selections or states changed. */
  selections: { readonly states: readonly string[] }
  /** The view was reopened over new data. */
  model: { readonly generation: number }
  /** What expressions read beside the data changed in the document: variables or bookmarks. */
  content: object
}

export interface SessionOptions {
  readonly identity?: Identity
  readonly opener?: ViewOpener
  readonly limits?: EvaluationLimits
  /** How much of what followed from earlier selections is kept; `{ enabled: false }` keeps nothing. Answers do not depend on it. */
  readonly cache?: InferenceCacheOptions
  /** How many computed cubes are kept; as `cache` when that keeps nothing. Answers do not depend on it. */
  readonly cubes?: CubeCacheOptions
  /** When and at what cost row indices are built; see `Session.indices`. */
  readonly indices?: RowIndicesOptions
  /** What is worked out between a load and the first click, so that it is as quick as later ones. Answers do not depend on it. */
  readonly rehearsal?: RehearsalOptions
}

/** How a group of values is chosen at once. */
export type SelectGroup = 'all' | 'possible' | 'alternative' | 'excluded'

/**
 * One user at work in a document: the view, selections of all states with their history, modal selection, session variables. Holds no data.
 * Methods that select return whether the selection could be made; a locked field refuses with `false`.
 */
export class Session {
  readonly document: Document
  readonly identity: Identity
  readonly events: Emitter<SessionEvents> = new Emitter()
  readonly variables: Map<string, Variable> = new Map()
  /** Row indices that make selections quicker: built between clicks, droppable. */
  readonly indices: RowIndices
  #opened: ModelView
  readonly #opener: ViewOpener
  readonly #limits: EvaluationLimits
  readonly #history = new ModalHistory()
  readonly #inferences: InferenceCache
  readonly #cubes: SessionCubes
  readonly #rehearsal: Rehearsal
  readonly #unsubscribe: () => void

  constructor(document: Document, options: SessionOptions = {}) {
    this.document = document
    this.identity = options.identity ?? {}
    this.#opener = options.opener ?? openFull
    this.#limits = options.limits ?? defaultLimits
    this.#inferences = new InferenceCache(options.cache)
    this.#cubes = new SessionCubes(this, { enabled: this.#inferences.enabled, ...options.cubes })
    this.indices = new RowIndices(() => document.model, options.indices)
    requireOpenable(document)
    this.#opened = this.#opener.open(document.model, this.identity)
    this.#rehearsal = new Rehearsal(() => this.environment(), options.rehearsal)
    this.#rehearsal.begin()
    const stopModel = document.events.on('model', ({ generation }) => this.#reopen(generation))
    const stopContent = document.events.on('content', ({ kind }) => {
      if (kind !== 'object') this.contentChanged()
      if (kind === undefined) this.events.emit('content', {})
    })
    this.#unsubscribe = () => {
      stopModel()
      stopContent()
    }
  }

  /** @throws LichenError `section-access-unavailable` when a reload brought section access while the session was open */
  get view(): ModelView {
    requireOpenable(this.document)
    return this.#opened
  }

  /** Ends the session's ties to the document and forgets its listeners. */
  close(): void {
    this.indices.stop()
    this.#rehearsal.stop()
    this.#unsubscribe()
    this.events.clear()
  }

  /** Calls the listener after every change of what an expression may answer: selections, data, variables. Returns the way to stop. */
  onChange(listener: () => void): () => void {
    const stops = [
      this.events.on('selections', () => listener()),
      this.events.on('content', () => listener()),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }

  // States

  get states(): readonly string[] {
    return [...this.#history.current.keys()]
  }

  addState(name: string): void {
    this.#history.rewrite((state) => (state.has(name) ? state : addState(state, name)))
    this.events.emit('selections', { states: [name] })
  }

  removeState(name: string): void {
    this.#history.rewrite((state) => removeState(state, name))
    this.events.emit('selections', { states: [name] })
  }

  /** @throws LichenError `not-found` */
  selections(state: string = defaultState): Selections {
    return selectionsIn(this.#history.current, state)
  }

  inference(state: string = defaultState): Inference {
    return this.#infer(this.selections(state))
  }

  /** Bytes by table, field and purpose. */
  memory(): MemoryReport {
    const report = modelMemory(this.document.model)
    const own = {
      inferences: this.#inferences.bytes,
      cubes: this.#cubes.bytes,
      rowMemory: keptBytes() + rowListBytes(),
      search: this.view.fields.reduce((bytes, { symbols }) => bytes + searchBytes(symbols), 0),
    }
    return { ...report, usage: { ...report.usage, ...own } }
  }

  /** Whether the work between a load and the first click is still going on. */
  get isRehearsing(): boolean {
    return this.#rehearsal.isUnderWay
  }

  /** Forgets what followed from earlier selections, so that a measurement starts cold. Answers do not change. */
  forgetInferences(): void {
    this.#inferences.clear()
    this.#cubes.clear()
  }

  /** To be called by whoever changes `variables`. */
  contentChanged(): void {
    this.#cubes.contentChanged()
  }

  // Fields

  /**
   * A name with a leading `=` is an expression over the rows of one table: its values are a field too.
   * @throws LichenError `field-not-found`, ExpressionError
   */
  field(name: string): ModelField {
    const index = this.#fieldIndex(name)
    const field = index === undefined ? undefined : this.view.fields[index]
    if (field === undefined)
      throw new LichenError(
        'field-not-found',
        name.trim().startsWith('=')
          ? `${name} is no field: its values are not those of the rows of one table. Select in the fields it is made of`
          : `There is no field "${name}"`,
        { details: { field: name } },
      )
    return field
  }

  readonly #fieldIndex = (name: string): number | undefined =>
    this.view.fieldIndex(name) ??
    (name.trim().startsWith('=') ? deriveField(name, this.environment())?.index : undefined)

  /** As `#fieldIndex`; an expression that is none any more is no field. */
  readonly #findField = (name: string): number | undefined => {
    try {
      return this.#fieldIndex(name)
    } catch (error) {
      if (error instanceof LichenError) return undefined
      throw error
    }
  }

  select(
    field: number,
    symbols: Iterable<number>,
    mode: transitions.SelectMode,
    state: string = defaultState,
  ): boolean {
    const selections = this.selections(state)
    return this.#apply(
      state,
      selectWithDrop(this.view, selections, field, symbols, mode, this.#inferWith),
    )
  }

  selectGroup(field: number, group: SelectGroup, state: string = defaultState): boolean {
    const selections = this.selections(state)
    const chooser = {
      all: () => selectAll(this.view, selections, field),
      possible: () => selectPossible(this.view, selections, field, this.#infer(selections)),
      alternative: () => selectAlternative(this.view, selections, field, this.#infer(selections)),
      excluded: () =>
        selectExcluded(this.view, selections, field, this.#infer(selections), this.#inferWith),
    }[group]
    return this.#apply(state, chooser())
  }

  /** Selects the values a search string means; `false` when it finds none. */
  selectSearch(
    field: number,
    search: string,
    mode: transitions.SelectMode,
    state: string = defaultState,
  ): boolean {
    const found = this.search(field, search, state)
    return found.isEmpty() ? false : this.select(field, found.toArray(), mode, state)
  }

  /** The symbols a list-box search string means, whatever their state. */
  search(field: number, search: string, state: string = defaultState): Bitset {
    const modelField = this.view.fields[field]
    if (modelField === undefined) return new Bitset(0)
    return compileSearch(search, modelField.symbols, this.view.settings, {
      expression: (expression) =>
        matchingValues(modelField, expression, this.#environmentLifting(modelField, state)),
    }).symbols
  }

  /** What expressions see in `state` without the field's own selection there. */
  #environmentLifting(field: ModelField, state: string): Environment {
    const lifted = transitions.clear(this.selections(state), field.index).selections
    return {
      ...this.environment(state),
      selectionsOf: (name) => (name === state ? lifted : this.#history.current.get(name)),
    }
  }

  clear(field: number, state: string = defaultState): boolean {
    return this.#apply(state, transitions.clear(this.selections(state), field))
  }

  clearOthers(field: number, state: string = defaultState): boolean {
    return this.#apply(state, transitions.clearOthers(this.selections(state), field))
  }

  /** Clears one state, or every state. */
  clearAll(options: { readonly includeLocked?: boolean; readonly state?: string } = {}): void {
    const included = { includeLocked: options.includeLocked ?? false }
    const cleared = (options.state === undefined ? this.states : [options.state]).reduce(
      (all, state) =>
        withSelections(
          all,
          state,
          transitions.clearAll(selectionsIn(all, state), included).selections,
        ),
      this.#history.current,
    )
    this.#move(cleared, this.states)
  }

  lock(field: number, state: string = defaultState): boolean {
    return this.#apply(state, transitions.lock(this.selections(state), field))
  }

  unlock(field: number, state: string = defaultState): boolean {
    return this.#apply(state, transitions.unlock(this.selections(state), field))
  }

  lockAll(state: string = defaultState): boolean {
    return this.#apply(state, transitions.lockAll(this.selections(state)))
  }

  unlockAll(state: string = defaultState): boolean {
    return this.#apply(state, transitions.unlockAll(this.selections(state)))
  }

  // History and modal selection

  get backCount(): number {
    return this.#history.backCount
  }

  get forwardCount(): number {
    return this.#history.forwardCount
  }

  back(): boolean {
    return this.#step(this.#history.back())
  }

  forward(): boolean {
    return this.#step(this.#history.forward())
  }

  /** Who is selecting modally, if anybody. */
  get modalOwner(): string | undefined {
    return this.#history.modalOwner
  }

  get modalMoved(): boolean {
    return this.#history.modalMoved
  }

  /** Everything selected until `endModal` is one step of history. Beginning again by the same owner is allowed. @throws LichenError `modal-conflict` */
  beginModal(owner: string): void {
    this.#history.beginModal(owner)
  }

  /** Keeps what was selected since `beginModal`, of which everybody knows already, or takes it back. */
  endModal(accept: boolean): void {
    const before = this.#history.current
    if (this.#history.endModal(accept) && this.#history.current !== before)
      this.events.emit('selections', { states: this.states })
  }

  /** Back to what was selected when the modal mode began, without leaving it. */
  resetModal(): void {
    if (this.#history.resetModal()) this.events.emit('selections', { states: this.states })
  }

  // Bookmarks

  capture(): CapturedStates {
    return captureStates(this.view, this.#history.current)
  }

  /** Takes the captured selections; states and fields that are gone are passed over. */
  restore(captured: CapturedStates): void {
    const { current } = this.#history
    this.#move(restoreStates(this.view, current, captured, this.#findField), this.states)
  }

  // Evaluation

  /** What expressions of an object in `state` see. */
  environment(
    state: string = defaultState,
    cancellation: CancellationToken = neverCancelled,
  ): Environment {
    return {
      view: this.view,
      state,
      selectionsOf: (name) => this.#history.current.get(name === '' ? defaultState : name),
      historic: (steps) => this.#history.peek(steps)?.get(state),
      bookmark: (name) => bookmarkSelections(this.document, this.view, name, this.#findField),
      infer: (selections) => this.#infer(selections),
      variable: (name) =>
        (this.variables.get(name) ?? this.document.variables.get(name))?.definition,
      ports: functionPorts(this, state),
      clock: this.document.clock,
      cancellation,
      limits: this.#limits,
    }
  }

  /** A chart expression without dimensions. @throws ExpressionError, LichenError `not-found` for an unknown state */
  evaluate(
    expression: string,
    state: string = defaultState,
    cancellation?: CancellationToken,
  ): Value {
    this.selections(state)
    return evaluateExpression(expression, this.environment(state, cancellation))
  }

  /** A straight table, computed unless an equal one is kept. @throws LichenError `budget-exceeded`, `cancelled`, `not-found` (state) */
  cube(definition: CubeDefinition, reading: CubeReading = {}): Cube {
    return this.#cubes.read(definition, reading)
  }

  /** A pivot table, computed unless an equal one is kept. @throws LichenError `budget-exceeded`, `cancelled`, `not-found` (state) */
  pivot(definition: PivotDefinition, reading: CubeReading = {}): Pivot {
    return this.#cubes.readPivot(definition, reading)
  }

  readonly #inferWith = (view: ModelView, selections: Selections): Inference =>
    this.#inferences.infer(view, selections)

  #infer(selections: Selections): Inference {
    return this.#inferences.infer(this.view, selections)
  }

  #apply(state: string, change: transitions.SelectionChange): boolean {
    if (change.changed)
      this.#move(withSelections(this.#history.current, state, change.selections), [state])
    return change.refused === null
  }

  #move(next: SelectionState, states: readonly string[]): void {
    this.#rehearsal.stop()
    this.#history.move(next)
    this.events.emit('selections', { states })
    this.indices.afterSelection()
  }

  #step(state: SelectionState | undefined): boolean {
    if (state === undefined) return false
    this.events.emit('selections', { states: this.states })
    return true
  }

  #reopen(generation: number): void {
    const isOpen = isOpenable(this.document)
    const before = this.#opened
    const after = isOpen
      ? this.#opener.open(this.document.model, this.identity)
      : openFull.open(emptyModel(createAllocator()), {})
    this.#history.leaveModal()
    this.forgetInferences()
    this.#opened = after
    const findField = isOpen ? this.#findField : () => undefined
    this.#history.rewrite((state) => carryOver(before, after, state, findField))
    if (isOpen) this.#rehearsal.begin()
    else this.#rehearsal.stop()
    this.events.emit('model', { generation })
    // Who listens for selections reads the view, which is refused.
    if (isOpen) this.events.emit('selections', { states: this.states })
  }
}
