import type { Cells } from './cells.ts'
import type { CubeCell } from './cube.ts'
import { type Expansion, measuresHeading, type PivotDimension } from './pivot-definition.ts'
import type { CodedColumn } from './shown-rows.ts'

/** A cell of a pivot table's margin. */
export interface PivotHeading {
  readonly kind: 'value' | 'null' | 'others' | 'total' | 'measure'
  /** The dimension, or `measuresHeading`. */
  readonly heading: number
  /** As in a cell of a table: its element is -1 for a total, and the number of the measure for one. */
  readonly cell: CubeCell
  /** Whether there are headings inside, shown or not. */
  readonly canExpand: boolean
  readonly isExpanded: boolean
  /** The first row or column below it, and how many there are. */
  readonly first: number
  readonly count: number
  readonly children: readonly PivotHeading[]
}

/** A row or column of cells: the values of the first of its dimensions, none for the others. */
export interface PivotLine {
  /** Codes of the dimensions of the margin from outside in, as far as they are shown. */
  readonly codes: readonly number[]
  readonly isTotal: boolean
  /** Undefined where the other margin names the measure. */
  readonly measure: number | undefined
}

/** One margin: its headings as a tree, and the lines below them in order. */
export interface Margin {
  readonly roots: readonly PivotHeading[]
  readonly lines: readonly PivotLine[]
}

/** What a margin is made of. */
export interface MarginSource {
  readonly headings: readonly number[]
  readonly columns: readonly CodedColumn[]
  /** Rows of the grouping, sorted by the dimensions of the margin and different in them. */
  readonly tuples: Uint32Array
  readonly expansion: Expansion | undefined
  readonly measures: readonly string[]
  readonly cells: Cells
}

export function marginOf(source: MarginSource): Margin {
  const builder = new MarginBuilder(source)
  const roots = builder.children(0, { from: 0, to: source.tuples.length }, start)
  return { roots, lines: builder.lines }
}

/** Neighbouring tuples. */
interface Range {
  readonly from: number
  readonly to: number
}

/** What the headings from outside in say so far. */
interface Place {
  readonly codes: readonly number[]
  readonly path: readonly number[]
  readonly measure: number | undefined
  /** Nothing further in is shown but the measures: this is a total, or not expanded. */
  readonly isClosed: boolean
  readonly isTotal: boolean
}

const start: Place = {
  codes: [],
  path: [],
  measure: undefined,
  isClosed: false,
  isTotal: false,
}

class MarginBuilder {
  readonly lines: PivotLine[] = []
  readonly #source: MarginSource
  readonly #paths: ReadonlySet<string>

  constructor(source: MarginSource) {
    this.#source = source
    this.#paths = new Set(source.expansion?.paths.map((path) => path.join(',')))
  }

  children(level: number, range: Range, place: Place): readonly PivotHeading[] {
    const heading = this.#source.headings[level]
    if (heading === undefined) {
      const { codes, isTotal, measure } = place
      this.lines.push({ codes, isTotal, measure })
      return []
    }
    if (heading === measuresHeading) return this.#measures(level, range, place)
    if (place.isClosed) return this.children(level + 1, range, place)
    return this.#values(level, heading, range, place)
  }

  #measures(level: number, range: Range, place: Place): PivotHeading[] {
    return this.#source.measures.map((text, measure) =>
      this.#heading(level, range, { ...place, measure }, 'measure', measuresHeading, {
        text,
        number: Number.NaN,
        element: measure,
        isNull: false,
      }),
    )
  }

  #values(level: number, index: number, range: Range, place: Place): PivotHeading[] {
    const { columns, tuples, cells } = this.#source
    const column = columns[index]
    if (column === undefined) return []
    const { total, totalLabel = 'Totals' }: PivotDimension = column.definition
    const headings: PivotHeading[] = []
    const addTotal = (where: PivotDimension['total']): void => {
      if (total !== where) return
      const cell = { text: totalLabel, number: Number.NaN, element: -1, isNull: false }
      const closed = { ...place, isClosed: true, isTotal: true }
      headings.push(this.#heading(level, range, closed, 'total', index, cell))
    }
    addTotal('before')
    for (let { from } = range; from < range.to; ) {
      const code = column.codes[tuples[from]!]!
      let to = from + 1
      while (to < range.to && column.codes[tuples[to]!] === code) to += 1
      const cell = cells.ofDimension(column, code)
      const path = [...place.path, cell.element]
      const isClosed = !this.#isInnermost(level) && !this.#isExpanded(path)
      const inside = { ...place, codes: [...place.codes, code], path, isClosed }
      headings.push(this.#heading(level, { from, to }, inside, kindOf(cell), index, cell))
      from = to
    }
    addTotal('after')
    return headings
  }

  #heading(
    level: number,
    range: Range,
    place: Place,
    kind: PivotHeading['kind'],
    heading: number,
    cell: CubeCell,
  ): PivotHeading {
    const first = this.lines.length
    const children = this.children(level + 1, range, place)
    const isValue = kind !== 'total' && kind !== 'measure'
    const canExpand = isValue && !this.#isInnermost(level)
    return {
      kind,
      heading,
      cell,
      canExpand,
      isExpanded: canExpand && !place.isClosed,
      first,
      count: this.lines.length - first,
      children,
    }
  }

  /** Whether no dimension stands further in. */
  #isInnermost(level: number): boolean {
    return this.#source.headings.slice(level + 1).every((heading) => heading === measuresHeading)
  }

  #isExpanded(path: readonly number[]): boolean {
    const isNamed = this.#paths.has(path.join(','))
    return this.#source.expansion?.mode === 'only' ? isNamed : !isNamed
  }
}

function kindOf({ element, isNull }: CubeCell): PivotHeading['kind'] {
  if (isNull) return 'null'
  return element === -3 ? 'others' : 'value'
}
