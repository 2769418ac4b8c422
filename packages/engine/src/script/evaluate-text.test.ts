import { it } from 'vitest'
import { expectTables } from './run-for-tests.ts'

it('Evaluate reads a text as an expression; NULL when it is none', () =>
  expectTables(
    `
    T: LOAD Evaluate(x) AS y INLINE [
    x
    "5 * 8"
    "Upper('a') & '!'"
    "5 *"
    "Sum(x)"
    "x"
    ];
    `,
    `
    T: y
    40
    A!
    -
    -
    -
    `,
  ))
