import { LichenError } from '../base/errors.ts'
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import {
  decodeSectionAccess,
  encodeSectionAccess,
  type SectionAccess,
  sectionAccessPart,
} from '../script/section-access.ts'
import { openSnapshot, writeSnapshot } from '../snapshot/index.ts'
import { createAllocator } from '../storage/allocator.ts'
import {
  type Bookmark,
  Document,
  type DocumentOptions,
  type StoredObject,
  type Variable,
} from './document.ts'

/** The part of a saved app that is not data. */
interface Content {
  readonly title: string
  readonly script: string
  readonly variables: readonly Variable[]
  readonly objects: readonly StoredObject[]
  readonly bookmarks: readonly Bookmark[]
}

const contentName = 'app.json'

/** The document as bytes, in parts to be written one after another; the data parts are views of its own buffers, not copies. */
export function saveDocument(document: Document): Uint8Array[] {
  const { sectionAccess } = document
  const content: Content = {
    title: document.title,
    script: document.script,
    variables: [...document.variables.values()],
    objects: [...document.objects.values()],
    bookmarks: [...document.bookmarks.values()],
  }
  return writeSnapshot(
    document.model,
    new Map([
      [contentName, encodeUtf8(JSON.stringify(content))],
      ...(sectionAccess.length === 0
        ? []
        : [[sectionAccessPart, encodeSectionAccess(sectionAccess)] as const]),
    ]),
  )
}

/**
 * A document from what `saveDocument` wrote, copied into memory of its own. Bytes over a SharedArrayBuffer are used where they lie and must
 * not change afterwards: so documents in several threads have their sessions over the same data.
 * @throws LichenError `snapshot-malformed`, `snapshot-too-new`, `memory-budget-exceeded`
 */
export function openDocument(bytes: Uint8Array, options: DocumentOptions): Document {
  const { model, extras } = openSnapshot(
    bytes,
    isShared(bytes.buffer) ? undefined : createAllocator(options.memory),
  )
  const content = readContent(extras.get(contentName))
  const document = new Document({ ...options, title: content.title })
  document.script = content.script
  for (const variable of content.variables) document.variables.set(variable.name, variable)
  for (const object of content.objects) document.objects.set(object.id, object)
  for (const bookmark of content.bookmarks) document.bookmarks.set(bookmark.id, bookmark)
  document.useModel(model, readSectionAccess(extras.get(sectionAccessPart)))
  return document
}

/** An app whose restrictions cannot be read is not opened as one without. */
function readSectionAccess(bytes: Uint8Array | undefined): SectionAccess {
  const tables = bytes === undefined ? [] : decodeSectionAccess(bytes)
  if (tables !== undefined) return tables
  throw new LichenError('snapshot-malformed', 'The section access of the saved app is not readable')
}

function isShared(buffer: ArrayBufferLike): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer
}

function readContent(bytes: Uint8Array | undefined): Content {
  try {
    const content: unknown = JSON.parse(decodeUtf8(bytes ?? new Uint8Array()))
    if (isContent(content)) return content
  } catch (cause) {
    throw new LichenError('snapshot-malformed', 'The content of the saved app is not readable', {
      cause,
    })
  }
  throw new LichenError('snapshot-malformed', 'The content of the saved app lacks parts')
}

/** The bytes carry a checksum, so that the shape is checked for another version's writing, not for damage. */
function isContent(content: unknown): content is Content {
  return (
    typeof content === 'object' &&
    content !== null &&
    'title' in content &&
    typeof content.title === 'string' &&
    'script' in content &&
    typeof content.script === 'string' &&
    ['variables', 'objects', 'bookmarks'].every((list) => Array.isArray(Reflect.get(content, list)))
  )
}
