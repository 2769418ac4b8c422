import { LichenError } from '../base/errors.ts'
import { ascending } from '../grouping/order.ts'
import { blockRows, Vector } from '../value/vector.ts'
import { type Block, compile, copySlots, gatherVector, type InterRecordResult } from './block.ts'
import type { Bound, Program } from './bound.ts'
import { compileContext } from './compile-context.ts'
import type { Environment } from './environment.ts'
import type { Grouping } from './grouping.ts'
import { type InterRecords, noInterRecords } from './inter-record.ts'

/** The group phase: expressions evaluated for the rows of a grouping, in a given order. */
export class Measures {
  readonly program: Program
  readonly #grouping: Grouping
  readonly #env: Environment
  #order: Uint32Array | undefined
  readonly #hasGaps: boolean
  readonly rows: number

  /**
   * `order`: the row of the grouping at each position; default as they are. Where it is not below the rows of the grouping, there is no row:
   * everything is NULL.
   */
  constructor(program: Program, grouping: Grouping, env: Environment, order?: Uint32Array) {
    this.program = program
    this.#grouping = grouping
    this.#env = env
    this.#order = order
    this.#hasGaps = order?.some((row) => row >= grouping.rows) === true
    this.rows = order?.length ?? grouping.rows
  }

  /** @throws LichenError `budget-exceeded` */
  checkBudget(values: number, call: { readonly name: string }): void {
    const limit = this.#env.limits.maxJoinedRecords
    if (values <= limit) return
    throw new LichenError(
      'budget-exceeded',
      `The ranges of ${call.name} hold ${values} values, more than the limit of ${limit}. Use a smaller count or fewer rows`,
      { details: { values, limit } },
    )
  }

  /** One value per position. */
  column(tree: Bound, interRecords: InterRecords = noInterRecords): Vector {
    const out = new Vector(this.rows)
    const plain = tree.kind === 'aggregate' ? this.#grouping.aggregates[tree.index] : undefined
    if (plain !== undefined && this.#order === undefined) {
      gatherVector(plain.values, plain.ids, this.rows, out)
      return out
    }
    const evaluate = compile(tree, compileContext(this.#env))
    this.#order ??= ascending(this.rows)
    const block = new GroupBlock(this.#grouping, this.#order, interRecords)
    for (let start = 0; start < this.rows; start += blockRows) {
      block.moveTo(start, Math.min(blockRows, this.rows - start))
      copySlots(evaluate(block), 0, out, start, block.count)
    }
    if (this.#hasGaps)
      for (let i = 0; i < this.rows; i++)
        if (this.#order[i]! >= this.#grouping.rows) out.set(i, null)
    return out
  }
}

const noCodes = new Uint32Array(blockRows)
const noValues = new Vector()

class GroupBlock implements Block {
  count = 0
  #start = 0
  readonly #grouping: Grouping
  readonly #order: Uint32Array
  readonly #interRecords: InterRecords
  readonly #vectors: Vector[] = []
  readonly #lists = new Map<string, Vector>()
  readonly #ids = new Uint32Array(blockRows)

  constructor(grouping: Grouping, order: Uint32Array, interRecords: InterRecords) {
    this.#grouping = grouping
    this.#order = order
    this.#interRecords = interRecords
  }

  moveTo(start: number, count: number): void {
    this.#start = start
    this.count = count
  }

  codes(): Uint32Array {
    return noCodes
  }

  virtual(): Vector {
    return noValues
  }

  aggregate(index: number): Vector {
    const aggregate = this.#grouping.aggregates[index]
    if (aggregate === undefined) return noValues
    const out = this.#vectors[index] ?? new Vector()
    this.#vectors[index] = out
    for (let i = 0; i < this.count; i++)
      this.#ids[i] = aggregate.ids[this.#order[this.#start + i]!]!
    gatherVector(aggregate.values, this.#ids, this.count, out)
    return out
  }

  listed(key: string): Vector {
    const list = this.#grouping.listed.get(key)
    if (list === undefined) return noValues
    const out = this.#lists.get(key) ?? new Vector()
    this.#lists.set(key, out)
    for (let i = 0; i < this.count; i++)
      out.set(i, list.dimension.valueOf(list.codes[this.#order[this.#start + i]!]!))
    return out
  }

  interRecord(index: number): InterRecordResult {
    return this.#interRecords.block(index, this.#start, this.count)
  }
}
