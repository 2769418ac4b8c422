import { describe, expect, it } from 'vitest'
import { LichenError } from '../base/errors.ts'
import type { TableReader } from './reader.ts'
import { run } from './run-for-tests.ts'

function recorded(): { readonly paths: string[]; readonly reader: TableReader } {
  const paths: string[] = []
  return {
    paths,
    reader: {
      async resolve(path) {
        paths.push(path)
        throw new LichenError('source-not-found', `No file "${path}"`)
      },
      open: async () => Promise.reject(new Error('not asked')),
      async readText(path) {
        paths.push(path)
        return ''
      },
    },
  }
}

describe('DIRECTORY', () => {
  it('is put before relative paths of FROM and includes, until the next one', async () => {
    const { paths, reader } = recorded()
    const script = ['a.csv', '/b.csv', 'lib://c/d.csv', 'C:\\e.csv', '[f g/*.csv]']
      .map((path) => `LOAD * FROM ${path};`)
      .join('\n')
    await run(
      `SET ErrorMode=0; LOAD * FROM z.csv; DIRECTORY lib://data;\n${script}
      DIRECTORY [x y/]; LOAD * FROM a.csv;\n$(Include=i.qvs)\nDIRECTORY; LOAD * FROM a.csv;`,
      { reader },
    )
    expect(paths).toEqual([
      'z.csv',
      'lib://data/a.csv',
      '/b.csv',
      'lib://c/d.csv',
      'C:\\e.csv',
      'lib://data/f g/*.csv',
      'x y/a.csv',
      'x y/i.qvs',
      'a.csv',
    ])
  })

  it('is put before what STORE writes', async () => {
    const paths: string[] = []
    await run('DIRECTORY out; T: LOAD 1 AS a AUTOGENERATE 1; STORE T INTO t.qvd;', {
      writer: {
        async store(path) {
          paths.push(path)
        },
      },
    })
    expect(paths).toEqual(['out/t.qvd'])
  })
})
