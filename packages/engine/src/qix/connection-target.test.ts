import { describe, expect, it } from 'vitest'
import { connectionTarget } from './connection-target.ts'

describe('what an address opens', () => {
  it.each([
    ['/app/engineData', { kind: 'global' }],
    ['ws://127.0.0.1:9076/app/', { kind: 'global' }],
    ['/app/Sales%202026?reloadUri=x', { kind: 'app', id: 'Sales 2026' }],
    ['ws://host/app/SessionApp_x/identity/1/ttl/5', { kind: 'session-app', name: 'SessionApp_x' }],
    ['/other', undefined],
    ['/app/%E0%A4%A', undefined],
  ])('%s', (url, target) => {
    expect(connectionTarget(url)).toEqual(target)
  })
})
