import { type CancellationToken, LoadError } from '@lichen/engine'
import { type ByteSource, bytesSource, checkRange } from './byte-source.ts'
import { type HttpAnswer, refusal, tooLong } from './http-answer.ts'

/** A file behind requests. */
export interface HttpFile {
  /** As the script names it. */
  readonly name: string
  /** Most bytes held in memory, where a server cannot send parts. */
  readonly maxHeld: number
  ask(
    method: 'GET' | 'HEAD',
    headers?: Readonly<Record<string, string>>,
    cancellation?: CancellationToken,
  ): Promise<HttpAnswer>
}

/** The beginning, by which formats are told: looked at several times, asked for once, and no reason to hold the rest. */
const headBytes = 4096

/** What a server tells of a file. */
interface HttpFacts {
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970, UTC. */
  readonly modified: number | undefined
  /** The ETag without quotes, equal for equal content; empty when the server tells none. */
  readonly version: string
  /** Whether the server sends parts. */
  readonly ranged: boolean
}

/**
 * A file of a server, asked for its size first. Read in ranges where the server sends parts, else whole and once; streamed without being held.
 * Content that changes between two requests is an error.
 * @throws LoadError `source-not-found`, `source-malformed`, `budget-exceeded`; AccessError
 */
export async function httpSource(file: HttpFile): Promise<ByteSource> {
  const answer = await file.ask('HEAD')
  await answer.discard()
  if (answer.status === 404 || answer.status === 410) throw await refusal(file.name, answer)
  const facts = answer.ok ? factsOf(answer) : undefined
  return facts === undefined ? download(file) : knownSource(file, facts)
}

/** A file whose facts are known, e.g. from a listing. */
export function knownSource(file: HttpFile, facts: HttpFacts): ByteSource {
  const { name } = file
  const { size, modified } = facts
  const whole = new Kept<ByteSource>()
  const head = new Kept<Uint8Array>()
  const fetched = async (start: number, end: number): Promise<Uint8Array> => {
    if (!facts.ranged && end <= headBytes && end < size) return beginning(file, facts, end)
    if (!facts.ranged) return (await whole.keep(() => download(file, facts))).read(start, end)
    const answer = await file.ask('GET', { range: `bytes=${start}-${end - 1}` })
    // A server may promise parts and send the whole all the same, to each of several reads.
    if (answer.status === 200) {
      if (whole.kept !== undefined) await answer.discard()
      return (await whole.keep(() => held(file, answer, facts))).read(start, end)
    }
    if (answer.status !== 206) throw await refusal(name, answer)
    return part(file, answer, facts, start, end)
  }
  return {
    name,
    size,
    modified,
    async read(start, end) {
      checkRange(name, size, start, end)
      if (start === end) return new Uint8Array(0)
      if (whole.kept !== undefined) return (await whole.kept).read(start, end)
      if (end > headBytes) return fetched(start, end)
      const bytes = await head.keep(() => fetched(0, Math.min(headBytes, size)))
      return bytes.slice(start, end)
    },
    async *stream(cancellation) {
      if (whole.kept !== undefined) yield* (await whole.kept).stream(cancellation)
      else yield* streamed(file, facts, cancellation)
    },
  }
}

/** What is asked for once, unless it failed. */
class Kept<Result> {
  kept: Promise<Result> | undefined

  keep(ask: () => Promise<Result>): Promise<Result> {
    const asked = this.kept ?? ask()
    this.kept = asked
    asked.catch(() => {
      this.kept = undefined
    })
    return asked
  }
}

/**
 * Undefined where the size is not told, or is, or may be, that of a packed form which is unpacked on the way: to a page another origin tells
 * the length of that and hides that it is packed. Only a server that shows that it sends parts is taken at its word there.
 */
function factsOf({ headers, hidden }: HttpAnswer): HttpFacts | undefined {
  const length = headers.get('content-length') ?? ''
  const encoding = headers.get('content-encoding') ?? 'identity'
  const ranged = /^bytes$/i.test(headers.get('accept-ranges') ?? '')
  // Some servers tell 0 for whatever they would have to make first.
  if (!/^[1-9]\d{0,14}$/.test(length) || encoding !== 'identity' || (hidden && !ranged))
    return undefined
  return {
    size: Number(length),
    modified: timeOf(headers.get('last-modified')),
    version: versionOfTag(headers.get('etag') ?? ''),
    ranged,
  }
}

export function timeOf(header: string | null | undefined): number | undefined {
  const time = Date.parse(header ?? '')
  return Number.isNaN(time) ? undefined : time
}

/** An ETag as a version: stores quote it in headers and not always in listings. */
export function versionOfTag(tag: string): string {
  return tag.replace(/^W\//, '').replace(/^"(.*)"$/, '$1')
}

async function download(file: HttpFile, facts?: HttpFacts): Promise<ByteSource> {
  const answer = await file.ask('GET')
  if (answer.status !== 200) throw await refusal(file.name, answer)
  return held(file, answer, facts)
}

/** The first `length` bytes of an answer that is broken off behind them. */
async function beginning(file: HttpFile, facts: HttpFacts, length: number): Promise<Uint8Array> {
  const answer = await file.ask('GET')
  if (answer.status !== 200) throw await refusal(file.name, answer)
  await checkSame(file.name, answer, facts)
  const bytes = new Uint8Array(length)
  let at = 0
  for await (const piece of answer.pieces()) {
    bytes.set(piece.subarray(0, length - at), at)
    at += piece.length
    if (at >= length) return bytes
  }
  throw new LoadError('source-malformed', `${file.name} ends early`)
}

async function held(file: HttpFile, answer: HttpAnswer, facts?: HttpFacts): Promise<ByteSource> {
  await checkSame(file.name, answer, facts)
  if (facts !== undefined && facts.size > file.maxHeld) {
    await answer.discard()
    tooLong(file.name, file.maxHeld)
  }
  // What was told is not believed past it: an answer that does not end is left there.
  const bytes = await (facts === undefined ? answer.bytes(file.maxHeld) : answer.atMost(facts.size))
  checkLength(file.name, bytes?.length, facts)
  return bytesSource(
    file.name,
    bytes ?? new Uint8Array(0),
    timeOf(answer.headers.get('last-modified')),
  )
}

async function part(
  { name }: HttpFile,
  answer: HttpAnswer,
  facts: HttpFacts,
  start: number,
  end: number,
): Promise<Uint8Array> {
  await checkSame(name, answer, facts)
  const told = answer.headers.get('content-range') ?? ''
  const [, from, to, of] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(told) ?? []
  const sameSize = of === '*' || Number(of) === facts.size
  if (Number(from) === start && Number(to) === end - 1 && sameSize)
    return answer.exactly(end - start)
  await answer.discard()
  throw new LoadError('source-malformed', `${name}: the server sent other bytes than asked`)
}

async function* streamed(
  file: HttpFile,
  facts: HttpFacts,
  cancellation: CancellationToken,
): AsyncGenerator<Uint8Array> {
  const answer = await file.ask('GET', {}, cancellation)
  if (answer.status !== 200) throw await refusal(file.name, answer)
  await checkSame(file.name, answer, facts)
  let total = 0
  for await (const piece of answer.pieces(cancellation)) {
    total += piece.length
    if (total > facts.size) break
    yield piece
  }
  checkLength(file.name, total, facts)
}

async function checkSame(name: string, answer: HttpAnswer, facts?: HttpFacts): Promise<void> {
  if (facts === undefined || isSame(answer.headers, facts)) return
  await answer.discard()
  throw new LoadError('source-malformed', `${name} changed while it was read; load again`)
}

/** By the tags, or, where one is not told, by the times; nothing told is no change. */
function isSame(headers: Headers, { version, modified }: HttpFacts): boolean {
  const tag = versionOfTag(headers.get('etag') ?? '')
  if (tag !== '' && version !== '') return tag === version
  const time = timeOf(headers.get('last-modified'))
  return time === undefined || modified === undefined || time === modified
}

function checkLength(name: string, length: number | undefined, facts: HttpFacts | undefined): void {
  if (facts === undefined || facts.size === length) return
  throw new LoadError(
    'source-malformed',
    `${name} has another length than the ${facts.size} bytes the server told; load again`,
  )
}
