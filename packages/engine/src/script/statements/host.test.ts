import { describe, expect, it } from 'vitest'
import { expectError, run } from '../run-for-tests.ts'

describe('SLEEP', () => {
  it('waits for the milliseconds of an expression, in slices', async () => {
    const waits: number[] = []
    await run('SET t = 2; SLEEP t * 100 + 50;', {
      wait: async (milliseconds) => {
        waits.push(milliseconds)
      },
    })
    expect(waits).toEqual([100, 100, 50])
  })

  it('ends when the script is cancelled', async () => {
    const cancellation = { cancelled: false }
    const wait = async (): Promise<void> => {
      cancellation.cancelled = true
    }
    await expect(run('SLEEP 3600000;', { wait, cancellation })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('waits by itself, and for an hour at most', async () => {
    await run('SLEEP 1;')
    await expectError(
      'SLEEP 3600001;',
      `
      SLEEP takes milliseconds, 3600000 at most
      script:1:7
      1 | SLEEP 3600001;
                ^^^^^^^
    `,
    )
  })
})

describe('EXECUTE', () => {
  it('is refused unless the host runs programs', async () => {
    const error = await expectError(
      'EXECUTE cmd.exe /c dir;',
      `
      EXECUTE: this host lets scripts run no programs; let the host run it before the reload
      script:1:1
      1 | EXECUTE cmd.exe /c dir;
          ^^^^^^^^^^^^^^^^^^^^^^
    `,
    )
    expect(error.code).toBe('access-denied')
    const commands: string[] = []
    await run("SET f = 'x y'; EXECUTE copy $(f) z;", {
      execute: async (command) => {
        commands.push(command)
      },
    })
    expect(commands).toEqual(['copy x y z'])
  })
})

describe('what is not built', () => {
  it.each([
    ['EXTENSION', 'T: LOAD * EXTENSION Python.Run(T{a});'],
    ['SEMANTIC', 'SEMANTIC LOAD a, b, c RESIDENT T;'],
    ['INFO', 'INFO LOAD a, b RESIDENT T;'],
    ['BUNDLE', 'BUNDLE INFO LOAD a, b RESIDENT T;'],
  ])('%s is refused with a way out', async (word, script) => {
    const error = await run(script).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'script-failed', message: expect.stringContaining('load') })
    expect(error).toMatchObject({ message: expect.stringContaining(word) })
  })
})

describe('SEARCH', () => {
  it('tags what a search over all fields leaves out; the last word counts', async () => {
    const { model } = await run(`
      T: LOAD 1 AS ProductID, 2 AS OrderID, 3 AS Name AUTOGENERATE 1;
      SEARCH INCLUDE *; SEARCH EXCLUDE [*ID]; SEARCH INCLUDE ProductID;
    `)
    expect(
      model.fields.filter(({ tags }) => tags.includes('$nosearch')).map(({ name }) => name),
    ).toEqual(['OrderID'])
  })
})
