import { createApp, type TableWriter } from '@lichen/engine'
import { expect, test } from 'vitest'
import { bytesSource } from './byte-source.ts'
import { libraryReader, libraryWriter } from './library-reader.ts'
import { fileReader } from './reader.ts'
import { webReader } from './web-reader.ts'
import { createWriter } from './writer.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const stored = new Map<string, string>()
const lake = (): TableWriter =>
  createWriter({
    async put(path, bytes) {
      let text = ''
      for await (const chunk of bytes) text += new TextDecoder().decode(chunk)
      stored.set(path, text)
    },
  })

test('a script reads from several places and stores into another', async () => {
  const asked: string[] = []
  const app = await createApp({
    script: `
T: LOAD A, FileName() AS F FROM [lib://data/sub/*.csv] (txt, embedded labels, delimiter is ',');
CONCATENATE (T) LOAD A, FileSize('lib://data/sub/a.csv') AS F FROM [https://data.example.com/x.csv?year=2024] (txt, embedded labels, delimiter is ',');
CONCATENATE (T) LOAD A FROM own.csv (txt, embedded labels, delimiter is ',');
STORE A FROM T INTO [lib://lake/out/t.csv];`,
    reader: libraryReader(
      { data: fileReader(new Map([['sub/a.csv', bytesSource('a', bytesOf('A\n1\n'))]])) },
      fileReader(new Map([['own.csv', bytesSource('own.csv', bytesOf('A\n3\n'))]])),
      webReader({
        allow: ['data.example.com'],
        fetch: async (input) => {
          asked.push(String(input))
          return new Response('A\n2\n')
        },
      }),
    ),
    writer: libraryWriter({ lake: lake() }),
  })
  expect(app.evaluate("Concat(A) & ';' & Concat(F, ',')").text).toBe('123;4,a.csv')
  expect(new Set(asked)).toEqual(new Set(['https://data.example.com/x.csv?year=2024']))
  expect(stored).toEqual(new Map([['out/t.csv', 'A\r\n1\r\n2\r\n3\r\n']]))
  app.close()
  await expect(
    createApp({
      script: 'LOAD * FROM [https://other.example.com/x.csv?key=hunter2];',
      reader: libraryReader({}, undefined, webReader({ allow: ['data.example.com'] })),
    }),
  ).rejects.toMatchObject({ code: 'access-denied' })
})
