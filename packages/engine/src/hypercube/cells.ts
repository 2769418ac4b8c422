import type { Dimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
import { Dual, numberOf, type Value } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import type { NumberFormat } from '../value/number-format.ts'
import { textOf } from '../value/text-of.ts'
import type { TableDimension, TableMeasure } from './column-info.ts'
import type { CubeCell } from './cube.ts'
import { othersCode } from './limit.ts'
import { valuesByCode } from './sort-keys.ts'

export const nullCell: CubeCell = { text: '-', number: Number.NaN, element: -2, isNull: true }

/** Makes cells of values; what is worked out for a dimension's attributes stays for the next cell. */
export class Cells {
  readonly #env: Environment
  readonly #attributes = new Map<string, ReadonlyMap<number, Value>>()

  constructor(env: Environment) {
    this.#env = env
  }

  of(value: Value, format: NumberFormat | null, element: number): CubeCell {
    if (value === null) return element === 0 ? { ...nullCell, element: 0 } : nullCell
    return { text: this.#text(value, format), number: numberOf(value), element, isNull: false }
  }

  /** The value of a dimension that has a code. */
  ofDimension(column: TableDimension, code: number): CubeCell {
    const { source, limited, format, constant } = column
    if (source === undefined)
      return column.error === undefined ? this.of(constant, format, 0) : nullCell
    if (limited && code === othersCode)
      return {
        text: column.definition.limit?.othersLabel ?? 'Others',
        number: Number.NaN,
        element: -3,
        isNull: false,
      }
    const own = limited && code > 0 ? code - 1 : code
    if (own === 0) return nullCell
    const cell = this.of(source.valueOf(own), format, own - 1)
    const texts = column.definition.attributes ?? []
    return texts.length === 0
      ? cell
      : {
          ...cell,
          attributes: texts.map((text) =>
            this.#attribute(this.#attributesOf(text, source).get(own) ?? null),
          ),
        }
  }

  ofMeasure({ values, format, attributes }: TableMeasure, position: number): CubeCell {
    const cell = this.of(values.get(position), format, 0)
    return attributes.length === 0
      ? cell
      : { ...cell, attributes: attributes.map((vector) => this.#attribute(vector.get(position))) }
  }

  #attributesOf(text: string, source: Dimension): ReadonlyMap<number, Value> {
    const key = `${source.fields.join(',')}:${text}`
    let values = this.#attributes.get(key)
    if (values === undefined) {
      values = valuesByCode(text, source, this.#env)
      this.#attributes.set(key, values)
    }
    return values
  }

  #attribute(value: Value): { readonly text: string; readonly number: number } {
    return { text: textOf(value, this.#env.view.settings) ?? '', number: numberOf(value) }
  }

  #text(value: Exclude<Value, null>, format: NumberFormat | null): string {
    if (typeof value === 'string') return value
    const { settings } = this.#env.view
    return value instanceof Dual ? value.text : formatNumber(value, format, settings)
  }
}
