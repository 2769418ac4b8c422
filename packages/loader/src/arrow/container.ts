import { LoadError } from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import { FlatTable, longAt } from './flatbuffer.ts'
import { type Message, readMessage } from './message.ts'

/** A file or stream of messages: its schema, and the others in an order in which dictionaries come before what uses them. */
export interface Container {
  readonly schema: FlatTable
  messages(): AsyncIterable<Message>
}

const magic = 'ARROW1'
/** `ARROW1`, filled up to 8. */
const headBytes = 8
/** The length of the footer and `ARROW1`. */
const tailBytes = 10
const blockBytes = 24

/** @throws LoadError `source-unsupported`, `source-malformed`; Error for damaged metadata */
export async function openContainer(source: ByteSource): Promise<Container> {
  const head = asciiOf(await source.read(0, Math.min(source.size, headBytes)))
  if (head.startsWith('FEA1'))
    throw new LoadError(
      'source-unsupported',
      `${source.name} is Feather version 1; write it as version 2, which is Arrow`,
    )
  return head.startsWith(magic) ? openFile(source) : openStream(source)
}

async function openStream(source: ByteSource): Promise<Container> {
  const first = await readMessage(source, 0, source.size)
  if (first?.kind !== 'schema') throw new Error('it does not begin with a schema')
  return {
    schema: first.header,
    async *messages() {
      let at = first.bodyAt + first.bodyLength
      for (;;) {
        const message = await readMessage(source, at, source.size)
        if (message === undefined) return
        at = message.bodyAt + message.bodyLength
        yield message
      }
    },
  }
}

/** The footer lists where dictionaries and batches are; they may lie in any order. */
async function openFile(source: ByteSource): Promise<Container> {
  const { size } = source
  if (size < headBytes + tailBytes) throw new Error('it ends early')
  const tail = await source.read(size - tailBytes, size)
  if (asciiOf(tail.subarray(4)) !== magic) throw new Error('it ends early, without its footer')
  const length = new DataView(tail.buffer, tail.byteOffset, 4).getInt32(0, true)
  const start = size - tailBytes - length
  if (length <= 0 || start < headBytes) throw new Error('the footer is longer than the file')
  const footer = FlatTable.root(await source.read(start, size - tailBytes))
  const schema = footer.table(1)
  if (schema === undefined) throw new Error('the footer has no schema')
  const blocks = [...blocksOf(footer, 2, 'dictionary'), ...blocksOf(footer, 3, 'records')]
  if (new Set(blocks.map(({ at }) => at)).size < blocks.length)
    throw new Error('the footer names a block twice')
  return {
    schema,
    async *messages() {
      let total = 0
      for (const { at, kind } of blocks) {
        const message = await readMessage(source, at, start)
        if (message?.kind !== kind) throw new Error(`byte ${at} should be a block of ${kind}`)
        total += message.bodyLength
        if (total > size) throw new Error('the blocks of the footer overlap')
        yield message
      }
    },
  }
}

function* blocksOf(
  footer: FlatTable,
  slot: number,
  kind: 'dictionary' | 'records',
): Generator<{ at: number; kind: 'dictionary' | 'records' }> {
  const { at, length } = footer.vector(slot, blockBytes)
  for (let i = 0; i < length; i++) yield { at: longAt(footer.view, at + blockBytes * i), kind }
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
