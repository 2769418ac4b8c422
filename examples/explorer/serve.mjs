// Serves the built page, its sample data and, beside them, an engine with the data loaded.
// node serve.mjs [--port 8080] [--engine-port 9076] [--no-load]
// A port that is not named and not free is replaced by one that the system chooses.
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, extname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import enigma from 'enigma.js'
import WebSocket from 'ws'

const here = dirname(fileURLToPath(import.meta.url))
const require = createRequire(import.meta.url)
const page = join(here, 'dist')
const data = join(dirname(dirname(fileURLToPath(import.meta.resolve('vega-datasets')))), 'data')
const { values: options } = parseArgs({
  options: {
    port: { type: 'string' },
    'engine-port': { type: 'string' },
    'no-load': { type: 'boolean', default: false },
  },
})

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.map': 'application/json',
  '.csv': 'text/csv',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** Without code generation and foreign hosts; cross-origin isolated, so that the worker may use shared memory. */
const headers = (engine) => ({
  'content-security-policy': `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' data: ${engine}`,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'x-content-type-options': 'nosniff',
})

const say = (text) => process.stdout.write(`${text}\n`)

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(500).end())
})
await listen(server, Number(options.port ?? (await freePort(8080))))
const origin = `http://127.0.0.1:${server.address().port}`
const engine = await startEngine(origin, options['engine-port'] ?? (await freePort(9076)))
if (!options['no-load']) await loadSample(engine)
say(`The demo is at ${origin}`)

async function answer(request, response) {
  const path = decodeURIComponent(new URL(request.url, origin).pathname)
  if (path === '/config.json') {
    response.writeHead(200, { 'content-type': 'application/json', ...headers(engine) })
    return response.end(JSON.stringify({ engine }))
  }
  const [root, rest] = path.startsWith('/data/') ? [data, path.slice(6)] : [page, path]
  const file = normalize(join(root, rest === '/' ? 'index.html' : rest))
  const found = file.startsWith(root + sep) ? await stat(file).catch(() => undefined) : undefined
  if (!found?.isFile()) return response.writeHead(404).end('not found')
  sendFile(request, response, file, found.size)
}

function sendFile(request, response, file, size) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const start = range ? Number(range[1]) : 0
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1
  if (range && start > end) {
    return response.writeHead(416, { 'content-range': `bytes */${size}` }).end()
  }
  response.writeHead(range ? 206 : 200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
    ...headers(engine),
  })
  if (request.method === 'HEAD' || size === 0) return response.end()
  createReadStream(file, { start, end }).pipe(response)
}

/** Starts `lichen serve` and resolves with its address once it says that it listens. */
function startEngine(pageOrigin, port) {
  const cli = join(dirname(require.resolve('@lichen/server/package.json')), 'bin', 'lichen.js')
  const child = spawn(
    process.execPath,
    [
      ...[cli, 'serve', '--port', String(port), '--data', data],
      ...['--origin', pageOrigin, '--origin', pageOrigin.replace('127.0.0.1', 'localhost')],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const stop = () => {
    child.kill('SIGTERM')
    server.close()
    server.closeAllConnections()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      const told = /listening on (ws:\S+)/.exec(text)
      if (told) resolve(told[1])
    })
    child.on('exit', (code) => {
      reject(new Error(`the engine ended with code ${code} before it listened`))
      process.exit(code ?? 0)
    })
  })
}

/** Loads the sample data into the app the page opens, and keeps the connection, so that the app stays. */
async function loadSample(address) {
  const started = Date.now()
  say('Loading three million flights …')
  const schema = JSON.parse(
    await readFile(require.resolve('enigma.js/schemas/12.2027.0.json'), 'utf8'),
  )
  const session = enigma.create({
    schema,
    url: `${address}/app/SessionApp_explorer`,
    createSocket: (url) => new WebSocket(url),
  })
  const global = await session.open()
  const doc = await global.getActiveDoc()
  await doc.setScript(await readFile(join(here, 'script', 'flights.qvs'), 'utf8'))
  if (await doc.doReload()) return say(`Loaded in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  const { qErrorData } = await global.getProgress(0)
  throw new Error(qErrorData.map((error) => error.qErrorString).join('\n') || 'the reload failed')
}

/** The port if nobody listens there, or 0, for which the system chooses one. */
async function freePort(port) {
  const probe = createServer()
  try {
    await listen(probe, port)
    return port
  } catch {
    return 0
  } finally {
    probe.close()
  }
}

function listen(target, port) {
  return new Promise((resolve, reject) => {
    target.once('error', reject)
    target.listen(port, '127.0.0.1', resolve)
  })
}
