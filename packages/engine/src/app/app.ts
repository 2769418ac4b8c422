import { tokenOf } from '../base/cancellation.ts'
import { LichenError } from '../base/errors.ts'
import type { Diagnostic } from '../expression/ast.ts'
import { checkExpression } from '../expression/check.ts'
import { type Dependencies, dependenciesOf } from '../expression/dependencies.ts'
import type { MemoryReport } from '../model/memory.ts'
import type { ModelView } from '../model/view.ts'
import type { ReloadReport } from '../script/reload-report.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { textOf } from '../value/text-of.ts'
import { AppCube, type CubeOptions, cubeDefinition } from './cube.ts'
import { Document, type DocumentOptions, type ReloadOptions } from './document.ts'
import { AppField } from './field.ts'
import { AppPivot, type PivotOptions, pivotDefinition } from './pivot.ts'
import { Session, type SessionOptions } from './session.ts'
import type { SignalOption } from './signal-option.ts'
import type { ArrowTableInput, TableInput } from './tables.ts'

export type { CubeSort } from './cube.ts'
export type { SignalOption } from './signal-option.ts'

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

/** Text and number of a value; both null for NULL. */
export interface EvaluatedValue {
  readonly text: string | null
  readonly number: number | null
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
  field(name: Field | `=${string}`, state?: string): AppField {
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

  /** The fields, functions, variables and sets that the value of an expression follows from. @throws ExpressionError `expression-syntax` */
  dependencies(expression: string): Dependencies {
    return dependenciesOf(expression, this.session.environment())
  }

  /** A table over the possible records that follows the selections: read it again after a change, or subscribe. */
  cube(options: CubeOptions<Field>): AppCube {
    return new AppCube(this.session, cubeDefinition(options))
  }

  /** A pivot table over the possible records, with dimensions in rows and columns, totals, and headings to expand. */
  pivot(options: PivotOptions<Field>): AppPivot {
    return new AppPivot(this.session, pivotDefinition(options))
  }

  /** Bytes by table, field and purpose. */
  memory(): MemoryReport {
    return this.session.memory()
  }

  /** What the last reload did: time, rows and bytes of each statement, and where the values of each field came from; undefined before the first. */
  get reloadReport(): ReloadReport | undefined {
    return this.document.reloadReport
  }

  /**
   * Runs a script (the present one when none is given); on failure the old data stays. A partial reload keeps the tables there are and
   * carries out what has ADD, REPLACE or MERGE. @throws ScriptError
   */
  async reload(
    script?: string,
    options: SignalOption & Pick<ReloadOptions, 'onProgress' | 'partial'> = {},
  ): Promise<void> {
    const before = this.document.script
    if (script !== undefined) this.document.script = script
    try {
      await this.document.reload({
        cancellation: tokenOf(options.signal),
        partial: options.partial === true,
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      })
    } catch (error) {
      this.document.script = before
      throw error
    }
  }

  /** Called after every change of selections, data or variables; returns the way to stop. */
  subscribe(listener: () => void): () => void {
    return this.session.onChange(listener)
  }

  close(): void {
    this.session.close()
  }
}

function evaluated(value: Value, view: ModelView): EvaluatedValue {
  const number = numberOf(value)
  return { text: textOf(value, view.settings), number: Number.isNaN(number) ? null : number }
}
