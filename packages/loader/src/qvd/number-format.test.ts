import { Dual, type NumberFormat } from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import { collect, readColumns, storedField, storedTable, symbolsOf } from './table-for-tests.ts'
import { writeQvd } from './write.ts'

const createdAt = new Date('2024-05-17T08:36:31Z')
const date: NumberFormat = { kind: 'date', pattern: 'M/D/YYYY' }

describe('number formats', () => {
  const written = async (format: NumberFormat): Promise<string> => {
    const field = storedField({ name: 'A', format, dictionary: [1], codes: [1] })
    const bytes = await collect(writeQvd(storedTable('T', 1, [field]), { createdAt }))
    const text = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))
    return ['Type', 'nDec', 'UseThou', 'Fmt', 'Dec', 'Thou']
      .map((name) => new RegExp(`<${name}>([^<]*)<`).exec(text)?.[1])
      .join(' ')
  }
  test.each<[NumberFormat, string]>([
    [{ kind: 'date', pattern: '' }, 'DATE 0 0 YYYY-MM-DD  '],
    [{ kind: 'time', pattern: 'h:mm' }, 'TIME 0 0 h:mm  '],
    [{ kind: 'timestamp', pattern: 'M/D/YYYY h:mm' }, 'TIMESTAMP 0 0 M/D/YYYY h:mm  '],
    [{ kind: 'interval', pattern: '' }, 'INTERVAL 0 0 hh:mm:ss  '],
    [{ kind: 'money', pattern: '' }, 'MONEY 0 1 $#,##0.00;-$#,##0.00 . ,'],
    [{ kind: 'integer', pattern: '' }, 'INTEGER 0 0 0  '],
    [{ kind: 'fixed', pattern: '0.00' }, 'FIX 2 0 0.00 . '],
    [{ kind: 'number', pattern: '#,##0.0##;-0' }, 'FIX 3 1 #,##0.0##;-0 . ,'],
    [
      { kind: 'number', pattern: '# ##0,0', decimalSeparator: ',', thousandSeparator: ' ' },
      'FIX 1 1 # ##0,0 ,  ',
    ],
    [{ kind: 'number', pattern: '' }, 'UNKNOWN 0 0   '],
  ])('%j', async (format, expected) => {
    expect(await written(format)).toBe(expected)
  })
  test('values that do not tell their own texts from those of the format are written with them', async () => {
    const { kindAt, ...symbols } = symbolsOf([new Dual('3/15/2023', 45000), 'soon'])
    expect(kindAt).toBeDefined()
    const field = storedField(
      { name: 'A', format: date, dictionary: [], codes: [1, 2] },
      { symbols },
    )
    const [column] = await readColumns(
      await collect(writeQvd(storedTable('T', 2, [field]), { createdAt })),
    )
    expect(column).toMatchObject({
      format: date,
      dictionary: [new Dual('3/15/2023', 45000), 'soon'],
    })
  })
})
