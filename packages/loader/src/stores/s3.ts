import {
  type CancellationToken,
  LichenError,
  LoadError,
  type TableReader,
  type TableWriter,
} from '@lichen/engine'
import { type HttpAnswer, type HttpRequest, refusal, statusOf } from '../http-answer.ts'
import { timeOf, versionOfTag } from '../http-source.ts'
import { encodedSegment } from '../url.ts'
import {
  askStore,
  type Store,
  type StoreOptions,
  type StorePage,
  type StoreReaderOptions,
  type StoreWriterOptions,
  storeReader,
  storeWriter,
} from './store-reader.ts'
import { elementsOf, parseStoreXml, textOf } from './store-xml.ts'
import type { UploadTarget } from './upload.ts'

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string
}

/** A bucket, at Amazon or behind any address that speaks S3. */
export interface S3Bucket {
  readonly bucket: string
  readonly region: string
  /** Default `https://s3.<region>.amazonaws.com`. */
  readonly endpoint?: string
  /** Whether the bucket is named in the path and not in the host; default: with an endpoint, or a name with dots. */
  readonly pathStyle?: boolean
  /** Asked for before each request when they change. Without them requests are not signed: for public buckets. */
  readonly credentials?: S3Credentials | (() => Promise<S3Credentials>)
}

export interface S3ReaderOptions extends S3Bucket, StoreReaderOptions {}
export interface S3WriterOptions extends S3Bucket, StoreWriterOptions {}

/**
 * Reads the objects of a bucket, in ranges or streamed; wildcards are listed. Signing is that of `aws4fetch`, an optional peer.
 * @throws LoadError `source-not-found`, `source-malformed`, `source-unsupported`, `budget-exceeded`; AccessError; LichenError `invalid-argument`
 */
export function s3Reader(options: S3ReaderOptions): TableReader {
  return storeReader(storeOf(options), options)
}

/** Writes objects of a bucket, long ones in parts; an object is there, or new, only when it is complete. @throws as `s3Reader` */
export function s3Writer(options: S3WriterOptions): TableWriter {
  const send = requestsOf(options)
  return storeWriter((name, key) => uploadTarget(send, name, key), options)
}

interface S3Request {
  readonly method: HttpRequest['method']
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

type Send = (
  name: string,
  request: S3Request,
  cancellation?: CancellationToken,
) => Promise<HttpAnswer>

const maxAnswerBytes = 16 << 20
/** SHA-256 of nothing. */
const emptyDigest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function storeOf(options: S3ReaderOptions): Store {
  const send = requestsOf(options)
  return {
    ask: (name, method, key, headers, cancellation) =>
      send(name, { method, key, headers }, cancellation),
    async list(name, prefix, next) {
      const query = {
        'list-type': '2',
        delimiter: '/',
        'encoding-type': 'url',
        prefix,
        ...(next === undefined ? {} : { 'continuation-token': next }),
      }
      const answer = await send(name, { method: 'GET', key: '', query })
      return pageOf(name, await bodyOf(name, answer))
    },
  }
}

function pageOf(name: string, body: string): StorePage {
  const page = parseStoreXml(body, name)
  const key = (text: string): string =>
    textOf(page, 'EncodingType') === 'url' ? decodedKey(text) : text
  const next = textOf(page, 'NextContinuationToken')
  return {
    objects: elementsOf(page, 'Contents').map((each) => ({
      key: key(textOf(each, 'Key')),
      size: Number(textOf(each, 'Size')),
      modified: timeOf(textOf(each, 'LastModified')),
      version: versionOfTag(textOf(each, 'ETag')),
    })),
    folders: elementsOf(page, 'CommonPrefixes').map((each) => key(textOf(each, 'Prefix'))),
    next: textOf(page, 'IsTruncated') === 'true' && next !== '' ? next : undefined,
  }
}

/** Keys that are no text in any encoding cannot be asked for by name and are left as they stand. */
function decodedKey(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function uploadTarget(send: Send, name: string, key: string): UploadTarget {
  const done = async (request: Omit<S3Request, 'key'>): Promise<HttpAnswer> => {
    const answer = await send(name, { ...request, key })
    if (answer.ok) return answer
    throw notWritten(name, await statusOf(answer))
  }
  return {
    async whole(body) {
      await (await done({ method: 'PUT', body })).bytes(maxAnswerBytes)
    },
    async begin() {
      const begun = await done({ method: 'POST', query: { uploads: '' } })
      const uploadId = textOf(parseStoreXml(await bodyOf(name, begun), name), 'UploadId')
      const tags: string[] = []
      return {
        async part(number, body) {
          const query = { partNumber: String(number), uploadId }
          const answer = await done({ method: 'PUT', query, body })
          await answer.bytes(maxAnswerBytes)
          tags[number - 1] = answer.headers.get('etag') ?? ''
        },
        async finish() {
          const parts = tags.map(
            (tag, i) =>
              `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</ETag></Part>`,
          )
          const body = new TextEncoder().encode(
            `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
          )
          const answer = await done({ method: 'POST', query: { uploadId }, body })
          // The head of this answer is sent before the work is done: the body tells how it ended.
          const ended = parseStoreXml(await bodyOf(name, answer), name)
          if (ended.name !== 'CompleteMultipartUploadResult')
            throw notWritten(name, /^\w{1,64}$/.exec(textOf(ended, 'Code'))?.[0] ?? 'nothing known')
        },
        async abandon() {
          await (await send(name, { method: 'DELETE', key, query: { uploadId } })).discard()
        },
      }
    },
  }
}

function notWritten(name: string, answered: string): LichenError {
  return new LichenError('script-failed', `${name} was not written: the store answered ${answered}`)
}

async function bodyOf(name: string, answer: HttpAnswer): Promise<string> {
  if (!answer.ok) throw await refusal(name, answer)
  return new TextDecoder().decode(await answer.bytes(maxAnswerBytes))
}

function requestsOf(options: S3Bucket & StoreOptions): Send {
  const { region, credentials } = options
  const base = baseOf(options)
  const keys = new Map<string, ArrayBuffer>()
  const signed = async (name: string, request: S3Request): Promise<HttpRequest> => {
    const { method, key, query = {}, headers = {}, body } = request
    const pairs = Object.entries(query).map(
      ([item, value]) => `${item}=${encodedSegment(value, name)}`,
    )
    const path = key.split('/').map((segment) => encodedSegment(segment, name))
    const address = base + path.join('/') + (pairs.length === 0 ? '' : `?${pairs.join('&')}`)
    const plain: HttpRequest = { method, address, headers, ...(body === undefined ? {} : { body }) }
    if (credentials === undefined) return plain
    const current = typeof credentials === 'function' ? await credentials() : credentials
    const { AwsV4Signer } = await signing()
    const signer = new AwsV4Signer({
      method,
      url: address,
      headers: { ...headers, 'x-amz-content-sha256': await digestOf(body) },
      ...current,
      service: 's3',
      region,
      cache: keys,
    })
    return { ...plain, headers: Object.fromEntries((await signer.sign()).headers) }
  }
  return (name, request, cancellation) =>
    askStore(name, () => signed(name, request), options, cancellation)
}

/** Where keys begin, with a slash at its end. */
function baseOf({ bucket, region, endpoint, pathStyle }: S3Bucket): string {
  const address = endpoint ?? `https://s3.${region}.amazonaws.com`
  if (!/^[\w.-]{1,255}$/.test(bucket) || /^\.+$/.test(bucket) || !URL.canParse(address))
    throw new LichenError('invalid-argument', 'The bucket or the endpoint of a store is malformed')
  const url = new URL(address)
  const inPath = pathStyle ?? (endpoint !== undefined || bucket.includes('.'))
  const folder = `${url.pathname.replace(/\/+$/, '')}/`
  return inPath
    ? `${url.protocol}//${url.host}${folder}${bucket}/`
    : `${url.protocol}//${bucket}.${url.host}${folder}`
}

async function signing(): Promise<typeof import('aws4fetch')> {
  try {
    return await import('aws4fetch')
  } catch (cause) {
    throw new LoadError('source-unsupported', 'S3 needs the package aws4fetch; install it', {
      cause,
    })
  }
}

async function digestOf(body: Uint8Array | undefined): Promise<string> {
  if (body === undefined) return emptyDigest
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(body))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
