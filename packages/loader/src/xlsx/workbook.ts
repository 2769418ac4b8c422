import type { CancellationToken } from '@lichen/engine'
import { malformed, unsupported } from '../load-errors.ts'
import { TextBytes } from '../xml-text/text-bytes.ts'
import { nameCode, type XmlReader, xmlToken } from '../xml-text/xml-reader.ts'
import { findPart, type Package, scanPart } from './part.ts'

/** A worksheet; sheets of charts and macros are none. */
export interface Sheet {
  readonly name: string
  readonly hidden: boolean
  /** Path of its part. */
  readonly path: string
}

/** A name defined for cells. */
export interface DefinedName {
  readonly name: string
  /** As written, e.g. `Sheet1!$A$1:$C$9`. */
  readonly refersTo: string
  /** Seen in one sheet only. */
  readonly local: boolean
}

export interface Workbook {
  readonly sheets: readonly Sheet[]
  readonly names: readonly DefinedName[]
  /** Days are counted from 1904-01-01. */
  readonly date1904: boolean
  readonly sharedStrings: string | undefined
  readonly styles: string | undefined
}

interface Relation {
  readonly id: string
  /** The last word of its type, which is the same in both dialects of the format. */
  readonly type: string
  readonly path: string
}

const maxSheets = 1 << 16
const names = {
  relationship: nameCode('Relationship'),
  workbook: nameCode('workbook'),
  properties: nameCode('workbookPr'),
  sheets: nameCode('sheets'),
  sheet: nameCode('sheet'),
  definedNames: nameCode('definedNames'),
  definedName: nameCode('definedName'),
}

/** Reads what a workbook consists of. @throws LoadError `source-malformed`, `source-unsupported` */
export async function readWorkbook(
  pack: Package,
  cancellation: CancellationToken,
): Promise<Workbook> {
  const path = (await readRelations(pack, '', cancellation)).find(
    ({ type }) => type === 'officeDocument',
  )?.path
  if (path === undefined) throw malformed(pack.source.name, 'it is no Excel workbook (.xlsx)')
  if (/\.bin$/i.test(path))
    throw unsupported(pack.source.name, 'it is a binary workbook (.xlsb); save it as .xlsx')
  const relations = await readRelations(pack, path, cancellation)
  const reader = new WorkbookReader()
  await scanPart(pack, findPart(pack, path), pack.limits.bookBytes, reader.scan, cancellation)
  const byId = new Map(relations.map((relation) => [relation.id, relation]))
  const pathOf = (kind: string): string | undefined =>
    relations.find(({ type }) => type === kind)?.path
  return {
    sheets: reader.sheets.flatMap(({ name, hidden, id }) => {
      const relation = byId.get(id)
      return relation?.type === 'worksheet' ? [{ name, hidden, path: relation.path }] : []
    }),
    names: reader.names,
    date1904: reader.date1904,
    sharedStrings: pathOf('sharedStrings'),
    styles: pathOf('styles'),
  }
}

/** What a part is related to; the empty path stands for the archive. */
async function readRelations(
  pack: Package,
  path: string,
  cancellation: CancellationToken,
): Promise<readonly Relation[]> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const entry = findPart(pack, `${folder}_rels/${path.slice(folder.length)}.rels`)
  const relations: Relation[] = []
  await scanPart(
    pack,
    entry,
    pack.limits.bookBytes,
    (xml) => {
      for (let token = xml.next(); token !== xmlToken.more; token = xml.next()) {
        if (token !== xmlToken.open || xml.name !== names.relationship) continue
        const attributes = xml.attributes()
        if (attributes.get('TargetMode') !== 'External' && relations.length < maxSheets)
          relations.push({
            id: attributes.get('Id') ?? '',
            type: (attributes.get('Type') ?? '').replace(/^.*\//s, ''),
            path: resolvePath(folder, attributes.get('Target') ?? ''),
          })
      }
    },
    cancellation,
  )
  return relations
}

/** The path of a part within the archive; what leads out of it names nothing. */
function resolvePath(folder: string, target: string): string {
  const steps: string[] = []
  const plain = target.replaceAll('\\', '/')
  for (const step of (plain.startsWith('/') ? plain : folder + plain).split('/'))
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  return steps.join('/')
}

class WorkbookReader {
  readonly sheets: { readonly name: string; readonly hidden: boolean; readonly id: string }[] = []
  readonly names: DefinedName[] = []
  date1904 = false
  readonly #text = new TextBytes()
  #name: { readonly name: string; readonly local: boolean } | undefined

  readonly scan = (xml: XmlReader): void => {
    for (let token = xml.next(); token !== xmlToken.more; token = xml.next()) {
      if (token === xmlToken.open) this.#open(xml)
      else if (token === xmlToken.text) {
        if (this.#name !== undefined) xml.appendText(this.#text)
      } else if (this.#name !== undefined && xml.depth === 3) {
        if (!this.#text.finishText(0)) throw xml.fail('a defined name is not UTF-8')
        this.names.push({ ...this.#name, refersTo: this.#text.textFrom(0) })
        this.#name = undefined
      }
    }
  }

  #open(xml: XmlReader): void {
    if (xml.depth === 1 && xml.name === names.workbook) return
    if (xml.depth === 2 && (xml.name === names.sheets || xml.name === names.definedNames)) return
    if (xml.depth === 2 && xml.name === names.properties)
      this.date1904 = /^(?:1|true|on)$/i.test(xml.attributes().get('date1904') ?? '')
    else if (xml.depth === 3 && xml.name === names.sheet) {
      const attributes = xml.attributes()
      this.sheets.push({
        name: attributes.get('name') ?? '',
        hidden: (attributes.get('state') ?? 'visible') !== 'visible',
        id: attributes.get('id') ?? '',
      })
    } else if (xml.depth === 3 && xml.name === names.definedName) {
      const attributes = xml.attributes()
      this.#text.length = 0
      this.#name = {
        name: attributes.get('name') ?? '',
        local: attributes.get('localSheetId') !== undefined,
      }
      return
    }
    if (this.sheets.length > maxSheets || this.names.length > maxSheets)
      throw xml.fail('it has more sheets or names than any workbook')
    xml.skip()
  }
}
