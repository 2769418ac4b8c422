import { describe, expect, it } from 'vitest'
import { createAllocator } from '../storage/allocator.ts'
import { runScript } from './interpreter.ts'
import type { TableReader } from './reader.ts'
import { Journal } from './reload-report.ts'
import { dedent } from './run-for-tests.ts'

/** Files of two records, by path, with the fields named; each has 100 bytes. */
function filesOf(files: Readonly<Record<string, readonly string[]>>): TableReader {
  return {
    resolve: async (path) =>
      path.includes('*')
        ? Object.keys(files).filter((name) => name.endsWith(path.slice(1)))
        : [path],
    open: async (path) => ({
      fields: files[path] ?? [],
      file: { bytes: 100 },
      async *batches(fields) {
        yield {
          rows: 2,
          columns: fields.map((field) => ({ kind: 'values', values: [`${field}a`, `${field}b`] })),
        }
      },
    }),
  }
}

const reader = filesOf({
  'orders.csv': ['Id', 'Customer', 'Amount', 'Rate'],
  'customers.qvd': ['Customer', 'Name', 'Country'],
  'more.csv': ['Id', 'Total'],
  'budget.xlsx': ['Region', 'Jan', 'Feb'],
})

async function journalOf(script: string): Promise<Journal> {
  const journal = new Journal()
  let now = 45_000
  const clock = { now: () => (now += 1 / 86_400_000) }
  const options = { allocator: createAllocator(), reader, journal, clock }
  await runScript({ name: 'script', text: dedent(script) }, options)
  return journal
}

/** `Table.Field < file.field, …`, a line each. */
async function lineageOf(script: string): Promise<string[]> {
  const { lineage } = await journalOf(script)
  return lineage.map(
    ({ table, field, from }) =>
      `${table}.${field} < ${from.map((origin) => `${origin.source}#${origin.field}`).join(', ')}`,
  )
}

describe('lineage', () => {
  it('follows expressions, stacked loads, resident loads and names', async () => {
    expect(
      await lineageOf(`
        Orders: LOAD *, Value * 2 AS Twice;
        LOAD Id, Customer, Amount * Rate AS Value FROM orders.csv;
        Left Join (Orders) LOAD Customer, Name FROM customers.qvd;
        Copy: NoConcatenate LOAD Upper(Name) AS Shout, RowNo() AS No RESIDENT Orders;
        DROP FIELD Twice;
        RENAME FIELD Value TO Worth;
        RENAME TABLE Copy TO Names;`),
    ).toEqual([
      'Orders.Id < orders.csv#Id',
      'Orders.Customer < orders.csv#Customer, customers.qvd#Customer',
      'Orders.Worth < orders.csv#Amount, orders.csv#Rate',
      'Orders.Name < customers.qvd#Name',
      'Names.Shout < customers.qvd#Name',
      'Names.No < ',
    ])
  })

  it('adds the origins of rows that are appended', async () => {
    expect(
      await lineageOf(`
        T: LOAD Id, Amount FROM orders.csv;
        Concatenate (T) LOAD Id, Total AS Amount FROM more.csv;`),
    ).toEqual(['T.Id < orders.csv#Id, more.csv#Id', 'T.Amount < orders.csv#Amount, more.csv#Total'])
  })

  it('knows maps, look-ups in other tables, and data of the script itself', async () => {
    expect(
      await lineageOf(`
        Names: MAPPING LOAD Customer, Name FROM customers.qvd;
        C: LOAD Customer, Country FROM customers.qvd;
        T: LOAD Id, ApplyMap('Names', Customer) AS Who, LookUp('Country', 'Customer', Customer, 'C') AS Where FROM orders.csv;
        I: LOAD x AS Inline INLINE [x
        1];
        DROP TABLE C;`),
    ).toEqual([
      'T.Id < orders.csv#Id',
      'T.Who < orders.csv#Customer, customers.qvd#Name',
      'T.Where < orders.csv#Customer, customers.qvd#Country',
      'I.Inline < INLINE#x',
    ])
  })

  it('takes the columns that CROSSTABLE turns for the origin of what it makes of them', async () => {
    expect(await lineageOf('B: CROSSTABLE (Month, Plan) LOAD * FROM budget.xlsx;')).toEqual([
      'B.Region < budget.xlsx#Region',
      'B.Month < budget.xlsx#Jan, budget.xlsx#Feb',
      'B.Plan < budget.xlsx#Jan, budget.xlsx#Feb',
    ])
  })
})

describe('the report of a reload', () => {
  it('lists what statements took, with place, rows and bytes', async () => {
    const { statements, rows, bytes } = await journalOf(`
      LET a = 1;
      T: LOAD Id
      FROM orders.csv;
      SUB more
      Concatenate (T) LOAD Id FROM more.csv;
      END SUB
      CALL more
      DROP TABLE T;`)
    expect(statements).toEqual([
      expect.objectContaining({ line: 2, text: 'T: LOAD Id FROM orders.csv', rows: 2, bytes: 100 }),
      expect.objectContaining({ line: 5, rows: 2, bytes: 100 }),
    ])
    expect(statements.every(({ milliseconds }) => milliseconds > 0)).toBe(true)
    expect([rows, bytes]).toEqual([4, 200])
  })

  it('shows no secrets of connections', async () => {
    const journal = new Journal()
    const now = (): number => 1
    const text = "ODBC CONNECT TO 'DSN=x;PWD=secret'"
    const raw = { text, start: 0, end: text.length, keyword: 'ODBC', control: false }
    await journal.timed({ source: { name: 's', text }, raw }, now, async () => {})
    expect(journal.statements[0]?.text).toBe('ODBC …')
  })
})
