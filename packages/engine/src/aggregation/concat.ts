import { collate } from '../value/collate.ts'
import { textOf } from '../value/text-of.ts'
import type { Vector } from '../value/vector.ts'
import {
  type Accumulator,
  type AggregationDefinition,
  type AggregationSettings,
  define,
  noGroup,
} from './aggregation.ts'

interface Piece {
  readonly text: string
  readonly weight: number
}

/**
 * Texts joined by the first delimiter seen, in order of weight, those of equal weight in order of text. Without weights all are equal.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/StringAggregationFunctions/concat.htm
 */
class ConcatState implements Accumulator {
  readonly #pieces: (Piece[] | undefined)[] = []
  readonly #delimiters: (string | undefined)[] = []
  readonly #settings: AggregationSettings

  constructor(settings: AggregationSettings) {
    this.#settings = settings
  }

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const { format } = this.#settings
    const [values, delimiters, weights] = args
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup) continue
      const text = textOf(values!.get(i), format)
      if (text === null) continue
      let pieces = this.#pieces[group]
      if (pieces === undefined) {
        pieces = []
        this.#pieces[group] = pieces
        this.#delimiters[group] =
          delimiters === undefined ? '' : (textOf(delimiters.get(i), format) ?? '')
      }
      const weight =
        weights !== undefined && (weights.kinds[i]! & 1) === 1 ? weights.numbers[i]! : 0
      pieces.push({ text, weight })
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const pieces = this.#pieces[firstGroup + i]
      if (pieces === undefined) {
        out.set(i, null)
        continue
      }
      pieces.sort((a, b) => a.weight - b.weight || collate(a.text, b.text))
      out.set(i, pieces.map(({ text }) => text).join(this.#delimiters[firstGroup + i]))
    }
  }
}

export const concatAggregations: readonly AggregationDefinition[] = [
  define(
    'Concat(string [, delimiter [, weight]])',
    'Joins texts, in order of weight and of text.',
    'concat.htm',
    (settings) => new ConcatState(settings),
    { args: [1, 3] },
  ),
]
