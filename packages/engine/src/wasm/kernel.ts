import type { WasmFunction } from './assembler.ts'
import {
  all,
  and,
  type Code,
  constant,
  get,
  isBelow,
  load8,
  load16,
  load32,
  plus,
  set,
  shifted,
  store8,
  store16,
  store32,
  whileTrue,
} from './instructions.ts'

/** Parameters every kernel has, so that all are called alike; most need fewer. */
export const kernelParams = 7

/** Slots handled in one turn of a loop. */
const unroll = 4

/** Bytes of an entry of a table or of a code. */
export type Width = 1 | 2 | 4

export const widths: readonly Width[] = [1, 2, 4]

type Local<Names extends readonly string[]> = { readonly [Name in Names[number]]: number }

/** A kernel by the names of its parameters and locals; the body is given their numbers. */
export function kernel<
  const Params extends readonly string[],
  const Integers extends readonly string[],
  const Doubles extends readonly string[] = [],
>(
  name: string,
  params: Params,
  integers: Integers,
  body: (local: Local<Params> & Local<Integers> & Local<Doubles>) => Code,
  doubles?: Doubles,
): WasmFunction {
  const numbers: Record<string, number> = {}
  for (const [index, param] of params.entries()) numbers[param] = index
  for (const [index, local] of [...integers, ...(doubles ?? [])].entries())
    numbers[local] = kernelParams + index
  return {
    name,
    params: kernelParams,
    integers: integers.length,
    doubles: doubles?.length ?? 0,
    body: body(numbers as Local<Params> & Local<Integers> & Local<Doubles>),
  }
}

/** A local that moves along with the slots, and the bytes of a slot there. */
export type Cursor = readonly [local: number, bytes: number]

/** Over `count` slots, four a turn, then one by one; `body` is given which of the four. The first cursor tells where the end is. */
export function overSlots(
  cursors: readonly [Cursor, ...Cursor[]],
  count: Code,
  end: number,
  body: (slot: number) => Code,
): Code {
  const [[first, bytes]] = cursors
  const advance = (slots: number): Code =>
    all(...cursors.map(([local, width]) => set(local, plus(get(local), constant(slots * width)))))
  const shift = { 1: 0, 2: 1, 4: 2 }[bytes] ?? 0
  return all(
    set(end, plus(get(first), shifted(and(count, constant(-unroll)), shift))),
    whileTrue(
      isBelow(get(first), get(end)),
      all(...Array.from({ length: unroll }, (_, slot) => body(slot)), advance(unroll)),
    ),
    set(end, plus(get(end), shifted(and(count, constant(unroll - 1)), shift))),
    whileTrue(isBelow(get(first), get(end)), all(body(0), advance(1))),
  )
}

/** Loads an entry of some width. */
export const loadOf = (width: Width): ((address: Code, offset?: number) => Code) =>
  ({ 1: load8, 2: load16, 4: load32 })[width]

export const storeOf = (width: Width): ((address: Code, value: Code, offset?: number) => Code) =>
  ({ 1: store8, 2: store16, 4: store32 })[width]

/** The address of an entry of a table of some width. */
export const placeOf = (table: Code, index: Code, width: Width | 8): Code => {
  const bits = { 1: 0, 2: 1, 4: 2, 8: 3 }[width]
  return plus(table, bits === 0 ? index : shifted(index, bits))
}

/** The entry of a table at the index that stands in a slot of four bytes. */
export const entry = (table: number, indices: number, slot: number, width: Width): Code =>
  loadOf(width)(placeOf(get(table), load32(get(indices), slot * 4), width))
