import { LichenError, type SourceText } from '../base/errors.ts'
import { equalValues } from '../value/compare.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { textOf } from '../value/text-of.ts'
import type { Block, Branch, Node } from './blocks.ts'
import { evaluateOnce } from './language.ts'
import { type ControlClause, parseControl } from './parse-control.ts'
import { errorAt, locatedError, type Place } from './place.ts'
import type { RunState } from './run-state.ts'
import { fieldValues } from './script-ports.ts'
import type { RawStatement } from './split.ts'
import type { Fragment } from './statement.ts'
import { isTrue } from './values.ts'

/** Which construct an EXIT leaves. */
export type Exit = 'script' | 'sub' | 'for' | 'do'

/** What control flow asks of the interpreter around it. */
export interface BlockRunner {
  block(block: Block, source: SourceText): Promise<Exit | undefined>
  /** Called once per round of a loop. @throws ScriptError `budget-exceeded`, LichenError `cancelled` */
  count(raw: RawStatement, source: SourceText): void
  expand(raw: RawStatement, source: SourceText): Promise<string>
}

/** IF, SWITCH, FOR, FOR EACH and DO. */
export class ControlFlow {
  readonly #state: RunState
  readonly #host: BlockRunner

  constructor(state: RunState, host: BlockRunner) {
    this.#state = state
    this.#host = host
  }

  /** Carries out one construct; the result is what an EXIT inside it leaves beyond it. */
  async run(
    node: Exclude<Node, { readonly kind: 'statement' }>,
    source: SourceText,
  ): Promise<Exit | undefined> {
    switch (node.kind) {
      case 'if':
        for (const branch of node.branches)
          if (branch.always || (await this.#condition(branch.clause, source)))
            return this.#host.block(branch.body, source)
        return undefined
      case 'switch':
        return this.#switch(node.raw, node.branches, source)
      case 'sub':
        return undefined
      case 'for':
        return this.#for(node.raw, node.body, source)
      case 'do':
        return this.#do(node.raw, node.loop, node.body, source)
    }
  }

  async #switch(
    raw: RawStatement,
    branches: readonly Branch[],
    source: SourceText,
  ): Promise<Exit | undefined> {
    const { clause, place } = await this.clause(raw, source)
    if (clause.kind !== 'switch') return undefined
    const value = await this.#value(clause.expression, place)
    for (const branch of branches) {
      if (branch.always) return this.#host.block(branch.body, source)
      const other = await this.clause(branch.clause, source)
      const values = other.clause.kind === 'case' ? other.clause.values : []
      for (const each of values)
        if (equalValues(value, await this.#value(each, other.place), this.#state.space.settings))
          return this.#host.block(branch.body, source)
    }
    return undefined
  }

  async #for(raw: RawStatement, body: Block, source: SourceText): Promise<Exit | undefined> {
    const { clause, place } = await this.clause(raw, source)
    if (clause.kind === 'for-each') return this.#forEach(clause, place, body, source)
    if (clause.kind !== 'for') return undefined
    const from = await this.#number(clause.from, place)
    const to = await this.#number(clause.to, place)
    const step = clause.step === undefined ? 1 : await this.#number(clause.step, place)
    if (step === 0)
      throw locatedError(
        place,
        'script-failed',
        'STEP 0 would never end',
        clause.step?.span ?? wholeText(raw),
      )
    let iteration = 0
    for (; step > 0 ? from + iteration * step <= to : from + iteration * step >= to; iteration++) {
      this.#setTo(clause.variable, from + iteration * step)
      this.#host.count(raw, source)
      const exit = await this.#host.block(body, source)
      if (exit === 'for') return undefined
      if (exit !== undefined) return exit
    }
    this.#setTo(clause.variable, from + iteration * step)
    return undefined
  }

  async #forEach(
    clause: Extract<ControlClause, { kind: 'for-each' }>,
    place: Place,
    body: Block,
    source: SourceText,
  ): Promise<Exit | undefined> {
    for (const value of await this.#listed(clause, place)) {
      this.#setTo(clause.variable, value)
      this.#host.count(place.raw, source)
      const exit = await this.#host.block(body, source)
      if (exit === 'for') return undefined
      if (exit !== undefined) return exit
    }
    return undefined
  }

  async #listed(
    { items }: Extract<ControlClause, { kind: 'for-each' }>,
    place: Place,
  ): Promise<Value[]> {
    const values: Value[] = []
    for (const item of items) {
      if (item.kind === 'value') {
        values.push(await this.#value(item.expression, place))
        continue
      }
      const text = textOf(await this.#value(item.argument, place), this.#state.space.settings) ?? ''
      if (item.kind === 'field-values') {
        if (!this.#state.space.hasSymbols(text))
          throw locatedError(
            place,
            'field-not-found',
            `There is no field "${text}"`,
            item.argument.span,
          )
        values.push(...fieldValues(text, this.#state))
      } else values.push(...(await this.#paths(item.kind, text, place)))
    }
    return values
  }

  /** What a mask names; nothing where there is no such place. */
  async #paths(
    kind: 'files' | 'directories',
    mask: string,
    place: Place,
  ): Promise<readonly string[]> {
    try {
      const { reader } = this.#state.options
      if (kind === 'files' && reader !== undefined) return await reader.resolve(mask)
      if (kind === 'directories' && reader?.folders !== undefined) return await reader.folders(mask)
      throw new LichenError('source-unsupported', `This host gives scripts no ${kind} to list`)
    } catch (cause) {
      if (cause instanceof LichenError && cause.code === 'source-not-found') return []
      throw errorAt(place, cause)
    }
  }

  async #do(
    raw: RawStatement,
    loop: RawStatement,
    body: Block,
    source: SourceText,
  ): Promise<Exit | undefined> {
    while (await this.#goesOn(raw, source)) {
      this.#host.count(raw, source)
      const exit = await this.#host.block(body, source)
      if (exit === 'do') return undefined
      if (exit !== undefined) return exit
      if (!(await this.#goesOn(loop, source))) return undefined
    }
    return undefined
  }

  async #goesOn(raw: RawStatement, source: SourceText): Promise<boolean> {
    const { clause, place } = await this.clause(raw, source)
    if (clause.kind !== 'do' || clause.condition === undefined) return true
    return (
      isTrue(await this.#value(clause.condition, place), this.#state.space.settings) ===
      clause.wanted
    )
  }

  async #condition(raw: RawStatement, source: SourceText): Promise<boolean> {
    const { clause, place } = await this.clause(raw, source)
    return (
      clause.kind === 'if' &&
      isTrue(await this.#value(clause.expression, place), this.#state.space.settings)
    )
  }

  async #number(fragment: Fragment, place: Place): Promise<number> {
    const number = numberOf(await this.#value(fragment, place))
    if (Number.isNaN(number))
      throw locatedError(place, 'script-failed', 'A number is needed here', fragment.span)
    return number
  }

  async #value(fragment: Fragment, place: Place): Promise<Value> {
    const state = this.#state
    try {
      return await state.files.knowing(() => evaluateOnce(fragment, state))
    } catch (cause) {
      throw errorAt(place, cause)
    }
  }

  #setTo(variable: string, value: Value): void {
    this.#state.setVariable(variable, textOf(value, this.#state.space.settings) ?? '')
  }

  async clause(
    raw: RawStatement,
    source: SourceText,
  ): Promise<{ clause: ControlClause; place: Place }> {
    const place = { source, raw, text: await this.#host.expand(raw, source) }
    const { clause, diagnostics } = parseControl(place.text)
    const [first] = diagnostics
    if (first !== undefined || clause === undefined)
      throw locatedError(
        place,
        'script-syntax',
        first?.message ?? 'Unknown clause',
        first?.span ?? wholeText(raw),
      )
    return { clause, place }
  }
}

/** The whole of a statement in its own text. */
export function wholeText({ text }: RawStatement): Fragment['span'] {
  return { start: 0, end: text.length }
}
