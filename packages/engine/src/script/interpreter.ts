import { LichenError, positionOf, ScriptError, type SourceText } from '../base/errors.ts'
import type { Value } from '../value/dual.ts'
import { textOf } from '../value/text-of.ts'
import type { AppData } from './app-data.ts'
import { associate } from './associate.ts'
import { type Block, blocksOf } from './blocks.ts'
import { ControlFlow, type Exit, wholeText } from './control-flow.ts'
import { inDirectory } from './directory.ts'
import { clearError, clearErrors, noteError } from './error-variables.ts'
import { includedText } from './include.ts'
import { evaluateOnce, expandStatement } from './language.ts'
import { missingSource } from './missing-source.ts'
import { parseStatement } from './parse-statement.ts'
import { isCarriedOut } from './partial-reload.ts'
import { errorAt, locatedError, type Place } from './place.ts'
import { reopenData } from './reopen-data.ts'
import { RunState, type ScriptOptions } from './run-state.ts'
import { sectionAccessOf } from './section-access.ts'
import { type RawStatement, splitScript } from './split.ts'
import { withComments } from './sql-comments.ts'
import type { Fragment, Guard, LoadStatement, RegularStatement, Statement } from './statement.ts'
import { executeBinary } from './statements/binary.ts'
import { executeRegular } from './statements/execute.ts'
import { execute, sleep } from './statements/host.ts'
import { executeLoad } from './statements/load.ts'
import { executeConnect } from './statements/select.ts'
import { executeStore } from './statements/store.ts'
import { refusalOf } from './unsupported-prefix.ts'
import { isTrue } from './values.ts'
import { withoutSecrets } from './without-secrets.ts'

export type { ScriptOptions, ScriptProgress } from './run-state.ts'

export interface ScriptResult extends AppData {
  /** The variables after the last statement. */
  readonly variables: Map<string, string>
  /** What was loaded and traced, a line each. */
  readonly log: string[]
}

interface Subroutine {
  readonly parameters: readonly string[]
  readonly body: Block
  readonly source: SourceText
}

const maxCallDepth = 100
const maxStatements = 10_000_000

/**
 * Runs a load script and associates what it loaded. Nothing is shared with the caller until it returns; a statement that fails
 * stops the script (unless ErrorMode is 0) and the loaded data is given up.
 * @throws ScriptError with file, line and caret; LichenError `cancelled`
 */
export async function runScript(source: SourceText, options: ScriptOptions): Promise<ScriptResult> {
  const state = new RunState(options)
  try {
    if (options.partial === true && options.present !== undefined)
      reopenData(options.present, state)
    clearErrors(state)
    await new Interpreter(state).run(source).finally(() => {
      state.enterSection(false)
      state.journal.lineage = state.lineage.list(state.space.tables.values())
    })
    state.report('associate', 'Associating tables', 0)
    const model = associate(state)
    const sectionAccess = sectionAccessOf(state.access)
    return { model, sectionAccess, variables: state.variables, log: state.log }
  } finally {
    await state.connections.close()
    state.application.release()
    state.access.release()
  }
}

class Interpreter {
  readonly #state: RunState
  readonly #subs = new Map<string, Subroutine>()
  readonly #control: ControlFlow
  #depth = 0

  constructor(state: RunState) {
    this.#state = state
    this.#control = new ControlFlow(state, {
      block: (block, source) => this.#block(block, source),
      count: (raw, source) => this.#count(raw, source),
      expand: (raw, source) => this.#expand(raw, source),
    })
  }

  async run(source: SourceText): Promise<Exit | undefined> {
    return this.#block(programOf(source), source)
  }

  async #block(block: Block, source: SourceText): Promise<Exit | undefined> {
    for (let i = 0; i < block.length; i++) {
      const node = block[i]
      if (node === undefined) break
      this.#count(node.raw, source)
      if (node.kind !== 'statement') {
        if (node.kind === 'sub') await this.#define(node.raw, node.body, source)
        const exit = await this.#control.run(node, source)
        if (exit !== undefined) return exit
        continue
      }
      const { exit, taken } = await this.#statement(node.raw, block, i, source)
      if (exit !== undefined) return exit
      i += taken
    }
    return undefined
  }

  /** A SUB is known once the script has passed it. */
  async #define(raw: RawStatement, body: Block, source: SourceText): Promise<void> {
    const { clause } = await this.#control.clause(raw, source)
    if (clause.kind !== 'sub') return
    const { name, parameters } = clause
    this.#subs.set(name.text.toUpperCase(), { parameters, body, source })
  }

  #count(raw: RawStatement, source: SourceText): void {
    const state = this.#state
    state.statements += 1
    state.files.forget()
    const limit = state.options.limits?.maxStatements ?? maxStatements
    try {
      if (state.statements > limit)
        throw new LichenError(
          'budget-exceeded',
          `More than ${limit} statements were carried out; look for an endless loop`,
        )
      state.checkTime()
    } catch (cause) {
      throw errorAt({ source, raw, text: raw.text }, cause)
    }
  }

  /** `taken`: how many of the following statements belong to this one, as the LOADs it reads from. */
  async #statement(
    raw: RawStatement,
    block: Block,
    index: number,
    source: SourceText,
  ): Promise<{ exit: Exit | undefined; taken: number }> {
    const include = /^\$\(\s*(must_)?include\s*=([\s\S]*)\)$/i.exec(raw.text)
    if (include !== null)
      return {
        exit: await this.#include(include[2] ?? '', include[1] !== undefined, {
          source,
          raw,
          text: raw.text,
        }),
        taken: 0,
      }
    const text = await this.#expand(raw, source)
    const place = { source, raw, text }
    if (raw.keyword === '$') {
      const split = splitScript(text)
      const [only] = split.statements
      if (only === undefined) return { exit: undefined, taken: 0 }
      if (split.statements.length > 1 || blocksOf(split.statements).diagnostics.length > 0) {
        const { line } = positionOf(source.text, raw.start)
        return {
          exit: await this.run({ name: `${source.name}:${line} after expansion`, text }),
          taken: 0,
        }
      }
      return this.#parsed({ ...place, text: only.text }, block, index)
    }
    return this.#parsed(place, block, index)
  }

  async #parsed(
    place: Place,
    block: Block,
    index: number,
  ): Promise<{ exit: Exit | undefined; taken: number }> {
    let current = place
    let taken = 0
    try {
      const statement = parsedAt(place)
      const regular = statement.kind === 'guarded' ? statement.statement : statement
      const stack =
        regular.kind === 'load' ? await this.#stack(regular, place, block, index) : undefined
      if (stack !== undefined) taken = stack.loads.length - 1
      if (!isCarriedOut(regular, this.#state.options.partial === true))
        return { exit: undefined, taken }
      if (statement.kind === 'guarded' && !(await this.#holds(statement.guard)))
        return { exit: undefined, taken }
      if (stack !== undefined) {
        current = stack.places[stack.places.length - 1] ?? place
        await this.#timed(place, () =>
          executeLoad(stack.loads, this.#state, (load) => {
            current = stack.places[load] ?? place
          }),
        )
      } else if (regular.kind === 'exit') {
        if (regular.guard === undefined || (await this.#holds(regular.guard)))
          return { exit: regular.what, taken }
      } else if (regular.kind === 'call')
        return { exit: await this.#call(regular.name.text, regular.arguments, place), taken }
      else if (regular.kind !== 'load') await this.#carryOut(regular, place)
      clearError(this.#state)
    } catch (cause) {
      this.#failed(errorAt(withoutSecrets(current), cause))
    }
    return { exit: undefined, taken }
  }

  /** A statement that stands alone; those that wait for something outside are timed. */
  async #carryOut(
    regular: Exclude<RegularStatement, { readonly kind: 'load' | 'exit' | 'call' }>,
    place: Place,
  ): Promise<void> {
    const state = this.#state
    switch (regular.kind) {
      case 'store':
        return this.#timed(place, () => executeStore(regular, state))
      case 'binary':
        return this.#timed(place, () => executeBinary(regular, state))
      case 'connect':
        return this.#timed(place, () => executeConnect(regular, state))
      case 'execute':
        return this.#timed(place, () => execute(regular, state))
      case 'sleep':
        return this.#timed(place, () => sleep(regular, state))
      case 'disconnect':
        return state.connections.close()
      default:
        return state.files.knowing(() => executeRegular(regular, state))
    }
  }

  #timed(place: Place, work: () => Promise<void>): Promise<void> {
    const state = this.#state
    return state.journal.timed(place, () => state.now(), work)
  }

  /** The LOAD and those below it that it reads from. */
  async #stack(
    top: LoadStatement,
    place: Place,
    block: Block,
    index: number,
  ): Promise<{ loads: LoadStatement[]; places: Place[] }> {
    const loads = [await this.#asWritten(top, place)]
    const places = [place]
    for (let next = index + 1; loads[loads.length - 1]?.source.kind === 'preceding'; next++) {
      const node = block[next]
      const upper = places[places.length - 1] ?? place
      const last = loads[loads.length - 1] ?? top
      if (node?.kind !== 'statement') throw errorAt(upper, missingSource(last))
      const below: Place = {
        source: place.source,
        raw: node.raw,
        text: await this.#expand(node.raw, place.source),
      }
      const statement = parsedAt(below)
      if (statement.kind !== 'load') {
        if (statement.kind === 'unsupported') throw errorAt(below, refusalOf(statement))
        throw errorAt(upper, missingSource(last))
      }
      loads.push(await this.#asWritten(statement, below))
      places.push(below)
    }
    return { loads, places }
  }

  #asWritten(load: LoadStatement, place: Place): LoadStatement | Promise<LoadStatement> {
    if (this.#state.systemVariable('StripComments')?.trim() !== '0') return load
    return withComments(load, place, (text) => this.#expandText(text, place))
  }

  /** ErrorMode 0 goes on after an error; any other stops. */
  #failed(error: LichenError): void {
    const stop =
      error.code === 'cancelled' ||
      error.code === 'budget-exceeded' ||
      error.code === 'memory-budget-exceeded'
    if (stop || this.#state.systemVariable('ErrorMode')?.trim() !== '0') throw error
    noteError(error, this.#state)
  }

  async #include(path: string, must: boolean, place: Place): Promise<Exit | undefined> {
    const file = inDirectory(unquoted((await this.#expandText(path, place)).trim()), this.#state)
    const text = await includedText(file, must, place, this.#state.options.reader)
    if (text === undefined) return undefined
    return this.#deeper(place, () => this.run({ name: file, text }))
  }

  async #deeper<Result>(place: Place, work: () => Promise<Result>): Promise<Result> {
    if (this.#depth >= maxCallDepth)
      throw errorAt(
        place,
        new LichenError(
          'budget-exceeded',
          `Calls and includes are nested deeper than ${maxCallDepth}`,
        ),
      )
    this.#depth += 1
    try {
      return await work()
    } finally {
      this.#depth -= 1
    }
  }

  async #call(name: string, given: readonly Fragment[], place: Place): Promise<Exit | undefined> {
    const state = this.#state
    const sub = this.#subs.get(name.toUpperCase())
    if (sub === undefined)
      throw new LichenError('script-failed', `There is no SUB "${name}"; define it before the CALL`)
    const values: string[] = []
    for (const argument of given) values.push(await this.#argument(argument))
    const before = sub.parameters.map((parameter) => state.variable(parameter))
    for (const [i, parameter] of sub.parameters.entries())
      state.setVariable(parameter, values[i] ?? '')
    const exit = await this.#deeper(place, () => this.#block(sub.body, sub.source))
    const after = sub.parameters.map((parameter) => state.variable(parameter))
    for (const [i, parameter] of sub.parameters.entries()) state.setVariable(parameter, before[i])
    for (const [i, argument] of given.entries()) {
      const target = variableName(argument.text)
      if (target !== undefined && i < after.length) state.setVariable(target, after[i])
    }
    return exit === 'script' ? exit : undefined
  }

  async #argument(argument: Fragment): Promise<string> {
    const name = variableName(argument.text)
    if (name !== undefined) return this.#state.variable(name) ?? ''
    return textOf(await this.#value(argument), this.#state.space.settings) ?? ''
  }

  async #holds({ condition, wanted }: Guard): Promise<boolean> {
    return isTrue(await this.#value(condition), this.#state.space.settings) === wanted
  }

  #value(fragment: Fragment): Value | Promise<Value> {
    return this.#state.files.knowing(() => evaluateOnce(fragment, this.#state))
  }

  #expand(raw: RawStatement, source: SourceText): Promise<string> {
    return this.#expandText(raw.text, { source, raw, text: raw.text })
  }

  async #expandText(text: string, place: Place): Promise<string> {
    if (!text.includes('$(')) return text
    try {
      return await this.#state.files.knowing(() => expandStatement(text, this.#state))
    } catch (cause) {
      throw errorAt(place, cause)
    }
  }
}

/** Control structure is judged before anything runs. */
function programOf(source: SourceText): Block {
  const { statements, diagnostics } = splitScript(source.text)
  const { block, diagnostics: structure } = blocksOf(statements)
  const [first] = [...diagnostics, ...structure]
  if (first !== undefined) throw new ScriptError(first.code, first.message, source, first.span)
  return block
}

function parsedAt(place: Place): Statement {
  const { statement, diagnostics } = parseStatement(place.text)
  const [first] = diagnostics
  if (first !== undefined || statement === undefined)
    throw locatedError(
      place,
      'script-syntax',
      first?.message ?? 'Unknown statement',
      first?.span ?? wholeText(place.raw),
    )
  return statement
}

function variableName(text: string): string | undefined {
  return /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(text) ? text : undefined
}

function unquoted(text: string): string {
  return /^(['"]).*\1$/.test(text) || /^\[.*\]$/.test(text) ? text.slice(1, -1) : text
}
