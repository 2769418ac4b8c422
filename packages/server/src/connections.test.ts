import { createApp, namedConnections } from '@lichen/engine'
import { describe, expect, it } from 'vitest'
import { connectionTo } from './connections.ts'

describe('connections of the command line', () => {
  it('opens what an address names, here or in the environment', async () => {
    const environment = { LAKE: 'duckdb::memory:' }
    const connections = namedConnections({ lake: connectionTo('lake', 'env:LAKE', environment) })
    const app = await createApp({
      script: "LIB CONNECT TO 'lake';\nT: SQL SELECT range AS n FROM range(5);",
      connections,
    })
    expect(app.evaluate('Sum(n)').number).toBe(10)
    app.close()
  })

  it('takes every scheme it tells of', () => {
    for (const address of [
      'postgres://u:p@localhost/x',
      'postgresql://localhost/x',
      'mysql://localhost/x',
      'mariadb://localhost/x',
      'sqlite:plan.db',
      'https://example.com/items',
    ])
      expect(connectionTo('x', address, {})).toBeTypeOf('function')
  })

  it('refuses what it does not know, without a word of the address', () => {
    expect(() => connectionTo('x', 'oracle://u:secret@host', {})).toThrow(
      '--connect x: the address begins with none of postgres:',
    )
    expect(() => connectionTo('x', 'oracle://u:secret@host', {})).not.toThrow('secret')
    expect(() => connectionTo('x', 'env:NOWHERE', {})).toThrow('variable NOWHERE')
  })
})
