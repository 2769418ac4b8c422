import {
  boundingBox,
  type Geometry,
  geometryText,
  type Polygon,
  type Position,
  projected,
  projection,
  type Ring,
  readGeometry,
  signedArea,
} from '../math/geometry.ts'
import type { Value } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import {
  category,
  type FunctionContext,
  numberArg,
  type ScalarFunction,
  textArg,
} from './function.ts'

function geometryArg(
  args: readonly Value[],
  index: number,
  context: FunctionContext,
): Geometry | undefined {
  const text = textArg(args, index, context)
  return text === null ? undefined : readGeometry(text)
}

/** Centres that count by their weights. */
interface Weighted {
  readonly centre: Position
  readonly weight: number
}

function mean(parts: readonly Weighted[]): Position | undefined {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  const start = parts[0]?.centre
  if (start === undefined || total === 0) return undefined
  const along = (axis: 0 | 1) =>
    start[axis] +
    parts.reduce((sum, { centre, weight }) => sum + (centre[axis] - start[axis]) * weight, 0) /
      total
  return [along(0), along(1)]
}

/** Each edge makes a triangle with the first position of the ring, whose centre counts by its area, signed as the ring runs. */
function triangles(ring: Ring): readonly Weighted[] {
  const [start] = ring
  if (start === undefined) return []
  return ring.slice(1).map((at, index) => {
    const before = ring[index] ?? start
    return {
      centre: [(start[0] + before[0] + at[0]) / 3, (start[1] + before[1] + at[1]) / 3],
      weight: signedArea([start, before, at]),
    }
  })
}

/** An outer boundary adds and holes take away, however they run. */
function areas(polygon: Polygon): readonly Weighted[] {
  return polygon.flatMap((ring, index) => {
    const sign = signedArea(ring) > 0 === (index === 0) ? 1 : -1
    return triangles(ring).map(({ centre, weight }) => ({ centre, weight: weight * sign }))
  })
}

/** The centre of area; of what has no area, the mean of its positions. */
function centre({ depth, polygons }: Geometry): Position | undefined {
  const middle = depth < 3 ? undefined : mean(polygons.flatMap(areas))
  return middle ?? mean(polygons.flat(2).map((position) => ({ centre: position, weight: 1 })))
}

export const geospatialFunctions: readonly ScalarFunction[] = category(
  'geospatial',
  'GeospatialFunctions/geospatial-functions.htm',
  [
    {
      signature: 'GeoMakePoint(lat, lon)',
      meaning: 'point text [lon,lat]',
      min: 2,
      evaluate: (args, context) => {
        const latitude = numberArg(args, 0, context)
        const longitude = numberArg(args, 1, context)
        if (Number.isNaN(latitude) || Number.isNaN(longitude)) return null
        const text = (number: number) => formatNumber(number, null, defaultFormatSettings)
        return `[${text(longitude)},${text(latitude)}]`
      },
    },
    {
      signature: 'GeoGetBoundingBox(geometry)',
      meaning: 'smallest rectangle around a geometry, text [left,right,top,bottom]',
      evaluate: (args, context) => {
        const geometry = geometryArg(args, 0, context)
        return geometry === undefined ? null : boundingBox([geometry])
      },
    },
    {
      signature: 'GeoGetPolygonCenter(geometry)',
      meaning: 'center of area of a geometry, point text [lon,lat]',
      evaluate: (args, context) => {
        const geometry = geometryArg(args, 0, context)
        const middle = geometry === undefined ? undefined : centre(geometry)
        return middle === undefined ? null : JSON.stringify(middle)
      },
    },
    {
      signature: 'GeoProject(type, geometry)',
      meaning: "geometry in a projection: 'unit' leaves it, 'mercator' is web Mercator in metres",
      min: 2,
      evaluate: (args, context) => {
        const project = projection(textArg(args, 0, context))
        const geometry = geometryArg(args, 1, context)
        if (project === undefined || geometry === undefined) return null
        return geometryText(projected(geometry, project))
      },
    },
  ],
)
