import { portSocket } from '@lichen/sdk'
import enigma from 'enigma.js'
import schema from 'enigma.js/schemas/12.2027.0.json'

/** Where the engine runs: behind a WebSocket, or in a worker of this page. */
export type EngineHome = 'server' | 'worker'

/** A place that `checkScriptSyntax` does not understand. */
export interface UnreadPlace {
  readonly qErrLen: number
  readonly qTextPos: number
  readonly qLineInTab: number
  readonly qColInLine: number
}

export interface ReloadProgress {
  readonly qStarted: boolean
  readonly qFinished: boolean
  readonly qCompleted: number
  readonly qTotal: number
  readonly qPersistentProgress: string
  readonly qTransientProgress: string
  readonly qErrorData: readonly ReloadError[]
}

/** `qLine` is the message alone; the parameters are the text's name, line and column when the script is to blame. */
export interface ReloadError {
  readonly qErrorString: string
  readonly qLine: string
  readonly qMessage: { readonly qMessageParameters: readonly string[] }
}

export interface ModelTable {
  readonly qName: string
  readonly qFields: readonly { readonly qName: string }[]
}

interface Extent {
  readonly qcx?: number
  readonly qcy?: number
}

/** The part of the Doc api that this page calls itself; the charts use the rest. */
export interface Doc extends EnigmaJS.QixObject {
  getAppLayout(): Promise<{ readonly qHasData: boolean }>
  getScript(): Promise<string>
  setScript(script: string): Promise<void>
  checkScriptSyntax(): Promise<readonly UnreadPlace[]>
  doReload(): Promise<boolean>
  getTablesAndKeys(
    windowSize: Extent,
    nullSize: Extent,
    cellHeight: number,
    syntheticMode: boolean,
    includeSystemVariables: boolean,
  ): Promise<{ readonly qtr: readonly ModelTable[] }>
}

export interface Global extends EnigmaJS.QixObject {
  getActiveDoc(): Promise<Doc>
  getProgress(requestId: number): Promise<ReloadProgress>
}

export interface Connection {
  readonly home: EngineHome
  readonly global: Global
  readonly doc: Doc
  /** Runs once when the engine goes away without being asked to. */
  onLost(listener: (reason: string) => void): void
  /** From now on a call that fails stays unanswered: charts taken off the page go on asking for a moment, and nobody is left to tell. */
  letGo(): void
  close(): Promise<void>
}

/** Opens the session app of the given name in the engine of the given home. Rejects when the engine cannot be reached. */
export async function connect(home: EngineHome, app: string): Promise<Connection> {
  const worker = home === 'worker' ? startWorker() : undefined
  const path = `/app/SessionApp_${encodeURIComponent(app)}`
  let wanted = true
  const session = enigma.create({
    schema,
    url: worker ? `ws://in.page${path}` : `${await serverAddress()}${path}`,
    responseInterceptors: [
      {
        onRejected: (_session, _request, error) =>
          wanted ? Promise.reject(error) : new Promise(() => undefined),
      },
    ],
    ...(worker ? { createSocket: socketOver(worker.port) } : {}),
  })
  try {
    const global = await session.open<Global>()
    const doc = await global.getActiveDoc()
    return { home, global, doc, onLost: (listener) => lost(session, listener), letGo, close }
  } catch (cause) {
    worker?.terminate()
    throw new Error('The engine does not answer. Is the server running?', { cause })
  }

  function letGo(): void {
    wanted = false
  }

  async function close(): Promise<void> {
    await session.close()
    worker?.terminate()
  }
}

/** The types of enigma.js name the DOM class, of which it uses the members that `ClientSocket` has. */
function socketOver(port: MessagePort): (url: string) => WebSocket {
  return portSocket(port) as unknown as (url: string) => WebSocket
}

function lost(session: EnigmaJS.Session, listener: (reason: string) => void): void {
  session.on('closed', (event: { code?: number; reason?: string }) => {
    if (event.code !== 1000) listener(event.reason || 'The connection to the engine was lost.')
  })
}

interface EngineWorker {
  readonly port: MessagePort
  terminate(): void
}

function startWorker(): EngineWorker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  const { port1, port2 } = new MessageChannel()
  worker.postMessage({ port: port2, data: new URL('/data/', location.href).href }, [port2])
  return { port: port1, terminate: () => worker.terminate() }
}

/** The page's host may name another address for the engine in `/config.json`: `{"engine":"ws://127.0.0.1:9076"}`. */
async function serverAddress(): Promise<string> {
  const here = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}`
  const answer = await fetch('/config.json').catch(() => undefined)
  if (!answer?.ok || !answer.headers.get('content-type')?.includes('json')) return here
  const config: { engine?: string } = await answer.json()
  return config.engine ?? here
}
