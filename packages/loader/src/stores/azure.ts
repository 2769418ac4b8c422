import {
  type CancellationToken,
  LichenError,
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

/** A container of Azure Blob Storage. */
export interface AzureContainer {
  /**
   * The container's address with its shared access signature, `https://account.blob.core.windows.net/container?sv=…&sig=…`, or what gives one
   * before each request. Without a signature: for public containers.
   */
  readonly container: string | (() => Promise<string>)
}

export interface AzureReaderOptions extends AzureContainer, StoreReaderOptions {}
export interface AzureWriterOptions extends AzureContainer, StoreWriterOptions {}

/**
 * Reads the blobs of a container, in ranges or streamed; wildcards are listed.
 * @throws LoadError `source-not-found`, `source-malformed`, `budget-exceeded`; AccessError; LichenError `invalid-argument`
 */
export function azureReader(options: AzureReaderOptions): TableReader {
  return storeReader(storeOf(options), options)
}

/** Writes blobs of a container, long ones in blocks; a blob is there, or new, only when it is complete. @throws as `azureReader` */
export function azureWriter(options: AzureWriterOptions): TableWriter {
  const send = requestsOf(options)
  return storeWriter((name, key) => uploadTarget(send, name, key), options)
}

interface AzureRequest {
  readonly method: HttpRequest['method']
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

type Send = (
  name: string,
  request: AzureRequest,
  cancellation?: CancellationToken,
) => Promise<HttpAnswer>

const maxAnswerBytes = 16 << 20
const version = { 'x-ms-version': '2020-10-02' }

function storeOf(options: AzureReaderOptions): Store {
  const send = requestsOf(options)
  return {
    ask: (name, method, key, headers, cancellation) =>
      send(name, { method, key, headers }, cancellation),
    async list(name, prefix, next) {
      const query = {
        restype: 'container',
        comp: 'list',
        delimiter: '/',
        prefix,
        ...(next === undefined ? {} : { marker: next }),
      }
      const answer = await send(name, { method: 'GET', key: '', query })
      if (!answer.ok) throw await refusal(name, answer)
      return pageOf(name, new TextDecoder().decode(await answer.bytes(maxAnswerBytes)))
    },
  }
}

function pageOf(name: string, body: string): StorePage {
  const page = parseStoreXml(body, name)
  const [blobs] = elementsOf(page, 'Blobs')
  const next = textOf(page, 'NextMarker')
  return {
    objects: elementsOf(blobs, 'Blob').map((blob) => {
      const [properties] = elementsOf(blob, 'Properties')
      return {
        key: textOf(blob, 'Name'),
        size: Number(textOf(properties, 'Content-Length')),
        modified: timeOf(textOf(properties, 'Last-Modified')),
        version: versionOfTag(textOf(properties, 'Etag')),
      }
    }),
    folders: elementsOf(blobs, 'BlobPrefix').map((each) => textOf(each, 'Name')),
    next: next === '' ? undefined : next,
  }
}

function uploadTarget(send: Send, name: string, key: string): UploadTarget {
  const put = async (request: Omit<AzureRequest, 'key' | 'method'>): Promise<void> => {
    const answer = await send(name, { ...request, method: 'PUT', key })
    if (!answer.ok)
      throw new LichenError(
        'script-failed',
        `${name} was not written: the store answered ${await statusOf(answer)}`,
      )
    await answer.bytes(maxAnswerBytes)
  }
  return {
    whole: (body) => put({ headers: { 'x-ms-blob-type': 'BlockBlob' }, body }),
    async begin() {
      // Blocks of another writer to the same blob must not be taken for ours.
      const run = crypto.randomUUID()
      const blocks: string[] = []
      return {
        async part(number, body) {
          const id = btoa(`${run}-${String(number).padStart(6, '0')}`)
          await put({ query: { comp: 'block', blockid: id }, body })
          blocks[number - 1] = id
        },
        async finish() {
          const list = blocks.map((id) => `<Latest>${id}</Latest>`).join('')
          const body = new TextEncoder().encode(
            `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`,
          )
          await put({ query: { comp: 'blocklist' }, body })
        },
        // Blocks that no list names are dropped by the store; there is nothing to take back.
        async abandon() {},
      }
    },
  }
}

function requestsOf(options: AzureContainer & StoreOptions): Send {
  const { container } = options
  if (typeof container === 'string') containerOf(container)
  return (name, request, cancellation) => {
    const { method, key, query = {}, headers = {}, body } = request
    const sent = async (): Promise<HttpRequest> => {
      const current = typeof container === 'string' ? container : await container()
      const { base, signature } = containerOf(current)
      const pairs = Object.entries(query).map(
        ([item, value]) => `${item}=${encodedSegment(value, name)}`,
      )
      const asked = [...pairs, ...(signature === '' ? [] : [signature])].join('&')
      const path = key.split('/').map((segment) => encodedSegment(segment, name))
      return {
        method,
        address: `${base}${key === '' ? '' : `/${path.join('/')}`}${asked === '' ? '' : `?${asked}`}`,
        headers: { ...version, ...headers },
        ...(body === undefined ? {} : { body }),
      }
    }
    return askStore(name, sent, options, cancellation)
  }
}

function containerOf(address: string): { readonly base: string; readonly signature: string } {
  if (!URL.canParse(address))
    throw new LichenError('invalid-argument', 'The address of a container is malformed')
  const { origin, pathname, search } = new URL(address)
  return { base: origin + pathname.replace(/\/+$/, ''), signature: search.slice(1) }
}
