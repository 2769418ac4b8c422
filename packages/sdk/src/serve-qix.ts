import { Document, LichenError } from '@lichen/engine'
import {
  acceptQix,
  connectionTarget,
  type PortLike,
  type QixHost,
  servePort,
} from '@lichen/engine/qix'
import { urlReader } from '@lichen/loader'

export interface ServeQixOptions {
  /** Library name → address of the folder behind `lib://<name>/`. */
  readonly libraries?: Readonly<Record<string, string>>
}

/** Runs the engine in this worker and answers QIX on the port: session apps only, kept as long as the worker lives. */
export function serveQix(port: PortLike, options: ServeQixOptions = {}): void {
  const documents = new Map<string, Document>()
  const reader = urlReader({ libs: options.libraries ?? {} })
  let unnamed = 0
  const freshName = (): string => {
    let name: string
    do name = `SessionApp_${++unnamed}`
    while (documents.has(name))
    return name
  }
  const sessionDocument = (name = freshName()): Document => {
    let document = documents.get(name)
    if (document === undefined) {
      document = new Document({ id: name, reader })
      documents.set(name, document)
    }
    return document
  }
  const readOnly = (): never => {
    throw new LichenError('access-denied', 'An engine in a worker keeps session apps only')
  }
  const host: QixHost = {
    user: {},
    listDocuments: () => [],
    openDocument: (id) => documents.get(id),
    sessionDocument,
    createDocument: readOnly,
    deleteDocument: readOnly,
    saveDocument: readOnly,
  }
  servePort(port, (url) => acceptQix(host, connectionTarget(url) ?? { kind: 'global' }))
}
