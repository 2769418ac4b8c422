import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { type ServeOptions, type Serving, serve } from './serve.ts'

let folder = ''
let keyFile = ''
let privateKey: CryptoKey
const servings: Serving[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lichen-access-'))
  const pair = await generateKeyPair('ES256')
  privateKey = pair.privateKey
  keyFile = join(folder, 'key.pem')
  await writeFile(keyFile, await exportSPKI(pair.publicKey))
})

afterEach(async () => {
  await Promise.all(servings.splice(0).map((serving) => serving.stop()))
})

afterAll(() => rm(folder, { recursive: true }))

async function start(options: Partial<ServeOptions> = {}): Promise<Serving> {
  const serving = await serve({ host: '127.0.0.1', port: 0, apps: folder, ...options })
  servings.push(serving)
  return serving
}

function withTokens(): Promise<Serving> {
  return start({ jwt: { publicKeyFile: keyFile, issuer: 'issuer', audience: 'lichen' } })
}

interface Claims {
  readonly audience?: string
  readonly issuer?: string
  /** Seconds from now. */
  readonly expires?: number
}

function token(claims: Claims = {}): Promise<string> {
  return new SignJWT({ groups: ['sales'] })
    .setProtectedHeader({ alg: 'ES256' })
    .setSubject('ada')
    .setIssuer(claims.issuer ?? 'issuer')
    .setAudience(claims.audience ?? 'lichen')
    .setExpirationTime(Math.floor(Date.now() / 1000) + (claims.expires ?? 60))
    .sign(privateKey)
}

/** The socket once the server has greeted, or the status of its refusal. */
function attempt(
  serving: Serving,
  options: ClientOptions = {},
  protocols: string[] = [],
  path = '/app/engineData',
): Promise<WebSocket | number> {
  const socket = new WebSocket(`${serving.url}${path}`, protocols, options)
  return new Promise((resolve, reject) => {
    socket.once('message', () => resolve(socket))
    socket.once('unexpected-response', (_, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.once('error', reject)
  })
}

async function greeted(...given: Parameters<typeof attempt>): Promise<WebSocket> {
  const outcome = await attempt(...given)
  if (typeof outcome === 'number') throw new Error(`Refused with ${outcome}`)
  return outcome
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', (code) => resolve(code)))
}

function reply(socket: WebSocket, method: string): Promise<object> {
  return new Promise((resolve) => {
    socket.once('message', (data) => resolve(JSON.parse(String(data))))
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, handle: -1, method, params: [] }))
  })
}

describe('who may connect', () => {
  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['a rebound Host', { headers: { host: 'evil.example' } }, 403],
  ])('refuses %s', async (_, options, status) => {
    expect(await attempt(await start(), options)).toBe(status)
  })

  it('answers loopback origins', async () => {
    await greeted(await start(), { origin: 'http://localhost:5173' })
  })

  it('serves nothing elsewhere', async () => {
    expect(await attempt(await start(), {}, [], '/elsewhere')).toBe(404)
  })

  it('takes so many connections and no more', async () => {
    const serving = await start({ limits: { connectionsPerUser: 1 } })
    const first = await greeted(serving)
    expect(await attempt(serving)).toBe(429)
    const closed = closeCode(first)
    first.close()
    await closed
    const other = await start({ limits: { connections: 0 } })
    expect(await attempt(other)).toBe(503)
  })
})

describe('tokens', () => {
  const bearer = (value: string): ClientOptions => ({
    headers: { authorization: `Bearer ${value}` },
  })

  it('are required', async () => {
    expect(await attempt(await withTokens())).toBe(401)
  })

  it.each<[string, Claims]>([
    ['is expired', { expires: -60 }],
    ['is for another audience', { audience: 'other' }],
    ['is of another issuer', { issuer: 'other' }],
  ])('are refused when one %s', async (_, claims) => {
    expect(await attempt(await withTokens(), bearer(await token(claims)))).toBe(401)
  })

  it('are refused when nobody signed them', async () => {
    const [, payload] = (await token()).split('.')
    const header = Buffer.from('{"alg":"none"}').toString('base64url')
    expect(await attempt(await withTokens(), bearer(`${header}.${payload}.`))).toBe(401)
    expect(await attempt(await withTokens(), bearer('nonsense'))).toBe(401)
  })

  it('tell the user, by header', async () => {
    const socket = await greeted(await withTokens(), bearer(await token()))
    expect(await reply(socket, 'GetAuthenticatedUser')).toMatchObject({
      result: { qReturn: 'ada' },
    })
  })

  it('tell the user, by subprotocol, which is not echoed', async () => {
    const protocols = ['lichen', `lichen.bearer.${await token()}`]
    const socket = await greeted(await withTokens(), {}, protocols)
    expect(socket.protocol).toBe('lichen')
    expect(await reply(socket, 'GetAuthenticatedUser')).toMatchObject({
      result: { qReturn: 'ada' },
    })
  })

  it('need a usable key', async () => {
    const publicKeyFile = join(folder, 'not-a-key.pem')
    await writeFile(publicKeyFile, 'nothing')
    const jwt = { publicKeyFile, issuer: 'issuer', audience: 'lichen' }
    await expect(start({ jwt })).rejects.toMatchObject({ code: 'access-denied' })
  })
})

describe('the server', () => {
  it('closes on a message that is too big or binary', async () => {
    const serving = await start({ limits: { messageBytes: 1000 } })
    const big = await greeted(serving)
    const tooBig = closeCode(big)
    big.send('x'.repeat(1001))
    expect(await tooBig).toBe(1009)
    const binary = await greeted(serving)
    const refused = closeCode(binary)
    binary.send(Buffer.of(1))
    expect(await refused).toBe(1003)
  })

  it('tells its health and nothing else', async () => {
    const { port } = await start()
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }])
    const other = await fetch(`http://127.0.0.1:${port}/app/engineData`)
    expect([other.status, await other.json()]).toEqual([404, { error: 'not found' }])
  })

  it('says goodbye when it stops and is gone then', async () => {
    const serving = await start()
    const closed = closeCode(await greeted(serving))
    await serving.stop()
    expect(await closed).toBe(1001)
    await expect(attempt(serving)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('drops the session app that was idle longest, but none in use', async () => {
    const serving = await start({ limits: { sessionAppsPerUser: 2 } })
    const open = (name: string): Promise<WebSocket> => greeted(serving, {}, [], `/app/${name}`)
    const idle = await open('SessionApp_idle')
    await open('SessionApp_used')
    const ended = closeCode(idle)
    idle.close()
    await ended
    const third = await open('SessionApp_third')
    expect(await reply(third, 'GetActiveDoc')).toMatchObject({
      result: { qReturn: { qGenericId: 'SessionApp_third' } },
    })
    const fourth = new WebSocket(`${serving.url}/app/SessionApp_fourth`)
    expect(await closeCode(fourth)).toBe(1011)
  })
})
