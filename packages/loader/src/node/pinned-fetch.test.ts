import { createServer } from 'node:https'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendFile, startServer, type TestServer } from '../http-server-for-tests.ts'
import { testCertificate, testKey } from './certificate-for-tests.ts'
import { type PinnedFetchOptions, pinnedFetch } from './pinned-fetch.ts'
import { isPrivateAddress } from './private-address.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer((request, response) => {
    if (request.url === '/away')
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    else if (request.url === '/echo') response.end(request.body)
    else sendFile(request, response, Buffer.from('abcdef'), { 'x-host': request.headers.host! })
  })
})
afterAll(() => server.close())

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.255',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::8.8.8.8',
  '2001:0:1234::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  '2606:4700::1%eth0',
  'fec0::1',
  'ff02::1',
  'localhost',
  '',
])('%j is private', (address) => {
  expect(isPrivateAddress(address)).toBe(true)
})
test.each([
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.1',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2606:4700:4700::1111',
  '2a00:1450:4001::200e',
])('%s is public', (address) => {
  expect(isPrivateAddress(address)).toBe(false)
})
test('an IPv4 address is the same in every guise', () => {
  const part = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(fc.tuple(part, part, part, part), (parts) => {
      const address = parts.join('.')
      for (const guise of [`::ffff:${address}`, `64:ff9b::${address}`])
        expect(isPrivateAddress(guise)).toBe(isPrivateAddress(address))
    }),
  )
})

const fails = (address: string, options: PinnedFetchOptions = {}) =>
  expect(pinnedFetch(options)(address)).rejects

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://017700000001/',
  'http://0177.0.0.01/',
  'http://127.0.0.1./',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://0/',
  'http://１２７.０.０.１/',
  'http://user:pass@8.8.8.8/',
  'file:///etc/passwd',
  'ftp://8.8.8.8/',
])('%s is refused', async (address) => {
  await fails(address).toMatchObject({ code: 'access-denied' })
})
test.each([
  ['one private address among public ones', ['8.8.8.8', '10.0.0.1']],
  ['a mapped address', ['::ffff:127.0.0.1']],
  ['no address', []],
])('a name with %s is refused', async (_, addresses) => {
  const resolve = async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  for (const scheme of ['http', 'https'])
    await fails(`${scheme}://data.example.com/`, { resolve }).toMatchObject({
      code: 'access-denied',
    })
})

const toServer = (counted: string[] = []): PinnedFetchOptions => ({
  allowPrivate: true,
  allow: [`data.example.com:${new URL(server.origin).port}`],
  resolve: async (host) => {
    counted.push(host)
    return [{ address: '127.0.0.1', family: 4 }]
  },
})
const place = (path: string): string =>
  `http://data.example.com:${new URL(server.origin).port}${path}`

test('a host is resolved once, and asked under its own name', async () => {
  const counted: string[] = []
  const fetch = pinnedFetch(toServer(counted))
  const response = await fetch(place('/x'), { headers: { range: 'bytes=1-3' } })
  expect(response.status).toBe(206)
  expect(await response.text()).toBe('bcd')
  expect(response.headers.get('x-host')).toBe(new URL(place('/')).host)
  expect(counted).toEqual(['data.example.com'])
  expect((await fetch(place('/x'), { method: 'HEAD' })).headers.get('content-length')).toBe('6')
})
test('bodies are sent whole', async () => {
  const response = await pinnedFetch(toServer())(place('/echo'), { method: 'PUT', body: 'hello' })
  expect(await response.text()).toBe('hello')
})
test('only the list is asked, and no redirect followed', async () => {
  await fails(server.origin, toServer()).toMatchObject({ code: 'access-denied' })
  await fails(place('/away'), toServer()).toMatchObject({ code: 'access-denied' })
  const response = await pinnedFetch(toServer())(place('/away'), { redirect: 'manual' })
  expect(response.status).toBe(302)
})
test('an aborted request ends', async () => {
  const abort = new AbortController()
  abort.abort()
  await expect(pinnedFetch(toServer())(place('/x'), { signal: abort.signal })).rejects.toThrow()
})
test('a certificate must be that of the name', async () => {
  const names: string[] = []
  const secure = createServer(
    {
      cert: testCertificate,
      key: testKey,
      SNICallback: (name, done) => {
        names.push(name)
        done(null)
      },
    },
    (_, response) => response.end('secret'),
  )
  await new Promise<void>((settle) => secure.listen(0, '127.0.0.1', settle))
  try {
    const bound = secure.address()
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0
    const options: PinnedFetchOptions = {
      allowPrivate: true,
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    }
    const trusting = { ...options, certificates: testCertificate }
    const good = await pinnedFetch(trusting)(`https://data.example.com:${port}/`)
    expect(await good.text()).toBe('secret')
    expect(names).toEqual(['data.example.com'])
    await fails(`https://other.example.com:${port}/`, trusting).toThrow(/altnames/)
    await fails(`https://data.example.com:${port}/`, options).toThrow(/self-signed/)
  } finally {
    secure.closeAllConnections()
    secure.close()
  }
})
