import { expect, test } from 'vitest'
import { fakeDatabase } from '../script/connection-for-tests.ts'
import { Document } from './document.ts'

test('a reload may have other connections than its document', async () => {
  const own = fakeDatabase({ 'SELECT 1': { fields: ['a'], rows: [[1]] } })
  const other = fakeDatabase({ 'SELECT 1': { fields: ['a'], rows: [[2]] } })
  const document = new Document({ id: 'x', connections: own.connections })
  document.script = "LIB CONNECT TO 'db'; T: SELECT 1;"
  const first = (): unknown =>
    document.model.fields.find(({ name }) => name === 'a')?.symbols.textAt(0)
  await document.reload()
  expect(first()).toBe('1')
  await document.reload({ connections: other.connections })
  expect(first()).toBe('2')
  expect(own.sent).toEqual(['open db', 'SELECT 1', 'close db'])
  expect(other.sent).toEqual(own.sent)
})
