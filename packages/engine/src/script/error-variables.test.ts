import { describe, expect, it } from 'vitest'
import { run } from './run-for-tests.ts'

async function variablesOf(script: string): Promise<Record<string, string>> {
  const { variables } = await run(script)
  return Object.fromEntries(variables)
}

describe('error variables', () => {
  it('tell the last error by number and text, until a statement succeeds', async () => {
    const variables = await variablesOf(`
      SET ErrorMode = 0;
      LET before = ScriptError + 0;
      DROP TABLE Nope;
      IF ScriptError = 10 THEN
      LET text = ScriptError & '!';
      END IF
      LET after = ScriptError + 0;
    `)
    expect(variables).toMatchObject({ before: '0', text: 'Table not found!', after: '0' })
    expect(variables.ScriptError).toBeUndefined()
    expect(variables.ScriptErrorCount).toBe('1')
    expect(variables.ScriptErrorList).toBe(
      'Table not found: There is no table "Nope"; tables so far: none',
    )
  })

  it.each([
    [2, 'FROB;'],
    [2, 'LOAD a + AS b AUTOGENERATE 1;'],
    [2, 'LOAD a FORM T;'],
    [8, 'LOAD * FROM none.csv;'],
    [10, 'LOAD * RESIDENT Nope;'],
    [11, 'T: LOAD 1 AS a AUTOGENERATE 1; LOAD b RESIDENT T;'],
    [16, 'LOAD Lenn(1) AS b AUTOGENERATE 1;'],
    [1, 'EXECUTE x;'],
    [0, 'TRACE x;'],
  ])('have code %i for %s', async (code, statement) => {
    const { log } = await run(
      `SET ErrorMode = 0; ${statement}\nIF ScriptError = ${code} THEN\nTRACE yes;\nEND IF`,
      {
        reader: {
          resolve: async () => [],
          open: async () => Promise.reject(new Error('not asked')),
        },
      },
    )
    expect(log).toContain('yes')
  })

  it('list all errors, a line each, of this run only', async () => {
    const { variables } = await run('SET ErrorMode = 0; DROP TABLE A; DROP TABLE B; LET x = 1;', {
      variables: new Map([
        ['ScriptErrorCount', '7'],
        ['ScriptErrorList', 'old'],
        ['ScriptError', 'old'],
      ]),
    })
    expect(variables.get('ScriptErrorCount')).toBe('2')
    expect(variables.get('ScriptErrorList')?.split('\n')).toHaveLength(2)
    expect(variables.get('ScriptErrorDetails')).toBeUndefined()
  })

  it.each([1, 2])('do not keep ErrorMode %i from stopping', async (mode) => {
    await expect(run(`SET ErrorMode = ${mode}; DROP TABLE A;`)).rejects.toMatchObject({
      code: 'table-not-found',
    })
  })
})
