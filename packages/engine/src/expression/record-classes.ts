import { PairIds, ValueIds } from '../aggregation/value-ids.ts'
import type { RecordCodes } from '../grouping/frame.ts'
import { stepsOf } from '../grouping/keyed-positions.ts'
import { type Codes, codeWidth } from '../storage/column.ts'
import type { Value } from '../value/dual.ts'
import type { Vector } from '../value/vector.ts'
import type { TableValues } from '../wasm/arena.ts'
import { type Operand, type Program, recordCount } from '../wasm/program.ts'
import { type CompileContext, valuesOfField } from './block.ts'
import { type Bound, fieldsOf } from './bound.ts'
import type { RecordBlock } from './record-block.ts'

/** The codes of one field that no part of an expression tells apart share a class. */
interface FieldClasses {
  readonly field: number
  readonly classOf: Uint32Array
  readonly count: number
  /** A code of each class. */
  readonly examples: readonly number[]
}

/** Values of parts of expressions for each code of their field. */
type PartValues = ReadonlyMap<Bound, Vector>

/**
 * Records by what decides the value of an expression: those of one class have equal values in all its parts. A class is a number below
 * `count`, made of the classes of the fields.
 */
export class RecordClasses {
  readonly count: number
  readonly #fields: readonly FieldClasses[]
  readonly #values: PartValues

  private constructor(fields: readonly FieldClasses[], values: PartValues) {
    this.#fields = fields
    this.#values = values
    this.count = fields.reduce((product, { count }) => product * count, 1)
  }

  /** Undefined where a part cannot be evaluated by code, or there would be more than `most` classes. */
  static of(
    parts: readonly Bound[],
    context: CompileContext,
    most: number,
  ): RecordClasses | undefined {
    const values = new Map<Bound, Vector>()
    const byField = new Map<number, Vector[]>()
    for (const part of parts) {
      const [field = -1] = fieldsOf([part])
      const vector = valuesOfField(part, context, most)
      if (vector === undefined || !areToldApart(part, vector)) return undefined
      values.set(part, vector)
      byField.set(field, [...(byField.get(field) ?? []), vector])
    }
    const fields: FieldClasses[] = []
    let product = 1
    for (const [field, vectors] of byField) {
      const own = classesOf(field, vectors, most)
      if (own === undefined) return undefined
      product *= own.count
      fields.push(own)
    }
    return product > most ? undefined : new RecordClasses(fields, values)
  }

  /** The value of a part in a class; undefined for other nodes. */
  valueOf(part: Bound, number: number): Value | undefined {
    const vector = this.#values.get(part)
    if (vector === undefined) return undefined
    const [field] = fieldsOf([part])
    let rest = number
    for (const own of [...this.#fields].reverse()) {
      if (own.field === field) return vector.get(own.examples[rest % own.count] ?? 0)
      rest = Math.floor(rest / own.count)
    }
    return undefined
  }

  /** out[i] = groups[i] · count + class of record i. `groups` undefined: all are group 0. */
  slots(block: RecordBlock, groups: Uint32Array | undefined, out: Uint32Array): void {
    const { count } = block
    for (const [at, { field, classOf, count: size }] of this.#fields.entries()) {
      const codes = block.codes(field)
      if (at === 0 && groups === undefined)
        for (let i = 0; i < count; i++) out[i] = classOf[codes[i]!]!
      else {
        const before = at === 0 && groups !== undefined ? groups : out
        for (let i = 0; i < count; i++) out[i] = before[i]! * size + classOf[codes[i]!]!
      }
    }
  }

  /** Plans what `slots` does, for ids below `groups`. @throws NotInArena */
  plan(
    { program, codes }: RecordCodes,
    ids: Operand | undefined,
    groups: number,
  ): Operand | undefined {
    const columns: Column[] = []
    if (ids !== undefined) columns.push({ codes: ids, map: undefined, size: groups, count: groups })
    for (const { field, classOf, count } of this.#fields)
      columns.push({ codes: codes(field), map: classOf, size: classOf.length, count })
    const [first, ...others] = columns
    return first === undefined ? undefined : planPositions(program, first, others)
  }
}

interface Column {
  readonly codes: Operand
  readonly map: Uint32Array | undefined
  /** Codes, and what they are mapped to. */
  readonly size: number
  readonly count: number
}

/** Positions among all tuples of the columns, the last changing fastest. */
function planPositions(program: Program, first: Column, others: readonly Column[]): Operand {
  const positions = others.reduce((product, { count }) => product * count, first.count)
  const width = codeWidth(positions - 1)
  const seen = program.bytes(positions).at
  const steps = ({ map, size }: Column, stride: number): Operand =>
    copied(program, stepsOf(map, size, stride, width))
  const bits = width * 8
  const [second, ...rest] = others
  if (second === undefined) {
    if (first.map === undefined) return first.codes
    const out = program.slots()
    program.call(`markOne${bits}`, steps(first, 1), first.codes, recordCount, out, seen)
    return out
  }
  const out = program.slots()
  const { codes } = second
  const own = [steps(first, second.count), first.codes, steps(second, 1), codes] as const
  program.call(`markTwo${bits}`, ...own, recordCount, out, seen)
  const count = first.count * second.count
  return planPositions(program, { codes: out, map: undefined, size: count, count }, rest)
}

/** A table for this program alone. @throws NotInArena */
function copied({ arena }: Program, values: TableValues & Codes): Operand {
  const base = arena.take(values.byteLength)
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  new Uint8Array(arena.buffer, base, bytes.length).set(bytes)
  return { base }
}

/** Whether ids tell different values apart: those of duals go by the number alone, which is all of it where a field shows its own. */
function areToldApart(part: Bound, { kinds }: Vector): boolean {
  return part.kind === 'field' || !kinds.includes(3)
}

function classesOf(
  field: number,
  vectors: readonly Vector[],
  most: number,
): FieldClasses | undefined {
  const codes = vectors[0]?.kinds.length ?? 0
  const classOf = new Uint32Array(codes)
  let count = 1
  for (const vector of vectors) {
    const ids = new ValueIds()
    const pairs = new PairIds()
    for (let code = 0; code < codes; code++) {
      classOf[code] = pairs.idOf(classOf[code]!, ids.idOf(vector, code))
      if (pairs.count > most) return undefined
    }
    count = pairs.count
  }
  const examples = new Array<number>(count).fill(0)
  for (let code = codes - 1; code >= 0; code--) examples[classOf[code]!] = code
  return { field, classOf, count, examples }
}
