import type { Document } from '../../app/document.ts'
import { engineVersion } from '../../base/version.ts'
import { QixError } from '../error-codes.ts'
import { present } from '../json.ts'
import {
  type Call,
  type Caller,
  done,
  type MethodTable,
  method,
  type Result,
  returned,
} from './method.ts'

/** `Global` has no state of its own. */
export type GlobalCall = Call<{ readonly type: 'Global' }>

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/classes-global.htm */
export const globalMethods: MethodTable<GlobalCall> = {
  EngineVersion: method('', ({ caller }) => ({ qVersion: { qComponentVersion: version(caller) } })),
  ProductVersion: method('', ({ caller }) => returned(version(caller))),
  QvVersion: method('', ({ caller }) => returned(version(caller))),
  OSName: method('', () => returned('Lichen')),
  IsPersonalMode: method('', () => returned(false)),
  IsDesktopMode: method('', () => returned(false)),
  AllowCreateApp: method('', () => returned(true)),
  GetAuthenticatedUser: method('', ({ caller }) => returned(caller.host.user.user ?? '')),
  ConfigureReload: method('qCancelOnScriptError qUseErrorData qInteractOnError', () => done),
  GetProgress: method('qRequestId', ({ caller }) => ({ qProgressData: caller.progress.take() })),
  GetInteract: method('qRequestId', () => ({ qReturn: false, qDef: {} })),
  CancelReload: method('qReason', ({ caller }) => cancel(caller, 'all')),
  CancelRequest: method('qRequestId', ({ caller, params }) =>
    cancel(caller, params.number('qRequestId')),
  ),
  AbortRequest: method('qRequestId', ({ caller, params }) =>
    cancel(caller, params.number('qRequestId')),
  ),
  AbortAll: method('', ({ caller }) => cancel(caller, 'all')),
  GetDocList: method('', async ({ caller }) => ({
    qDocList: (await caller.host.listDocuments()).map((entry) =>
      present({
        qDocName: entry.title,
        qDocId: entry.id,
        qTitle: entry.title,
        qConnectedUsers: 0,
        qFileTime: 0,
        qFileSize: entry.bytes ?? 0,
        qMeta: present({ modifiedDate: entry.modified }),
        qLastReloadTime: entry.lastReload,
        qReadOnly: false,
        qHasSectionAccess: false,
        qThumbnail: {},
      }),
    ),
  })),
  /** An address that names an app is attached to it by this or by OpenDoc, whichever comes first. */
  GetActiveDoc: method('', async ({ caller }) => {
    const { app, address } = caller
    if (app !== undefined) return opened(caller, app.document, app.isSessionApp)
    if (address.kind === 'app') return opened(caller, await documentOf(caller, address.id), false)
    throw new QixError('app-invalid', 'App invalid', 'No active document')
  }),
  OpenDoc: method('qDocName qUserName qPassword qSerial qNoData', async ({ caller, params }) => {
    const id = params.text('qDocName')
    if (caller.app?.document.id === id)
      return opened(caller, caller.app.document, caller.app.isSessionApp)
    return opened(caller, await documentOf(caller, id), false)
  }),
  CreateApp: method('qAppName qLocalizedScriptMainSection qLocale', async ({ caller, params }) => {
    const document = await caller.host.createDocument(params.text('qAppName'))
    return { qSuccess: true, qAppId: document.id }
  }),
  CreateDocEx: method(
    'qDocName qUserName qPassword qSerial qLocalizedScriptMainSection',
    async ({ caller, params }) => {
      const document = await caller.host.createDocument(params.text('qDocName'))
      return { ...opened(caller, document, false), qDocId: document.id }
    },
  ),
  DeleteApp: method('qAppId', async ({ caller, params }) => {
    const id = params.text('qAppId')
    if (!(await caller.host.deleteDocument(id)))
      throw new QixError('app-not-found', 'App not found', id)
    return { qSuccess: true }
  }),
  CreateSessionApp: method('', async ({ caller }) => {
    const document = await caller.host.sessionDocument()
    return { qSessionAppId: document.id, ...opened(caller, document, true) }
  }),
}

function version({ host }: Caller): string {
  return host.version ?? engineVersion
}

function cancel(caller: Caller, request: number | 'all'): Result {
  caller.cancel(request)
  return done
}

async function documentOf({ host }: Caller, id: string): Promise<Document> {
  const document = await host.openDocument(id)
  if (document === undefined) throw new QixError('app-not-found', 'App not found', id)
  return document
}

function opened(caller: Caller, document: Document, isSessionApp: boolean): Result {
  const app = caller.use(document, isSessionApp)
  return returned(app.handles.envelope({ type: 'Doc', id: app.document.id }))
}
