import { expect, test } from 'vitest'
import { environmentOf } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import { checkExpression } from './check.ts'

const env = environmentOf(
  loadView([{ name: 'T', fields: ['Region', 'Amount'], rows: [['N', 1]] }]),
  {
    variables: { vSum: 'Sum(Amount)' },
  },
)

test('says what is wrong and where', () => {
  expect(checkExpression('$(vSum)/Count(Region)', env)).toEqual([])
  expect(checkExpression('Sum(Amuont)', env)).toEqual([
    {
      code: 'field-not-found',
      message: 'There is no field Amuont. Did you mean Amount?',
      span: { start: 4, end: 10 },
    },
  ])
  expect(checkExpression('Sum(Amount, 1)', env)[0]).toMatchObject({
    code: 'expression-invalid',
    span: { start: 0, end: 14 },
  })
  expect(checkExpression('Sum(Amount', env)[0]?.code).toBe('expression-syntax')
})
