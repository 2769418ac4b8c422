/** Longitude and latitude in degrees, or the coordinates of a projection. */
export type Position = readonly [x: number, y: number]
/** Positions in a row; the last of an area's boundary repeats the first. */
export type Ring = readonly Position[]
/** An area: its outer boundary, then its holes. */
export type Polygon = readonly Ring[]

/**
 * A geometry as the coordinates of GeoJSON: depth 1 is a point, 2 a line or a set of points, 3 a polygon and 4 several polygons. Whatever
 * the depth, positions lie in rings of polygons: a point is the only position of the only ring.
 * Source: https://www.rfc-editor.org/rfc/rfc7946#section-3.1
 */
export interface Geometry {
  readonly depth: number
  readonly polygons: readonly Polygon[]
}

const deepest = 4

/** Undefined for a text that is no geometry. Heights are left out. */
export function readGeometry(text: string): Geometry | undefined {
  const json = parsed(text)
  let depth = 0
  for (let part = json; Array.isArray(part); part = part[0]) depth += 1
  if (depth < 1 || depth > deepest) return undefined
  let nested: unknown = json
  for (let level = depth; level < deepest; level++) nested = [nested]
  const polygons = listOf(nested, (polygon) =>
    listOf(polygon, (ring) => listOf(ring, readPosition)),
  )
  return polygons === undefined ? undefined : { depth, polygons }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined unless every part is read. */
function listOf<T>(json: unknown, read: (part: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(json)) return undefined
  const parts: T[] = []
  for (const part of json) {
    const value = read(part)
    if (value === undefined) return undefined
    parts.push(value)
  }
  return parts
}

function readPosition(json: unknown): Position | undefined {
  if (!Array.isArray(json)) return undefined
  const [x, y] = json
  if (typeof x !== 'number' || typeof y !== 'number') return undefined
  return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : undefined
}

/** The coordinates as JSON, as deep as the geometry is. */
export function geometryText({ depth, polygons }: Geometry): string {
  let nested: unknown = polygons
  for (let level = deepest; level > depth; level--) nested = Array.isArray(nested) ? nested[0] : []
  return JSON.stringify(nested)
}

/** The smallest rectangle around all positions as `[left,right,top,bottom]`; NULL when there are none. */
export function boundingBox(geometries: readonly Geometry[]): string | null {
  let [left, right, top, bottom] = [Infinity, -Infinity, -Infinity, Infinity]
  for (const { polygons } of geometries)
    for (const [x, y] of polygons.flat(2)) {
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.max(top, y)
      bottom = Math.min(bottom, y)
    }
  return left === Infinity ? null : JSON.stringify([left, right, top, bottom])
}

/** Metres. Source: https://epsg.io/3857 */
const earthRadius = 6_378_137
/** The latitude in radians where the map is a square; what lies beyond is drawn at the edge. */
const lastLatitude = Math.atan(Math.sinh(Math.PI))
const radian = Math.PI / 180

function toMercator([longitude, latitude]: Position): Position {
  const shown = Math.min(lastLatitude, Math.max(-lastLatitude, latitude * radian))
  return [earthRadius * longitude * radian, earthRadius * Math.atanh(Math.sin(shown))]
}

function fromMercator([x, y]: Position): Position {
  return [x / earthRadius / radian, Math.atan(Math.sinh(y / earthRadius)) / radian]
}

const kept = (position: Position): Position => position

/**
 * The projection of a name, which is 'unit' where none is given, or what undoes it; undefined when there is none of that name. 'mercator'
 * is web Mercator with metres.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/GeospatialFunctions/GeoProject.htm
 */
export function projection(
  name: string | null,
  inverse = false,
): ((position: Position) => Position) | undefined {
  switch ((name ?? '').toLowerCase()) {
    case '':
    case 'unit':
      return kept
    case 'mercator':
      return inverse ? fromMercator : toMercator
    default:
      return undefined
  }
}

export function projected(
  { depth, polygons }: Geometry,
  project: (position: Position) => Position,
): Geometry {
  return { depth, polygons: polygons.map((rings) => rings.map((ring) => ring.map(project))) }
}

/** Twice the area within a ring, positive when it runs counterclockwise. Closed or not is the same. */
export function signedArea(ring: Ring): number {
  const first = ring[0]
  if (first === undefined) return 0
  let area = 0
  let before = ring[ring.length - 1] ?? first
  // Relative to the first position, so that small areas far from the origin keep their digits.
  for (const at of ring) {
    area +=
      (before[0] - first[0]) * (at[1] - first[1]) - (at[0] - first[0]) * (before[1] - first[1])
    before = at
  }
  return area
}
