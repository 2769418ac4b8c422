import { maxBatchRows } from './budget.ts'
import type { BatchHeader, Region } from './message.ts'
import type { ArrowField, ArrowType } from './schema.ts'

/** The values of one field in a batch, or in a dictionary. Checked: every place that offsets and lengths lead to is there. */
export interface ArrowArray {
  readonly field: ArrowField
  /** How the values are stored: for places in a dictionary that is an integer. */
  readonly stored: ArrowType
  readonly length: number
  /** Bit i is 0 where value i is NULL; undefined when none is. */
  readonly valid: Uint8Array | undefined
  /** Value i is data, or the child's values, [offsets[i], offsets[i + 1]); empty for types without. */
  readonly offsets: Uint32Array
  /** Values of a fixed width, views, or bytes behind offsets. */
  readonly data: Uint8Array
  /** What views point into. */
  readonly viewed: readonly Uint8Array[]
  readonly children: readonly ArrowArray[]
}

/** The part of a batch that belongs to one field and those in it. */
export interface FieldPart {
  readonly nodes: BatchHeader['nodes']
  readonly regions: readonly Region[]
  readonly viewBuffers: readonly number[]
}

export function storedType({ type, dictionary }: ArrowField): ArrowType {
  return dictionary === undefined ? type : { kind: 'int', ...dictionary.index }
}

function storedChildren({ children, dictionary }: ArrowField): readonly ArrowField[] {
  return dictionary === undefined ? children : []
}

/** Bits of a value where all have the same. */
export function widthOf(type: ArrowType): number | undefined {
  if (type.kind === 'bool') return 1
  if (type.kind === 'bytes' || type.kind === 'list') return undefined
  return 'bits' in type ? type.bits : undefined
}

/** Deals what a batch has out to the fields. @throws Error when it does not fit them */
export function partsOf(fields: readonly ArrowField[], header: BatchHeader): FieldPart[] {
  let [node, region, view] = [0, 0, 0]
  const pass = (field: ArrowField): void => {
    const type = storedType(field)
    node += 1
    if (type.kind === 'bytes' && type.bits === 128) {
      const buffers = header.viewBuffers[view++] ?? -1
      if (buffers < 0 || buffers > header.regions.length)
        throw new Error('a batch does not say what its views point into')
      region += 2 + buffers
    } else region += buffersOf(type)
    for (const child of storedChildren(field)) pass(child)
  }
  const parts = fields.map((field) => {
    const [firstNode, firstRegion, firstView] = [node, region, view]
    pass(field)
    return {
      nodes: header.nodes.slice(firstNode, node),
      regions: header.regions.slice(firstRegion, region),
      viewBuffers: header.viewBuffers.slice(firstView, view),
    }
  })
  if (node !== header.nodes.length || region !== header.regions.length)
    throw new Error('the arrays of a batch do not match the schema')
  return parts
}

function buffersOf({ kind }: ArrowType): number {
  if (kind === 'null') return 0
  if (kind === 'struct' || kind === 'fixedList') return 1
  return kind === 'bytes' ? 3 : 2
}

const nothing = new Uint8Array(0)
const noOffsets = new Uint32Array(0)

/** The array of a field whose regions hold the buffers given. It keeps and may share them. @throws Error when they cannot be its */
export function readArray(
  field: ArrowField,
  { nodes, viewBuffers }: FieldPart,
  buffers: readonly Uint8Array[],
): ArrowArray {
  let [node, buffer, view] = [0, 0, 0]
  const next = (): Uint8Array => {
    const found = buffers[buffer++]
    if (found === undefined) throw new Error('a batch has too few buffers')
    return found
  }
  const read = (at: ArrowField): ArrowArray => {
    const stored = storedType(at)
    const { length, nulls } = nodes[node++] ?? { length: -1, nulls: 0 }
    if (length < 0 || length > maxBatchRows || nulls < 0 || nulls > length)
      throw new Error(`the field ${at.name} has a batch of ${length} values, ${nulls} of them NULL`)
    const bare = stored.kind === 'null'
    const bitmap = bare ? nothing : next()
    const valid = bare || nulls === 0 ? undefined : atLeast(bitmap, Math.ceil(length / 8), at.name)
    const width = widthOf(stored)
    const plain: ArrowArray = {
      field: at,
      stored,
      length,
      valid,
      offsets: noOffsets,
      data: nothing,
      viewed: [],
      children: [],
    }
    if (width !== undefined)
      return { ...plain, data: atLeast(next(), Math.ceil((length * width) / 8), at.name) }
    if (stored.kind === 'bytes' && stored.bits === 128) {
      const views = atLeast(next(), length * 16, at.name)
      const viewed = Array.from({ length: viewBuffers[view++] ?? 0 }, next)
      return { ...plain, data: views, viewed }
    }
    if (stored.kind === 'bytes') {
      const offsets = offsetsIn(next(), stored.bits, length, at.name)
      const data = next()
      return { ...plain, offsets: within(offsets, data.length, at.name), data }
    }
    const offsets =
      stored.kind === 'list' ? offsetsIn(next(), stored.bits, length, at.name) : noOffsets
    const children = storedChildren(at).map(read)
    const needed = stored.kind === 'fixedList' ? length * stored.size : length
    if (stored.kind === 'list') within(offsets, children[0]?.length ?? 0, at.name)
    else if (children.some((child) => child.length < needed))
      throw new Error(`the field ${at.name} has fewer parts than values`)
    return { ...plain, offsets, children }
  }
  return read(field)
}

function atLeast(bytes: Uint8Array, needed: number, field: string): Uint8Array {
  if (bytes.length < needed)
    throw new Error(`a buffer of the field ${field} has ${bytes.length} bytes for ${needed}`)
  return bytes
}

/** The bytes where an array of items of so many bytes can stand on them. */
export function aligned(bytes: Uint8Array, itemBytes: number): Uint8Array {
  return bytes.byteOffset % itemBytes === 0 ? bytes : bytes.slice()
}

/** Of no values there may be no offset. */
function offsetsIn(bytes: Uint8Array, bits: number, length: number, field: string): Uint32Array {
  if (length === 0 && bytes.length < bits / 8) return new Uint32Array(1)
  const words = ((length + 1) * bits) / 32
  const { buffer, byteOffset } = aligned(atLeast(bytes, words * 4, field), 4)
  const found = new Uint32Array(buffer, byteOffset, words)
  if (bits === 32) return found
  const offsets = new Uint32Array(length + 1)
  for (let i = 0; i <= length; i++) {
    if (found[2 * i + 1] !== 0) throw new Error(`an offset of the field ${field} is out of range`)
    offsets[i] = found[2 * i]!
  }
  return offsets
}

/** Offsets never fall and end inside. */
function within(offsets: Uint32Array, end: number, field: string): Uint32Array {
  let last = offsets[0]!
  for (let i = 1; i < offsets.length; i++) {
    const offset = offsets[i]!
    if (offset < last) throw new Error(`an offset of the field ${field} is before the one before`)
    last = offset
  }
  if (last > end) throw new Error(`an offset of the field ${field} is outside its values`)
  return offsets
}
