import { LoadError } from '@lichen/engine'

type Pair = readonly [number, number]

/** What a placemark shows, by kind; coordinates are longitude and latitude. */
export class Geometry {
  readonly points: Pair[] = []
  readonly lines: (readonly Pair[])[] = []
  /** Each a list of rings, the outer one first. */
  readonly areas: Pair[][][] = []

  /** Texts as GeoJSON writes coordinates; several points, lines or areas are a list of them. */
  texts(): Readonly<Partial<Record<'Point' | 'Line' | 'Area', string>>> {
    return {
      ...(this.points.length > 0 ? { Point: listed(this.points) } : {}),
      ...(this.lines.length > 0 ? { Line: listed(this.lines) } : {}),
      ...(this.areas.length > 0 ? { Area: listed(this.areas) } : {}),
    }
  }
}

function listed(shapes: readonly unknown[]): string {
  return JSON.stringify(shapes.length === 1 ? shapes[0] : shapes)
}

/**
 * Tuples `longitude,latitude[,height]` separated by blanks; heights are left out.
 * Source: https://docs.ogc.org/is/12-007r2/12-007r2.html (kml:coordinates)
 * @throws LoadError `source-malformed`
 */
export function readCoordinates(text: string, where: string): Pair[] {
  const tuples = text.split(/\s+/).filter((tuple) => tuple !== '')
  return tuples.map((tuple) => pairOf(tuple.split(','), tuple, where))
}

/** `longitude latitude height`, the parts separated by blanks, as tracks write them. @throws LoadError `source-malformed` */
export function readTrackCoordinates(text: string, where: string): Pair {
  return pairOf(text.trim().split(/\s+/), text, where)
}

function pairOf([longitude, latitude]: readonly string[], text: string, where: string): Pair {
  const pair = [numberOf(longitude), numberOf(latitude)] as const
  if (pair.every(Number.isFinite)) return pair
  throw new LoadError(
    'source-malformed',
    `${where}: "${text.slice(0, 40)}" is no longitude,latitude`,
  )
}

function numberOf(text = ''): number {
  return text === '' ? Number.NaN : Number(text)
}
