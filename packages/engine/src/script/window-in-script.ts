import type { Expression } from '../expression/ast.ts'
import { callsOf } from '../expression/visit.ts'
import type { Value } from '../value/dual.ts'
import { collectColumns } from './collect.ts'
import {
  compileRow,
  ExtraSlots,
  extraField,
  type Parsed,
  type ParsedOutput,
} from './compile-expression.ts'
import { factsOf, replaceCalls } from './expression-tree.ts'
import { loadStage, type StagePlan } from './load-stage.ts'
import type { RunState } from './run-state.ts'
import { valuesSource } from './sources.ts'
import type { StageSource } from './stage.ts'
import { isWindow, readWindow, type WindowCall } from './window-call.ts'
import { windowValues } from './window-values.ts'

export function hasWindows(outputs: readonly ParsedOutput[]): boolean {
  return outputs.some(({ ast }) => callsOf(ast).some(isWindow))
}

/** A LOAD with Window(): its records are read whole, then the fields are computed over them and the values of the windows. */
export function windowStage(
  plan: Omit<StagePlan, 'outputs'>,
  outputs: readonly ParsedOutput[],
  state: RunState,
): StageSource {
  const windows: WindowCall[] = []
  const rest = outputs.map((output) => ({
    ...output,
    ast: replaceCalls(output.ast, (call) => {
      if (!isWindow(call)) return undefined
      windows.push(readWindow(call, output.fragment))
      return extraField(windows.length - 1, call.span)
    }),
  }))
  const read = new Set(rest.flatMap(({ ast }) => factsOf(ast).fields.map(({ name }) => name)))
  const plain = plan.source.fields.filter((name) => read.has(name))
  return {
    fields: outputs.map(({ name }) => name),
    rows: undefined,
    async *batches(wanted) {
      const columns = await windowed(plan, plain, windows, state)
      const fields = [...plain, ...windows.map((_, index) => `\u0000${index}`)]
      const source = valuesSource(fields, columns, columns[0]?.length ?? 0)
      const compiled = rest.map((output) => ({
        name: output.name,
        expression: compileRow(output, fields, new ExtraSlots(), state),
      }))
      const { rowsStored } = plan
      yield* loadStage(
        {
          source,
          outputs: compiled,
          where: undefined,
          while: undefined,
          first: undefined,
          sample: undefined,
          rowsStored,
        },
        state,
      ).batches(wanted)
    },
  }
}

/** The plain fields of all records, then a column per window. */
async function windowed(
  plan: Omit<StagePlan, 'outputs'>,
  plain: readonly string[],
  windows: readonly WindowCall[],
  state: RunState,
): Promise<readonly (readonly Value[])[]> {
  const parts: Parsed[] = plain.map((name) => ({
    ast: { kind: 'field', name, quote: 'bracket', span: { start: 0, end: 1 } },
    fragment: { text: name, span: { start: 0, end: 1 } },
  }))
  const places = windows.map((window) => {
    const place = (ast: Expression): number => parts.push({ ast, fragment: window.fragment }) - 1
    return { window, place }
  })
  const computations = places.map(({ window, place }) => windowValues(window, place, state))
  const extras = new ExtraSlots()
  const stage = loadStage(
    {
      ...plan,
      rowsStored: undefined,
      outputs: parts.map((part, index) => ({
        name: String(index),
        expression: compileRow(part, plan.source.fields, extras, state),
      })),
    },
    state,
  )
  const columns = await collectColumns(stage, state)
  return [...columns.slice(0, plain.length), ...computations.map((compute) => compute(columns))]
}
