import { defaultFormatSettings, LichenError } from '@lichen/engine'
import { expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { openParquet } from './index.ts'

const open = (bytes: Uint8Array) =>
  openParquet(bytesSource('x.parquet', bytes), defaultFormatSettings)

test('what is no Parquet is malformed', async () => {
  const mark = [0x50, 0x41, 0x52, 0x31]
  for (const bytes of [
    [],
    mark,
    [...mark, 0, 0, 0, 0, ...mark],
    [...mark, 255, 255, 255, 127, ...mark],
  ])
    await expect(open(Uint8Array.from(bytes))).rejects.toMatchObject({ code: 'source-malformed' })
})
test('any bytes as the footer fail with a typed error', async () => {
  for (let first = 0; first < 256; first++) {
    const footer = Uint8Array.of(
      0x50,
      0x41,
      0x52,
      0x31,
      first,
      0x2c,
      0,
      3,
      0,
      0,
      0,
      0x50,
      0x41,
      0x52,
      0x31,
    )
    const outcome = await open(footer).catch((error: unknown) => error)
    expect(!(outcome instanceof Error) || outcome instanceof LichenError).toBe(true)
  }
})
