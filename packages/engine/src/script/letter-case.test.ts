import { it } from 'vitest'
import { expectError, expectTables } from './run-for-tests.ts'

it('FORCE changes names and values of the loads that follow', () =>
  expectTables(
    `
    FORCE CASE UPPER;
    A: LOAD * INLINE [
    a, b
    x-y, 1
    ];
    FORCE Case Lower;
    B: LOAD Dual('Jan', 1) AS Month AUTOGENERATE 1;
    FORCE CAPITALIZATION;
    C: LOAD 'two WORDS' AS c AUTOGENERATE 1;
    FORCE CASE MIXED;
    D: LOAD 'aB' AS d AUTOGENERATE 1;
    `,
    `
    A: A|B
    X-Y|1
    B: month
    jan
    C: C
    Two Words
    D: d
    aB
    `,
  ))

it('FORCE wants to know what', () =>
  expectError(
    'FORCE CASE loud;',
    `
    Expected MIXED or UPPER or LOWER after CASE, found "loud"
    script:1:12
    1 | FORCE CASE loud;
                   ^^^^
    `,
  ))
