import { type Polygon, type Position, signedArea } from '../math/geometry.ts'

/** A straight line between two vertices; `a` lies further left, or below. */
export interface Piece {
  readonly a: number
  readonly b: number
  /** How many more polygons cover what lies to its left than what lies to its right. */
  readonly cover: number
}

/**
 * Distinct positions by number. Positions nearer than `near` are one: crossings are rounded, and three lines through one position would else
 * cross in three.
 */
export class Vertices {
  readonly xs: number[] = []
  readonly ys: number[] = []
  /** About 40 of the 53 bits of the largest coordinate: less than a tenth of a millimetre on the earth. */
  readonly near: number
  readonly #cells = new Map<string, number[]>()

  constructor(largest: number) {
    this.near = largest * 2 ** -40
  }

  idOf(x: number, y: number): number {
    const { near } = this
    for (const cell of new Set([
      this.#cell(x - near, y - near),
      this.#cell(x + near, y - near),
      this.#cell(x - near, y + near),
      this.#cell(x + near, y + near),
    ]))
      for (const id of this.#cells.get(cell) ?? [])
        if (Math.hypot(this.xs[id]! - x, this.ys[id]! - y) <= near) return id
    const id = this.xs.length
    this.xs.push(x)
    this.ys.push(y)
    const cell = this.#cell(x, y)
    this.#cells.set(cell, [...(this.#cells.get(cell) ?? []), id])
    return id
  }

  #cell(x: number, y: number): string {
    const size = this.near * 8 || 1
    return `${Math.floor(x / size)} ${Math.floor(y / size)}`
  }

  before(a: number, b: number): boolean {
    return this.xs[a]! < this.xs[b]! || (this.xs[a]! === this.xs[b]! && this.ys[a]! < this.ys[b]!)
  }

  /** Positive when `c` lies to the left of the line from `a` to `b`, 0 when on it. */
  cross(a: number, b: number, c: number): number {
    const { xs, ys } = this
    return (xs[b]! - xs[a]!) * (ys[c]! - ys[a]!) - (ys[b]! - ys[a]!) * (xs[c]! - xs[a]!)
  }

  /** Distance of `c` from the line from `a` to `b`, signed as `cross`; 0 when it is near. */
  side(a: number, b: number, c: number): number {
    const distance = this.cross(a, b, c) / this.length(a, b)
    return Math.abs(distance) <= this.near ? 0 : distance
  }

  /** Where `c` lies along the line from `a` to `b`: 0 at `a`, 1 at `b`. */
  along(a: number, b: number, c: number): number {
    const { xs, ys } = this
    const dx = xs[b]! - xs[a]!
    const dy = ys[b]! - ys[a]!
    return ((xs[c]! - xs[a]!) * dx + (ys[c]! - ys[a]!) * dy) / (dx * dx + dy * dy)
  }

  length(a: number, b: number): number {
    return Math.hypot(this.xs[b]! - this.xs[a]!, this.ys[b]! - this.ys[a]!)
  }
}

/** Most times pieces are cut: rounded crossings may lie beside the lines that cross, and make crossings of their own. */
const maxRounds = 8

/** The boundaries of the polygons cut where they meet, without what two of them share from different sides. */
export function areaPieces(polygons: readonly Polygon[]): {
  readonly vertices: Vertices
  readonly pieces: readonly Piece[]
} {
  const vertices = verticesOf(polygons.flat(2))
  const sum = new PieceSum(vertices)
  for (const polygon of polygons)
    for (const [index, ring] of polygon.entries()) {
      const ids = ring.map(([x, y]) => vertices.idOf(x, y))
      const left = signedArea(ring) > 0 === (index === 0) ? 1 : -1
      for (const [place, id] of ids.entries())
        sum.add(ids[(place + ids.length - 1) % ids.length] ?? id, id, left)
    }
  let pieces = sum.pieces()
  for (let round = 0; round < maxRounds; round++) {
    const next = cutWhereMeeting(vertices, pieces)
    if (next === undefined) break
    pieces = next
  }
  return { vertices, pieces }
}

/** In the order of their coordinates, so that which position stands for those near it does not depend on the order of the polygons. */
function verticesOf(positions: readonly Position[]): Vertices {
  const largest = positions.reduce((most, [x, y]) => Math.max(most, Math.abs(x), Math.abs(y)), 0)
  const vertices = new Vertices(largest)
  for (const [x, y] of [...positions].sort(([ax, ay], [bx, by]) => ax - bx || ay - by))
    vertices.idOf(x, y)
  return vertices
}

/** Adds up pieces between the same vertices. */
class PieceSum {
  readonly #vertices: Vertices
  readonly #covers = new Map<string, { readonly a: number; readonly b: number; cover: number }>()

  constructor(vertices: Vertices) {
    this.#vertices = vertices
  }

  add(from: number, to: number, cover: number): void {
    if (from === to) return
    const forward = this.#vertices.before(from, to)
    const [a, b] = forward ? [from, to] : [to, from]
    const key = `${a} ${b}`
    const found = this.#covers.get(key) ?? { a, b, cover: 0 }
    found.cover += forward ? cover : -cover
    this.#covers.set(key, found)
  }

  /** Those that bound anything, from left to right. */
  pieces(): readonly Piece[] {
    const { xs, ys } = this.#vertices
    const order = (p: number, q: number) => xs[p]! - xs[q]! || ys[p]! - ys[q]!
    return [...this.#covers.values()]
      .filter(({ cover }) => cover !== 0)
      .sort((p, q) => order(p.a, q.a) || order(p.b, q.b))
  }
}

/** Undefined when nothing had to be cut. Pieces come from left to right, so that each meets only those that have not ended before it begins. */
function cutWhereMeeting(
  vertices: Vertices,
  pieces: readonly Piece[],
): readonly Piece[] | undefined {
  const { xs, ys, near } = vertices
  const cuts = new Map<Piece, number[]>()
  const cut = (piece: Piece, at: number) => {
    if (at !== piece.a && at !== piece.b) cuts.set(piece, [...(cuts.get(piece) ?? []), at])
  }
  let open: Piece[] = []
  for (const piece of pieces) {
    const low = Math.min(ys[piece.a]!, ys[piece.b]!) - near
    const high = Math.max(ys[piece.a]!, ys[piece.b]!) + near
    open = open.filter((other) => xs[other.b]! >= xs[piece.a]! - near)
    for (const other of open)
      if (
        Math.max(ys[other.a]!, ys[other.b]!) >= low &&
        Math.min(ys[other.a]!, ys[other.b]!) <= high
      )
        meet(vertices, other, piece, cut)
    open.push(piece)
  }
  if (cuts.size === 0) return undefined
  const sum = new PieceSum(vertices)
  for (const piece of pieces) {
    const place = (at: number) => vertices.along(piece.a, piece.b, at)
    const stops = [...new Set(cuts.get(piece) ?? [])].sort((p, q) => place(p) - place(q))
    let from = piece.a
    for (const to of [...stops, piece.b]) {
      sum.add(from, to, piece.cover)
      from = to
    }
  }
  return sum.pieces()
}

/** Cuts two pieces where they cross, and each where an end of the other lies on it. */
function meet(
  vertices: Vertices,
  p: Piece,
  q: Piece,
  cut: (piece: Piece, at: number) => void,
): void {
  const { xs, ys } = vertices
  const [q1, q2] = [vertices.side(p.a, p.b, q.a), vertices.side(p.a, p.b, q.b)]
  const [p1, p2] = [vertices.side(q.a, q.b, p.a), vertices.side(q.a, q.b, p.b)]
  if (q1 * q2 < 0 && p1 * p2 < 0) {
    const share = p1 / (p1 - p2)
    const at = vertices.idOf(
      xs[p.a]! + share * (xs[p.b]! - xs[p.a]!),
      ys[p.a]! + share * (ys[p.b]! - ys[p.a]!),
    )
    cut(p, at)
    cut(q, at)
    return
  }
  const touches = (side: number, { a, b }: Piece, at: number): boolean => {
    if (side !== 0) return false
    const place = vertices.along(a, b, at)
    return place > 0 && place < 1
  }
  if (touches(q1, p, q.a)) cut(p, q.a)
  if (touches(q2, p, q.b)) cut(p, q.b)
  if (touches(p1, q, p.a)) cut(q, p.a)
  if (touches(p2, q, p.b)) cut(q, p.b)
}
