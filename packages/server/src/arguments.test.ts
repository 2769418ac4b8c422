import { describe, expect, it } from 'vitest'
import { isLoopback, readArguments } from './arguments.ts'

describe('command line', () => {
  it('serves loopback by default', () => {
    expect(readArguments(['serve'])).toEqual({
      command: 'serve',
      host: '127.0.0.1',
      port: 9076,
      data: undefined,
      libs: {},
      connect: {},
      writable: false,
      apps: '.lichen/apps',
      origins: undefined,
      jwt: undefined,
    })
  })

  it('reads a run', () => {
    expect(
      readArguments([
        'run',
        'x.qvs',
        '--lib',
        'out=dir/a=b',
        '--eval',
        'Sum(A)',
        '--eval',
        'Count(B)',
        '--json',
      ]),
    ).toMatchObject({
      command: 'run',
      script: 'x.qvs',
      libs: { out: 'dir/a=b' },
      evaluations: ['Sum(A)', 'Count(B)'],
      json: true,
    })
  })

  it.each([
    [['serve', '--host', '0.0.0.0'], 'only loopback is served'],
    [['serve', '--port', 'x'], '--port'],
    [['serve', '--lib', 'x'], 'NAME=DIR'],
    [['serve', '--threads', '-1'], '--threads'],
    [['serve', '--threads', '1.5'], '--threads'],
    [['serve', '--jwt-issuer', 'I'], 'belong together'],
    [['run'], 'one script file'],
    [['fly'], 'Unknown command'],
    [['serve', '--nonsense'], 'nonsense'],
  ])('refuses %j', (argv, message) => {
    expect(() => readArguments(argv)).toThrow(message)
  })

  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['[::1]', true],
    ['127.0.0.1.evil.example', false],
    ['example.org', false],
  ])('knows whether %s is loopback', (host, loopback) => {
    expect(isLoopback(host)).toBe(loopback)
  })
})
