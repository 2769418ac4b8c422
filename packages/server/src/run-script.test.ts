import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printReport, type RunReport, runScript } from './run-script.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lichen-run-'))
  await writeFile(join(folder, 'orders.csv'), 'Order,Customer,Amount\n1,a,10\n2,b,32\n')
})

afterAll(() => rm(folder, { recursive: true }))

async function run(text: string, ...evaluations: string[]): Promise<RunReport> {
  const script = join(folder, 'script.qvs')
  await writeFile(script, text)
  return runScript({
    command: 'run',
    script,
    data: folder,
    evaluations,
    json: false,
    libs: {},
    connect: {},
  })
}

const script = `Orders:
LOAD * FROM [lib://data/orders.csv] (txt, utf8, embedded labels, delimiter is ',');
Customers:
LOAD * INLINE [
Customer, Region
a, North
b, South
c, West
];
`

describe('lichen run', () => {
  it('tells the tables and evaluates', async () => {
    const report = await run(script, 'Sum(Amount)', "Concat(Region, '|')", 'Null()')
    expect(report).toMatchObject({
      tables: [
        { name: 'Orders', fields: ['Order', 'Customer', 'Amount'], rows: 2 },
        { name: 'Customers', fields: ['Customer', 'Region'], rows: 3 },
      ],
      evaluations: [
        { expression: 'Sum(Amount)', text: '42', number: 42 },
        { expression: "Concat(Region, '|')", text: 'North|South|West', number: null },
        { expression: 'Null()', text: null, number: null },
      ],
      errors: [],
    })
    expect(printReport(report)).toBe(
      "Orders: 2 rows (Order, Customer, Amount)\nCustomers: 3 rows (Customer, Region)\nSum(Amount) = 42\nConcat(Region, '|') = North|South|West\nNull() = NULL\n",
    )
  })

  it('keeps what BUFFER loaded beside the data', async () => {
    const gone = join(folder, 'gone.csv')
    await writeFile(gone, 'x\n7\n')
    const buffered = 'BUFFER LOAD * FROM [lib://data/gone.csv];'
    await run(buffered)
    await rm(gone)
    expect((await run(buffered, 'Sum(x)')).evaluations).toMatchObject([{ number: 7 }])
  })

  it('places a syntax error of the script', async () => {
    const report = await run('LOAD * INLINE [\na\n1\n];\nLOAD FROM;')
    expect(report.tables).toEqual([])
    expect(report.errors).toMatchObject([{ code: 'script-syntax', line: 5 }])
    expect(report.errors[0]?.column).toBeGreaterThan(1)
    expect(printReport(report)).toContain('5 | LOAD FROM;')
  })

  it('places the statement whose file is missing', async () => {
    const { errors } = await run('LET x = 1;\nLOAD * FROM [lib://data/gone.csv] (txt);')
    expect(errors).toMatchObject([{ code: 'source-not-found', line: 2 }])
  })

  it('reads nothing outside its folder', async () => {
    const { tables, errors } = await run('LOAD * FROM [lib://data/../../etc/passwd] (txt);')
    expect(tables).toEqual([])
    expect(errors).toMatchObject([{ line: 1 }])
  })

  it('places an error of an expression and goes on with the next', async () => {
    const { tables, evaluations, errors } = await run(script, 'Sum(Amount', 'Sum(1,\n  2', '1 + 1')
    expect(tables).toHaveLength(2)
    expect(evaluations.map(({ text }) => text)).toEqual([null, null, '2'])
    expect(errors).toMatchObject([
      { code: 'expression-syntax', line: 1, column: 11 },
      { code: 'expression-syntax', line: 2 },
    ])
  })

  it('tells of a script that is not there', async () => {
    const gone = join(folder, 'gone.qvs')
    const report = await runScript({
      command: 'run',
      script: gone,
      data: folder,
      evaluations: [],
      json: true,
      libs: {},
      connect: {},
    })
    expect(report.errors).toMatchObject([{ code: 'source-not-found' }])
  })
})
