import { describe, expect, it } from 'vitest'
import { LichenError } from '../../base/errors.ts'
import { writeSnapshot } from '../../snapshot/write-snapshot.ts'
import type { ScriptResult } from '../interpreter.ts'
import type { TableReader } from '../reader.ts'
import { expectError, run, show } from '../run-for-tests.ts'
import { encodeSectionAccess, sectionAccessPart } from '../section-access.ts'

function saved({ model, sectionAccess }: ScriptResult): Uint8Array {
  const extras = new Map([[sectionAccessPart, encodeSectionAccess(sectionAccess)]])
  const parts = writeSnapshot(model, extras)
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function readerOf(files: Readonly<Record<string, Uint8Array>>): TableReader {
  const notFound = (path: string): never => {
    throw new LichenError('source-not-found', `${path} was not found`)
  }
  return {
    resolve: async (path) => [path],
    open: async (path) => notFound(path),
    readBytes: async (path) => files[path] ?? notFound(path),
  }
}

const script = `
  T: LOAD * INLINE [
    a, b, c
    1, x, 2
    2, y, 3
  ];
  U: LOAD 1 AS a, 'x' AS b, 5 AS d AUTOGENERATE 1;
`

describe('BINARY', () => {
  it('loads the tables and the section access of a saved app, and nothing else', async () => {
    const other = await run(
      `LET v = 1; SECTION ACCESS; R: LOAD 'ADMIN' AS ACCESS AUTOGENERATE 1; SECTION APPLICATION; ${script}`,
    )
    const reader = readerOf({ 'lib://apps/other app.lichen': saved(other) })
    const { model, variables, sectionAccess } = await run(
      'BINARY [lib://apps/other app.lichen];\nT: LOAD 3 AS a, null() AS b, 4 AS c AUTOGENERATE 1;',
      { reader },
    )
    const plain = await run(`${script} T: LOAD 3 AS a, null() AS b, 4 AS c AUTOGENERATE 1;`)
    expect(show(model)).toBe(show(plain.model))
    expect(model.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['T', 3],
      ['U', 1],
      ['$Syn 1 Table', 3],
    ])
    expect([...variables.keys()]).toEqual(['ScriptErrorCount'])
    expect(sectionAccess).toEqual(other.sectionAccess)
  })

  it('loads the app itself when no file is named', async () => {
    const present = await run(script)
    const { model } = await run('BINARY;\nDROP TABLE U;', { present })
    expect(show(model)).toBe('T: a|b|c\n1|x|2\n2|y|3')
    expect(show(present.model)).toContain('U: d')
  })

  it('names a way out where it cannot', async () => {
    await expectError(
      'BINARY [lib://apps/x.QVF];',
      `
      lib://apps/x.QVF is of a format that only its maker reads; store its tables there with STORE … (qvd) and load the QVD files
      script:1:1
      1 | BINARY [lib://apps/x.QVF];
          ^^^^^^^^^^^^^^^^^^^^^^^^^
    `,
    )
    const codeOf = (text: string, reader?: TableReader): Promise<unknown> =>
      run(text, reader === undefined ? {} : { reader }).catch((cause: unknown) =>
        cause instanceof LichenError ? cause.code : cause,
      )
    expect(await codeOf('BINARY x.lichen;')).toBe('source-unsupported')
    expect(await codeOf('BINARY x.lichen;', readerOf({}))).toBe('source-not-found')
    const damaged = readerOf({ 'x.lichen': new Uint8Array(100) })
    expect(await codeOf('BINARY x.lichen;', damaged)).toBe('snapshot-malformed')
    expect(await codeOf('LET a = 1; BINARY x.lichen;', damaged)).toBe('script-failed')
  })
})
