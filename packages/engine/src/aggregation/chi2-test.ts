import { chiSquareTail } from '../math/distributions.ts'
import type { Vector } from '../value/vector.ts'
import { type Accumulator, type AggregationDefinition, define, noGroup } from './aggregation.ts'
import { ExactSums } from './exact-sums.ts'
import { PairIds, ValueIds } from './value-ids.ts'

interface ChiSquare {
  readonly chi2: number
  /** Degrees of freedom. */
  readonly freedom: number
}

/**
 * A table of counts per group, with a cell for each pair of a column and a row that occurs; what falls into one cell is added up. Data
 * without a column or a row is in no cell. A count that is no number makes the result NULL, which is the limitation on each page.
 */
class ContingencyState implements Accumulator {
  readonly #measure: (test: ChiSquare) => number
  readonly #columnValues = new ValueIds()
  readonly #rowValues = new ValueIds()
  /** Of (group, value). */
  readonly #columns = new PairIds()
  readonly #rows = new PairIds()
  /** Of (column, row). */
  readonly #cells = new PairIds()
  readonly #observed = new ExactSums()
  readonly #expected: ExactSums | undefined
  #groups = 0
  #tests: readonly ChiSquare[] | undefined

  constructor(withExpected: boolean, measure: (test: ChiSquare) => number) {
    this.#expected = withExpected ? new ExactSums() : undefined
    this.#measure = measure
  }

  resize(groups: number): void {
    this.#groups = groups
    this.#tests = undefined
  }

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const columns = args[0]!
    const rows = args[1]!
    this.#tests = undefined
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup || columns.kinds[i] === 0 || rows.kinds[i] === 0) continue
      const cell = this.#cells.idOf(
        this.#columns.idOf(group, this.#columnValues.idOf(columns, i)),
        this.#rows.idOf(group, this.#rowValues.idOf(rows, i)),
      )
      addTo(this.#observed, cell, args[2]!, i)
      if (this.#expected !== undefined) addTo(this.#expected, cell, args[3]!, i)
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    this.#tests ??= this.#expected === undefined ? this.#ofIndependence() : this.#of(this.#expected)
    for (let i = 0; i < count; i++) out.setNumber(i, this.#measure(this.#tests[firstGroup + i]!))
  }

  /** Against the counts given: the cells that there are. */
  #of(expected: ExactSums): readonly ChiSquare[] {
    const chi2 = sums(this.#groups)
    for (let cell = 0; cell < this.#cells.count; cell++)
      chi2.add(this.#groupOf(cell), deviation(this.#observed.value(cell), expected.value(cell)))
    return this.#tables((group, columns, rows) => ({
      chi2: chi2.value(group),
      // A single row or column is compared value by value, as https://support.microsoft.com/en-us/excel/chisq-test-function has it.
      freedom: columns > 1 && rows > 1 ? (columns - 1) * (rows - 1) : Math.max(columns, rows) - 1,
    }))
  }

  /**
   * Against the products of the margins. Source: https://www.itl.nist.gov/div898/handbook/prc/section4/prc45.htm
   * Cells that do not occur have observed 0 and deviate by what is expected of them: what the others leave of the total.
   */
  #ofIndependence(): readonly ChiSquare[] {
    const ofColumns = sums(this.#columns.count)
    const ofRows = sums(this.#rows.count)
    const totals = sums(this.#groups)
    for (let cell = 0; cell < this.#cells.count; cell++) {
      const observed = this.#observed.value(cell)
      ofColumns.add(this.#cells.first(cell), observed)
      ofRows.add(this.#cells.second(cell), observed)
      totals.add(this.#groupOf(cell), observed)
    }
    const chi2 = sums(this.#groups)
    const expectations = sums(this.#groups)
    const filled = new Uint32Array(this.#groups)
    for (let cell = 0; cell < this.#cells.count; cell++) {
      const group = this.#groupOf(cell)
      const expected =
        ofColumns.value(this.#cells.first(cell)) *
        (ofRows.value(this.#cells.second(cell)) / totals.value(group))
      chi2.add(group, deviation(this.#observed.value(cell), expected))
      expectations.add(group, expected)
      filled[group]! += 1
    }
    return this.#tables((group, columns, rows) => {
      const rest =
        filled[group]! < columns * rows ? totals.value(group) - expectations.value(group) : 0
      return {
        chi2: chi2.value(group) + Math.max(0, rest),
        freedom: (columns - 1) * (rows - 1),
      }
    })
  }

  /** The test of each group from the size of its table; all NaN where there is no table or no test. */
  #tables(
    testOf: (group: number, columns: number, rows: number) => ChiSquare,
  ): readonly ChiSquare[] {
    const columns = countsByFirst(this.#columns, this.#groups)
    const rows = countsByFirst(this.#rows, this.#groups)
    return Array.from({ length: this.#groups }, (_, group) => {
      const test = testOf(group, columns[group]!, rows[group]!)
      return columns[group] === 0 || Number.isNaN(test.chi2) ? noTest : test
    })
  }

  #groupOf(cell: number): number {
    return this.#columns.first(this.#cells.first(cell))
  }
}

const noTest: ChiSquare = { chi2: Number.NaN, freedom: Number.NaN }

function sums(slots: number): ExactSums {
  const sums = new ExactSums()
  sums.resize(slots)
  return sums
}

function addTo(sums: ExactSums, cell: number, numbers: Vector, slot: number): void {
  sums.resize(cell + 1)
  sums.add(cell, (numbers.kinds[slot]! & 1) === 1 ? numbers.numbers[slot]! : Number.NaN)
}

/** Where nothing can be expected, or less than nothing was observed, there is no test. */
function deviation(observed: number, expected: number): number {
  return observed >= 0 && expected > 0 ? (observed - expected) ** 2 / expected : Number.NaN
}

function countsByFirst(pairs: PairIds, length: number): Uint32Array {
  const counts = new Uint32Array(length)
  for (let id = 0; id < pairs.count; id++) counts[pairs.first(id)]! += 1
  return counts
}

function chi2Test(
  part: string,
  meaning: string,
  measure: (test: ChiSquare) => number,
): AggregationDefinition {
  return define(
    `Chi2Test_${part}(col, row, observed [,expected])`,
    `Chi² test of a table against expected counts, or of columns and rows for independence: ${meaning}.`,
    `StatisticalTestFunctions/chi2-tests/chi2test_${part}.htm`,
    ({ args }) => new ContingencyState(args > 3, measure),
    { args: [3, 4], distinctBy: 'all' },
  )
}

/** Chi² tests of counts. */
export const chi2TestAggregations: readonly AggregationDefinition[] = [
  chi2Test('chi2', 'chi² value', ({ chi2 }) => chi2),
  chi2Test('df', 'degrees of freedom', ({ freedom }) => freedom),
  chi2Test('p', 'significance', ({ chi2, freedom }) => chiSquareTail(chi2, freedom)),
]
