import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { refuseUpgrade } from './upgrade-guard.ts'

function request(headers: IncomingMessage['headers']): IncomingMessage {
  return { headers } as IncomingMessage
}

describe('upgrade guard', () => {
  const loopback = { origins: undefined, host: '127.0.0.1' }
  const listed = { origins: ['https://app.example'], host: '127.0.0.1' }

  it.each([
    ['no Origin is no browser', { host: 'localhost:9076' }, loopback, true],
    [
      'a loopback origin',
      { host: '127.0.0.1:9076', origin: 'http://localhost:5173' },
      loopback,
      true,
    ],
    [
      'a foreign origin',
      { host: '127.0.0.1:9076', origin: 'https://evil.example' },
      loopback,
      false,
    ],
    [
      'an origin that only looks like loopback',
      { host: '127.0.0.1', origin: 'http://localhost.evil.example' },
      loopback,
      false,
    ],
    ['the null origin', { host: '127.0.0.1', origin: 'null' }, loopback, false],
    ['a rebound Host', { host: 'evil.example' }, loopback, false],
    ['no Host', {}, loopback, false],
    ['a listed origin', { host: '127.0.0.1', origin: 'https://app.example' }, listed, true],
    [
      'a suffix of a listed origin',
      { host: '127.0.0.1', origin: 'https://app.example.evil.example' },
      listed,
      false,
    ],
    [
      'loopback when a list is given',
      { host: '127.0.0.1', origin: 'http://localhost' },
      listed,
      false,
    ],
  ])('%s', (_, headers, options, allowed) => {
    expect(refuseUpgrade(request(headers), options) === undefined).toBe(allowed)
  })
})
