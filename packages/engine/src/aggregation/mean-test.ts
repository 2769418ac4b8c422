import {
  criticalValue,
  type MeanTest,
  type Sample,
  significanceOf,
  statisticOf,
} from '../math/mean-test.ts'
import { collate } from '../value/collate.ts'
import { numberOf, type Value } from '../value/dual.ts'
import type { Vector } from '../value/vector.ts'
import {
  type Accumulator,
  type AggregationDefinition,
  define,
  grown,
  noGroup,
} from './aggregation.ts'
import { Moments } from './moments.ts'
import { ValueIds } from './value-ids.ts'

/** Arguments after the sample, by what signatures call them. */
const optionNames = { significance: 'sig', deviation: 'sigma', equalVariance: 'eq_var=true' }
type Option = keyof typeof optionNames
export type Options = Partial<Record<Option, number>>

/** The same one twice where a test has but one. */
export type Samples = readonly [first: Sample, second: Sample]

/** Tests of a mean that differ in their samples and in their error. */
export interface MeanTestFamily {
  /** Of the names of the functions: TTest1 … */
  readonly prefix: string
  readonly meaning: string
  readonly folder: 'ttest' | 'ztest'
  readonly statistic: 't' | 'z'
  /** Two samples are told apart by the argument before the values. */
  readonly samples: 1 | 2
  /** In the order of the call, for a part that is or is not a bound of the interval. */
  readonly options: (interval: boolean) => readonly Option[]
  readonly test: (samples: Samples, options: Options) => MeanTest
}

interface Part {
  readonly name: string
  readonly meaning: string
  readonly interval: boolean
  /** `margin` is half the width of the interval, NaN for what is none of its bounds. */
  readonly of: (test: MeanTest, margin: number) => number
}

function part(name: string, meaning: string, of: Part['of'], interval = false): Part {
  return { name, meaning, of, interval }
}

const sharedParts: readonly Part[] = [
  part('sig', 'two-tailed significance', significanceOf),
  part('dif', 'mean difference', ({ difference }) => difference),
  part('sterr', 'standard error of the difference', ({ error }) => error),
  part('conf', 'half the width of the confidence interval', (_, margin) => margin, true),
  part(
    'lower',
    'lower end of the confidence interval',
    ({ difference }, margin) => difference - margin,
    true,
  ),
  part(
    'upper',
    'upper end of the confidence interval',
    ({ difference }, margin) => difference + margin,
    true,
  ),
]

const partsOf: Readonly<Record<MeanTestFamily['statistic'], readonly Part[]>> = {
  t: [
    part('t', 't value', statisticOf),
    part('df', 'degrees of freedom', ({ freedom }) => freedom),
    ...sharedParts,
  ],
  z: [part('z', 'z value', statisticOf), ...sharedParts],
}

/** The pages call 0.025 two-tailed and get a 95 % interval from it: so much is left out on either side. */
const defaultSignificance = 0.025

/** Every part of a family's tests, plain and weighted. */
export function meanTests(family: MeanTestFamily): readonly AggregationDefinition[] {
  return [false, true].flatMap((weighted) =>
    partsOf[family.statistic].map((part) => definitionOf(family, part, weighted)),
  )
}

function definitionOf(
  family: MeanTestFamily,
  part: Part,
  weighted: boolean,
): AggregationDefinition {
  const name = `${family.prefix}${weighted ? 'w' : ''}_${part.name}`
  const sample = [
    ...(weighted ? ['weight'] : []),
    ...(family.samples === 2 ? ['grp'] : []),
    'value',
  ]
  const options = family.options(part.interval)
  const optional = options.reduceRight((rest, option) => ` [,${optionNames[option]}${rest}]`, '')
  return define(
    `${name}(${sample.join(', ')}${optional})`,
    `${weighted ? 'Weighted ' : ''}${family.meaning}: ${part.meaning}.`,
    `StatisticalTestFunctions/${family.folder}/${name.toLowerCase()}.htm`,
    ({ args }) =>
      new MeanTestState(
        { samples: family.samples, weighted, options: options.slice(0, args - sample.length) },
        measureOf(family, part),
      ),
    { args: [sample.length, sample.length + options.length], distinctBy: 'all' },
  )
}

function measureOf(
  { test }: MeanTestFamily,
  part: Part,
): (samples: Samples, given: Options) => number {
  const critical = knownCriticalValues()
  return (samples, given) => {
    const result = test(samples, given)
    const margin = part.interval
      ? critical(given.significance ?? defaultSignificance, result.freedom) * result.error
      : Number.NaN
    return part.of(result, margin)
  }
}

/** Groups share levels and mostly degrees of freedom, and an inverse takes as long as thousands of rows. */
function knownCriticalValues(): typeof criticalValue {
  const known = new Map<number, number>()
  let level = Number.NaN
  return (tail, freedom) => {
    if (tail !== level) known.clear()
    level = tail
    const value = known.get(freedom) ?? criticalValue(tail, freedom)
    known.set(freedom, value)
    return value
  }
}

/** How to read the arguments: a weight if any, what tells two samples apart, the value, then these options. */
interface Layout {
  readonly samples: 1 | 2
  readonly weighted: boolean
  readonly options: readonly Option[]
}

/**
 * The moments of one or two samples per group. A weight says how often a value counts, as the pages have it: not at all where it is no
 * positive number. A counted value that is no number makes the result NULL (the limitation on each page), as do more than two samples.
 * The pages do not tell which of two samples is subtracted from the other. Here it is that of the lesser label, so that no selection and no
 * order of rows turns a sign; their report, Observation less Comparison, agrees:
 * https://help.qlik.com/en-US/sense/May2024/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/StatisticalTestFunctions/ttest/ttest_t_example.htm
 */
class MeanTestState implements Accumulator {
  readonly #layout: Layout
  readonly #measure: (samples: Samples, options: Options) => number
  readonly #moments = new Moments()
  readonly #ids = new ValueIds()
  /** By id. */
  readonly #labelValues: Value[] = [null]
  /** The label of each sample of each group; 0 = none yet. */
  #labels: Uint32Array = new Uint32Array(0)
  /** Of each group those of its last row; they are constants. */
  #options: Float64Array = new Float64Array(0)

  constructor(layout: Layout, measure: (samples: Samples, options: Options) => number) {
    this.#layout = layout
    this.#measure = measure
  }

  resize(groups: number): void {
    const { samples, options } = this.#layout
    this.#moments.resize(groups * samples)
    if (samples === 2) this.#labels = grown(this.#labels, groups * samples)
    this.#options = grown(this.#options, groups * options.length)
  }

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const { samples, weighted } = this.#layout
    const rest = weighted ? args.slice(1) : args
    const weights = weighted ? args[0] : undefined
    const labels = samples === 2 ? rest[0] : undefined
    const values = rest[samples - 1]!
    const options = rest.slice(samples)
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      if (group === noGroup) continue
      const weight = weights === undefined ? 1 : numberIn(weights, i)
      if (!(weight > 0)) continue
      const label = labels === undefined ? 0 : this.#labelOf(labels, i)
      if (labels !== undefined && label === 0) continue
      for (let o = 0; o < options.length; o++)
        this.#options[group * options.length + o] = numberIn(options[o]!, i)
      const slot = labels === undefined ? group : this.#slotOf(group, label)
      if (slot === noSlot) this.#moments.spoil(group * samples)
      else if ((values.kinds[i]! & 1) === 0) this.#moments.spoil(slot)
      else this.#moments.add(slot, values.numbers[i]!, weight)
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) out.setNumber(i, this.#resultOf(firstGroup + i))
  }

  #resultOf(group: number): number {
    const { options } = this.#layout
    const given: Options = {}
    for (const [o, option] of options.entries()) {
      const number = this.#options[group * options.length + o]!
      if (Number.isNaN(number)) return Number.NaN
      given[option] = number
    }
    return this.#measure(this.#samplesOf(group), given)
  }

  #samplesOf(group: number): Samples {
    const { samples } = this.#layout
    const first = this.#moments.of(group * samples)
    if (samples === 1) return [first, first]
    const second = this.#moments.of(group * 2 + 1)
    const [label, other] = [this.#labels[group * 2]!, this.#labels[group * 2 + 1]!]
    return isGreater(this.#labelValues[label] ?? null, this.#labelValues[other] ?? null)
      ? [first, second]
      : [second, first]
  }

  #labelOf(labels: Vector, slot: number): number {
    const { count } = this.#ids
    const label = this.#ids.idOf(labels, slot)
    if (label === count) this.#labelValues.push(labels.get(slot))
    return label
  }

  #slotOf(group: number, label: number): number {
    const labels = this.#labels
    for (let slot = group * 2; slot < group * 2 + 2; slot++) {
      if (labels[slot] === 0) labels[slot] = label
      if (labels[slot] === label) return slot
    }
    return noSlot
  }
}

/** The group has two samples already. */
const noSlot = -1

/** Of two values that differ. Numbers come before texts. */
function isGreater(a: Value, b: Value): boolean {
  if (typeof a !== 'string') return numberOf(a) > numberOf(b)
  return typeof b !== 'string' || collate(a, b) > 0
}

function numberIn(values: Vector, slot: number): number {
  return (values.kinds[slot]! & 1) === 1 ? values.numbers[slot]! : Number.NaN
}
