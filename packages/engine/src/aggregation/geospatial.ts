import {
  boundingBox,
  type Geometry,
  geometryText,
  type Polygon,
  type Position,
  projected,
  projection,
  readGeometry,
} from '../math/geometry.ts'
import { numberOf, type Value } from '../value/dual.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { textOf } from '../value/text-of.ts'
import type { Vector } from '../value/vector.ts'
import { type Accumulator, type AggregationDefinition, define, noGroup } from './aggregation.ts'
import { unionOfAreas } from './area-union.ts'
import { corners, reducedRing } from './reduced-ring.ts'

interface Gathered {
  readonly geometries: Geometry[]
  /** The first value of the argument beside the geometry. */
  readonly option: Value
}

type Measure = (geometries: readonly Geometry[], option: Value, format: FormatSettings) => Value

/** Keeps each group's geometries in the order they come; a value that is none takes no part. */
class GeometriesState implements Accumulator {
  readonly #groups: (Gathered | undefined)[] = []
  readonly #format: FormatSettings
  readonly #place: 0 | 1
  readonly #measure: Measure

  constructor(format: FormatSettings, place: 0 | 1, measure: Measure) {
    this.#format = format
    this.#place = place
    this.#measure = measure
  }

  resize(): void {}

  add(groups: Uint32Array, args: readonly Vector[], count: number): void {
    const geometries = args[this.#place]!
    const options = args[1 - this.#place]
    for (let i = 0; i < count; i++) {
      const group = groups[i]!
      const text = group === noGroup ? null : textOf(geometries.get(i), this.#format)
      const geometry = text === null ? undefined : readGeometry(text)
      if (geometry === undefined) continue
      const gathered = this.#groups[group]
      if (gathered === undefined)
        this.#groups[group] = { geometries: [geometry], option: options?.get(i) ?? null }
      else gathered.geometries.push(geometry)
    }
  }

  write(out: Vector, firstGroup: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const gathered = this.#groups[firstGroup + i]
      const none = gathered === undefined
      out.set(i, none ? null : this.#measure(gathered.geometries, gathered.option, this.#format))
    }
  }
}

function areasOf(geometries: readonly Geometry[]): readonly Polygon[] {
  return geometries.flatMap(({ depth, polygons }) => (depth < 3 ? [] : polygons))
}

function ofAreas(polygons: readonly Polygon[]): Geometry | undefined {
  return polygons.length === 0 ? undefined : { depth: polygons.length === 1 ? 3 : 4, polygons }
}

/** Each position once, from left to right. */
function ofPoints(geometries: readonly Geometry[]): Geometry | undefined {
  const points = new Map<string, Position>()
  for (const { polygons } of geometries)
    for (const [x, y] of polygons.flat(2)) points.set(`${x} ${y}`, [x, y])
  if (points.size === 0) return undefined
  const ring = [...points.values()].sort(([ax, ay], [bx, by]) => ax - bx || ay - by)
  return { depth: ring.length === 1 ? 1 : 2, polygons: [[ring]] }
}

/** One area from all areas. Points and lines take part only when there is no area: then they are a set of points. */
function merged(geometries: readonly Geometry[]): Geometry | undefined {
  const polygons = areasOf(geometries)
  return polygons.length === 0 ? ofPoints(geometries) : ofAreas(unionOfAreas(polygons))
}

/** Each area once, with as many positions as are left of it. */
function reduced(geometries: readonly Geometry[], option: Value): Geometry | undefined {
  const share = option === null ? 0 : numberOf(option)
  if (!(share >= 0 && share <= 1)) return undefined
  const polygons = areasOf(geometries)
  if (polygons.length === 0) return ofPoints(geometries)
  const byText = new Map(polygons.map((polygon) => [JSON.stringify(polygon), polygon]))
  const texts = [...byText.keys()].sort()
  return ofAreas(
    texts.map((text) => (byText.get(text) ?? []).map((ring) => reducedRing(ring, share))),
  )
}

function textOrNull(geometry: Geometry | undefined): Value {
  return geometry === undefined ? null : geometryText(geometry)
}

const project =
  (inverse: boolean): Measure =>
  (geometries, type, format) => {
    const convert = projection(textOf(type, format), inverse)
    const whole = convert === undefined ? undefined : merged(geometries)
    return convert === undefined || whole === undefined
      ? null
      : geometryText(projected(whole, convert))
  }

function countVertices(geometries: readonly Geometry[]): number {
  let count = 0
  for (const { depth, polygons } of geometries)
    for (const ring of polygons.flat()) count += (depth < 3 ? ring : corners(ring)).length
  return count
}

const pages =
  'https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/GeospatialFunctions/'

function geospatial(
  signature: string,
  meaning: string,
  args: readonly [min: number, max: number],
  place: 0 | 1,
  measure: Measure,
  rest: { readonly idempotent?: boolean; readonly resultFormat?: 'integer' } = { idempotent: true },
): AggregationDefinition {
  const definition = define(
    signature,
    meaning,
    '',
    ({ format }) => new GeometriesState(format, place, measure),
    { args, distinctBy: args[1] === 1 ? 'first' : 'all', ...rest },
  )
  return { ...definition, source: `${pages}${definition.name}.htm` }
}

/**
 * Geometries are texts of coordinates as in GeoJSON, which `geometry.ts` reads.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/GeospatialFunctions/geospatial-functions.htm
 */
export const geospatialAggregations: readonly AggregationDefinition[] = [
  geospatial(
    'GeoAggrGeometry(geometry)',
    'One area from all areas, without the boundaries between them.',
    [1, 1],
    0,
    (geometries) => textOrNull(merged(geometries)),
  ),
  geospatial(
    'GeoBoundingBox(geometry)',
    'The smallest rectangle around all geometries: [left,right,top,bottom].',
    [1, 1],
    0,
    (geometries) => boundingBox(geometries),
  ),
  geospatial(
    'GeoCountVertex(geometry)',
    'How many vertices the geometries have; the closing position of a boundary repeats one.',
    [1, 1],
    0,
    (geometries) => countVertices(geometries),
    { resultFormat: 'integer' },
  ),
  geospatial(
    'GeoInvProjectGeometry(type, geometry)',
    "One area from all areas, out of a projection: 'unit' or 'mercator'.",
    [2, 2],
    1,
    project(true),
  ),
  geospatial(
    'GeoProjectGeometry(type, geometry)',
    "One area from all areas, in a projection: 'unit' or 'mercator'.",
    [2, 2],
    1,
    project(false),
  ),
  geospatial(
    'GeoReduceGeometry(geometry [, value])',
    'All areas beside one another, without a share of their vertices: 0 none, 1 all but triangles.',
    [1, 2],
    0,
    (geometries, value) => textOrNull(reduced(geometries, value)),
  ),
]
