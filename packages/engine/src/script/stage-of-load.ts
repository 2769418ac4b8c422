import { LichenError } from '../base/errors.ts'
import { numberOf } from '../value/dual.ts'
import { groupedStage, isGrouped } from './aggregation-in-script.ts'
import {
  compileFields,
  compileRow,
  ExtraSlots,
  type ParsedOutput,
  parsed,
} from './compile-expression.ts'
import { formatsOf } from './field-format.ts'
import { evaluateOnce } from './language.ts'
import { loadStage } from './load-stage.ts'
import { StatementError } from './row-expression.ts'
import type { RunState } from './run-state.ts'
import type { StageSource } from './stage.ts'
import type { Fragment, LoadStatement, Prefix } from './statement.ts'
import { hasWindows, windowStage } from './window-in-script.ts'

type PrefixOf<Kind extends Prefix['kind']> = Prefix & { readonly kind: Kind }

/** WHERE, fields, GROUP BY of one LOAD over what lies below it. */
export function stageOf(
  load: LoadStatement,
  source: StageSource,
  rowsStored: (() => number) | undefined,
  state: RunState,
): StageSource {
  const outputs = compileFields(
    load.fields,
    source.fields,
    rowsStored === undefined ? new Map() : state.aliases,
  )
  return {
    ...stageOfOutputs(load, source, outputs, rowsStored, state),
    formats: formatsOf(outputs, source, state.space.settings),
    origins: state.lineage.ofOutputs(outputs, source),
  }
}

function stageOfOutputs(
  load: LoadStatement,
  source: StageSource,
  outputs: readonly ParsedOutput[],
  rowsStored: (() => number) | undefined,
  state: RunState,
): StageSource {
  const first = prefixOf(load, 'first')
  const sample = prefixOf(load, 'sample')
  const extras = new ExtraSlots()
  const plan = {
    source,
    where:
      load.where === undefined
        ? undefined
        : compileRow(parsed(load.where), source.fields, extras, state),
    while:
      load.while === undefined
        ? undefined
        : compileRow(parsed(load.while), source.fields, extras, state),
    first: first === undefined ? undefined : wholeNumber(first.amount, 'FIRST', state),
    sample: sample === undefined ? undefined : numberOf(evaluateOnce(sample.amount, state)),
    rowsStored,
  }
  if (hasWindows(outputs)) {
    if (load.groupBy.length > 0)
      throw new LichenError(
        'script-failed',
        'Window() and GROUP BY cannot stand in one LOAD; put one of them in a preceding LOAD',
      )
    return windowStage(plan, outputs, state)
  }
  if (load.groupBy.length > 0 || isGrouped(outputs))
    return groupedStage(plan, outputs, load.groupBy, state)
  return loadStage(
    {
      ...plan,
      outputs: outputs.map((output) => ({
        name: output.name,
        expression: compileRow(output, source.fields, extras, state),
      })),
    },
    state,
  )
}

/** The prefix of a kind that a LOAD has. */
export function prefixOf<Kind extends Prefix['kind']>(
  load: LoadStatement,
  kind: Kind,
): PrefixOf<Kind> | undefined {
  return load.prefixes.find((prefix): prefix is PrefixOf<Kind> => prefix.kind === kind)
}

/** A number of the script, rounded down. @throws StatementError `script-failed` when it is negative or no number */
export function wholeNumber(fragment: Fragment, what: string, state: RunState): number {
  const number = numberOf(evaluateOnce(fragment, state))
  if (!(number >= 0))
    throw new StatementError('script-failed', `${what} needs a number, not negative`, fragment.span)
  return Math.floor(number)
}
