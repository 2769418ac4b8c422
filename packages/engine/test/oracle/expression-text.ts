import fc from 'fast-check'

/* Texts that may or may not be expressions. */

const fields = ['A', 'B', 'T', 'K', '[Sub Kind]', '"A"', '`B`', '[', 'Nowhere', 'größe', '数']
const words = [
  'DISTINCT',
  'TOTAL',
  'ALL',
  'NODISTINCT',
  'and',
  'or',
  'xor',
  'not',
  'like',
  'bitand',
]
const functions = [
  ...[
    'Sum',
    'Count',
    'Avg',
    'Min',
    'Concat',
    'FirstSortedValue',
    'Mode',
    'Fractile',
    'Aggr',
    'Only',
  ],
  ...[
    'If',
    'Pick',
    'Match',
    'Len',
    'Left',
    'Mid',
    'SubField',
    'Replace',
    'Repeat',
    'Date',
    'Num',
    'Dual',
  ],
  ...['Above', 'Below', 'RowNo', 'Rank', 'RangeSum', 'Column', 'ValueList', 'ValueLoop', 'Class'],
  ...[
    'GetFieldSelections',
    'GetSelectedCount',
    'Date#',
    'Interval#',
    'Fact',
    'Combin',
    'P',
    'E',
    'Evaluate',
  ],
].map((name) => `${name}(`)
const symbols = [
  ...[
    '+',
    '-',
    '*',
    '/',
    '&',
    '=',
    '<>',
    '<',
    '>',
    '<=',
    '>=',
    '<<',
    '>>',
    '(',
    ')',
    ',',
    ';',
    ':',
    '::',
  ],
  ...[
    '{',
    '}',
    '{<',
    '>}',
    '{1',
    '{$',
    '{$_1',
    '={',
    '+={',
    '=P(',
    '{"',
    '"}',
    "'",
    '"',
    '//',
    '/*',
    '*/',
    '\n',
  ],
]
const numbers = [
  ...[
    '0',
    '1',
    '2.5',
    '.5',
    '1e3',
    '1e308',
    '1e999',
    '1e-400',
    '9'.repeat(60),
    '1.2.3',
    '0x1F',
    '1e',
    '-0',
  ],
  ...['9007199254740993', '4294967296', '-2147483649', '0.1', '00012', '1_000', '1,5'],
]
const literals = [
  "'a'",
  "''",
  "'it''s'",
  "'2024-01-15'",
  "'x*'",
  '"=Sum(A)>1"',
  '">=2<5"',
  "'\u0000'",
  "'\ud83d'",
]
const dollars = [
  ...[
    '$(v)',
    '$(#v)',
    '$(=Sum(A))',
    '$(=Max(B)',
    '$(self)',
    '$(double)',
    '$(sum(A,B))',
    '$(sum())',
    '$()',
  ],
  ...[
    '$(',
    '$(=',
    '$($(v))',
    '$(=$(v))',
    '$(nothing)',
    "$(='a'&'b')",
    '$1',
    '$(Include=x)',
    '$(=$(self))',
  ],
]

const token = fc.oneof(
  { arbitrary: fc.constantFrom(...fields), weight: 5 },
  { arbitrary: fc.constantFrom(...functions), weight: 4 },
  { arbitrary: fc.constantFrom(...symbols), weight: 8 },
  { arbitrary: fc.constantFrom(')', ')', '}', ']'), weight: 3 },
  { arbitrary: fc.constantFrom(...numbers, ...literals), weight: 4 },
  { arbitrary: fc.constantFrom(...words), weight: 2 },
  { arbitrary: fc.constantFrom(...dollars), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 2 }), weight: 1 },
)

const soup = fc
  .tuple(fc.array(token, { maxLength: 24 }), fc.constantFrom('', ' ', '\t'))
  .map(([tokens, blank]) => tokens.join(blank))

/** Expressions with some characters taken away, doubled, replaced or brought from another one. */
function mutated(originals: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(400),
    taken: fc.nat(6),
    put: fc.oneof(token, fc.constantFrom(...originals), fc.constant('')),
  })
  return fc
    .tuple(fc.constantFrom(...originals), fc.array(change, { maxLength: 2 }))
    .map(([original, changes]) =>
      changes.reduce((text, { at, taken, put }) => {
        const start = at % (text.length + 1)
        return text.slice(0, start) + put + text.slice(start + taken)
      }, original),
    )
}

/** What opens, what stands inside, what closes. */
const nests: readonly (readonly [string, string, string])[] = [
  ['(', '1', ')'],
  ['-', '1', ''],
  ['not ', 'A', ''],
  ['If(1,', 'Sum(A)', ')'],
  ['Sum(', 'A', ')'],
  ['Sum(TOTAL ', 'A', ')'],
  ['Aggr(', 'Sum(A)', ',K)'],
  ['{<A={1}>} ', 'Sum(A)', ''],
  ['Sum({1<K=P({', '1', '})>} A)'],
  ['Sum({1<K=', '{1}', '+{2}>} A)'],
  ['Sum({(', '1', '+1)} A)'],
  ['$(=', '1', ')'],
  ['[', 'A', ']'],
  ["'", 'A', "''"],
  ['/*', '1', '*/'],
]
const chains = [
  'A+',
  'Sum(A)&',
  "'a',",
  '1,',
  'A and ',
  '{1}+',
  '-',
  '<',
  '1e5',
  '((',
  '[A]]',
  '$(v)',
]

const deep = fc
  .tuple(
    fc.constantFrom(...nests),
    fc.oneof(fc.nat(60), fc.constantFrom(300, 999, 1000, 1001, 3000)),
    fc.constantFrom(0, 0, 0, 1, -1),
  )
  .map(([[open, inside, close], levels, unbalanced]) =>
    [open.repeat(levels), inside, close.repeat(Math.max(0, levels + unbalanced))].join(''),
  )

const long = fc
  .tuple(
    fc.constantFrom('', 'Sum(', 'RangeSum(', 'Match(A,', 'Sum({<A={'),
    fc.constantFrom(...chains),
    fc.oneof(fc.nat(60), fc.constantFrom(500, 998, 999, 1000, 5000)),
    fc.constantFrom('', '1', '1)', '}>} A)'),
  )
  .map(([start, link, times, end]) => start + link.repeat(times) + end)

const strange = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc
    .tuple(fc.constantFrom('Sum(', '[', "'", '{<A={'), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([start, text]) => start + text),
)

/** `originals`: correct expressions to start from. */
export function arbitraryText(originals: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: soup, weight: 60 },
    { arbitrary: mutated(originals), weight: 80 },
    { arbitrary: strange, weight: 20 },
    { arbitrary: deep, weight: 2 },
    { arbitrary: long, weight: 2 },
  )
}
