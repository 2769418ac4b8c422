import { createReadStream, statSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'

/** A page with a worker, on a port of this machine that was free. */
export interface Site {
  readonly origin: string
  close(): void
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.csv': 'text/csv',
}

/** What makes a page cross-origin isolated: shared memory, and a clock of 5 µs in place of 100 µs. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** The page hands the query of its address to the worker; its variable `reply` is a promise of what the worker says. */
const page = (worker: string): string => `<!doctype html>
<title>Lichen in a worker</title>
<script>
const worker = new Worker('/${worker}' + location.search, { type: 'module' })
const reply = new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data)
  worker.onerror = ({ message }) => resolve({ error: message || 'the worker did not start' })
})
</script>`

/** @param folders by the first part of a path; `''` for files without one */
export async function openSite(
  worker: string,
  folders: Readonly<Record<string, string>>,
  isIsolated: boolean,
): Promise<Site> {
  const headers = isIsolated ? isolation : {}
  const server = createServer(({ url }, response) => {
    const path = (url ?? '/').split('?', 1)[0] ?? '/'
    if (path === '/')
      response.writeHead(200, { 'content-type': types['.html'], ...headers }).end(page(worker))
    else sendFile(response, fileOf(path, folders), headers)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    origin: `http://127.0.0.1:${portOf(server)}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A file directly in one of the folders, or nothing. */
function fileOf(path: string, folders: Readonly<Record<string, string>>): string | undefined {
  const found = /^\/(?:(\w+)\/)?([\w-][\w.-]*)$/.exec(path)
  const folder = folders[found?.[1] ?? '']
  return folder === undefined || found === null ? undefined : join(folder, found[2] ?? '')
}

function sendFile(
  response: ServerResponse,
  file: string | undefined,
  headers: Readonly<Record<string, string>>,
): void {
  const found = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })
  if (file === undefined || found?.isFile() !== true) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-length': found.size,
    ...headers,
  })
  createReadStream(file).pipe(response)
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
