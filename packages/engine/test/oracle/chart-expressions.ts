import fc from 'fast-check'
import type { ChartSchema, FieldKind } from './chart-data.ts'
import { arbitrarySet } from './chart-set-trees.ts'
import { nodesOf, type SetTree, type Tree } from './chart-tree.ts'
import type { ChartOperator } from './chart-value.ts'

/* Random expressions over the fields of a schema. */

const everyKind: readonly FieldKind[] = ['number', 'text', 'dual', 'mixed', 'key']

interface Leaves {
  readonly numbers: fc.Arbitrary<Tree>
  readonly texts: fc.Arbitrary<Tree>
}

interface Kinds {
  readonly number: fc.Arbitrary<Tree>
  readonly text: fc.Arbitrary<Tree>
  readonly any: fc.Arbitrary<Tree>
}

const call = (name: string, ...args: readonly Tree[]): Tree => ({ kind: 'call', name, args })
const binary = (operator: ChartOperator, left: Tree, right: Tree): Tree => ({
  kind: 'binary',
  operator,
  left,
  right,
})
const number = (value: number): Tree => ({ kind: 'number', value })
const text = (value: string): Tree => ({ kind: 'text', text: value })

const numerals = fc.constantFrom(0, 1, 2, 3, 10, 0.5, 2.25).map(number)
const literals = fc.constantFrom('a', 'A', 'b', 'ab', ' ', '', "it's", '2', 'x*').map(text)
const parts = fc.constantFrom('a', 'b', ' ', '2', 'B c').map(text)
const patterns = fc.constantFrom('a*', '*b', '?', '*', 'x').map(text)

const everyOperator = fc.constantFrom<ChartOperator[]>(
  ...(['+', '-', '*', '/', '&', '=', '<>', '<', '<=', '>', '>=', 'like'] as const),
  ...(['precedes', 'follows', 'and', 'or', 'xor'] as const),
)

/** Expressions of what the leaves stand for: fields of a record, or aggregations. */
function expressionsOver({ numbers, texts }: Leaves): Kinds {
  const {
    number: numeric,
    text: textual,
    truth,
    any,
  } = fc.letrec<{
    number: Tree
    text: Tree
    truth: Tree
    mixture: Tree
    any: Tree
  }>((tie) => {
    const [n, t, b, x] = [tie('number'), tie('text'), tie('truth'), tie('any')]
    const lists = fc.array(x, { minLength: 1, maxLength: 3 })
    return {
      number: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        numbers,
        numbers,
        numerals,
        fc
          .tuple(fc.constantFrom<ChartOperator[]>('+', '-', '*', '/'), n, n)
          .map(([operator, left, right]) => binary(operator, left, right)),
        fc
          .tuple(fc.constantFrom('-' as const, '+' as const), n)
          .map(([operator, operand]): Tree => ({ kind: 'unary', operator, operand })),
        fc.tuple(b, n, n).map((args) => call('If', ...args)),
        fc
          .tuple(fc.constantFrom('Floor', 'ceil', 'Round', 'Fabs', 'Sign', 'Sqr', 'Num'), n)
          .map(([name, arg]) => call(name, arg)),
        fc
          .tuple(fc.constantFrom('Mod', 'Div', 'Floor', 'Round'), n, fc.constantFrom(1, 2, 3, 5))
          .map(([name, arg, by]) => call(name, arg, number(by))),
        fc
          .tuple(
            fc.constantFrom(
              ...['RangeSum', 'RangeMax', 'rangemin', 'RangeCount', 'RangeAvg', 'RangeNullCount'],
              ...['RangeTextCount', 'RangeNumericCount'],
            ),
            lists,
          )
          .map(([name, args]) => call(name, ...args)),
        x.map((arg) => call('Len', arg)),
        fc.tuple(t, parts).map((args) => call('Index', ...args)),
        fc.tuple(x, n).map((args) => call('Alt', ...args)),
        b,
      ),
      text: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        texts,
        texts,
        literals,
        fc.tuple(x, x).map(([left, right]) => binary('&', left, right)),
        fc
          .tuple(fc.constantFrom('Upper', 'LOWER', 'Trim', 'Capitalize', 'Text', 'EmptyIsNull'), x)
          .map(([name, arg]) => call(name, arg)),
        fc
          .tuple(fc.constantFrom('Left', 'Right', 'Mid'), x, fc.constantFrom(1, 2, 3))
          .map(([name, arg, count]) => call(name, arg, number(count))),
        fc.tuple(x, parts, literals).map((args) => call('Replace', ...args)),
        fc.tuple(b, t, x).map((args) => call('If', ...args)),
        fc.tuple(x, t).map((args) => call('Coalesce', ...args)),
      ),
      truth: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc
          .tuple(fc.constantFrom<ChartOperator[]>('=', '<>', '<', '<=', '>', '>='), n, n)
          .map(([operator, left, right]) => binary(operator, left, right)),
        fc
          .tuple(
            fc.constantFrom<ChartOperator[]>('=', '<>', '<', '>=', 'precedes', 'follows'),
            x,
            x,
          )
          .map(([operator, left, right]) => binary(operator, left, right)),
        fc.tuple(x, patterns).map(([left, right]) => binary('like', left, right)),
        fc
          .tuple(fc.constantFrom<ChartOperator[]>('and', 'or', 'xor'), b, x)
          .map(([operator, left, right]) => binary(operator, left, right)),
        b.map((operand): Tree => ({ kind: 'unary', operator: 'not', operand })),
        fc
          .tuple(fc.constantFrom('IsNull', 'IsNum', 'istext', 'Even'), x)
          .map(([name, arg]) => call(name, arg)),
        fc
          .tuple(fc.constantFrom('Match', 'MixMatch'), x, lists)
          .map(([name, arg, args]) => call(name, arg, ...args)),
        fc.tuple(x, patterns).map((args) => call('WildMatch', ...args)),
      ),
      // Operators of all kinds beside each other: which one binds tighter shows.
      mixture: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { arbitrary: fc.oneof(numbers, numerals), weight: 1 },
        {
          arbitrary: fc
            .tuple(everyOperator, tie('mixture'), tie('mixture'))
            .map(([operator, left, right]) => binary(operator, left, right)),
          weight: 3,
        },
        {
          arbitrary: fc
            .tuple(fc.constantFrom('-' as const, '+' as const, 'not' as const), tie('mixture'))
            .map(([operator, operand]): Tree => ({ kind: 'unary', operator, operand })),
          weight: 1,
        },
      ),
      any: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        n,
        t,
        fc.constant(call('Null')),
        fc.tuple(n, lists).map(([position, args]) => call('Pick', position, ...args)),
        fc.tuple(literals, numerals).map((args) => call('Dual', ...args)),
        tie('mixture'),
        tie('mixture'),
      ),
    }
  })
  return { number: numeric, text: textual, any: fc.oneof(numeric, textual, any, truth) }
}

function namesOf(tables: ChartSchema, kinds: readonly FieldKind[]): readonly string[] {
  const fields = tables.flatMap((table) => table.fields)
  return [...new Set(fields.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name))]
}

const fieldOf = (names: readonly string[]): fc.Arbitrary<Tree> =>
  fc.constantFrom(...names).map((name): Tree => ({ kind: 'field', name }))

/** Tables whose rows one aggregation sees: one, or two that are linked. */
function scopesOf(schema: ChartSchema): readonly ChartSchema[] {
  const isLinked = (a: ChartSchema[number], b: ChartSchema[number]) =>
    a.fields.some(({ name }) => b.fields.some((other) => other.name === name))
  const pairs = schema.flatMap((a, at) =>
    schema.slice(at + 1).flatMap((b) => (isLinked(a, b) ? [[a, b]] : [])),
  )
  const singles = schema.map((table) => [table])
  return [...singles, ...singles, ...pairs]
}

const ofNumbers = fc.constantFrom('Sum', 'sum', 'SUM', 'Avg', 'Min', 'Max')
const ofAnything = fc.constantFrom(
  ...['Count', 'Count', 'Only', 'Mode', 'NumericCount', 'TextCount'],
)

/** Trees that hold a node of a kind, others in place of those that do not. */
function orElse(
  trees: fc.Arbitrary<Tree>,
  kind: Tree['kind'],
  others: fc.Arbitrary<Tree>,
): fc.Arbitrary<Tree> {
  return fc
    .tuple(trees, others)
    .map(([tree, other]) => (nodesOf(tree).some((node) => node.kind === kind) ? tree : other))
}

/** `fields: [n, …]` of TOTAL are positions of dimensions; see `fitted`. */
const totals = fc.oneof(
  { arbitrary: fc.constant(null), weight: 5 },
  { arbitrary: fc.array(fc.constantFrom('0', '1'), { maxLength: 2 }), weight: 2 },
)

function aggregate(
  name: string,
  args: readonly Tree[],
  set: SetTree | null,
  distinct: boolean,
  total: readonly string[] | null,
): Tree {
  const isWhole = ['nullcount', 'missingcount'].includes(name.toLowerCase())
  return { kind: 'aggregate', name, args, set, distinct: distinct && !isWhole, total }
}

/** Aggregations over the records of a scope. */
function aggregates(scope: ChartSchema, sets: fc.Arbitrary<SetTree | null>): Leaves {
  const numbers = fieldOf(namesOf(scope, ['number', 'number', 'mixed', 'dual']))
  const texts = fieldOf(namesOf(scope, ['text', 'mixed', 'dual', 'key']))
  const fields = fc.oneof(numbers, texts)
  const distinct = fc.oneof(fc.constant(false), fc.constant(false), fc.boolean())
  const inner = fc
    .tuple(ofNumbers, numbers, totals)
    .map(([name, arg, total]) => aggregate(name, [arg], null, false, total ?? []))
  const record = expressionsOver({
    numbers: fc.oneof({ arbitrary: numbers, weight: 8 }, { arbitrary: inner, weight: 1 }),
    texts,
  })
  // Plain fields and arguments of one field have ways of their own.
  const numeric = fc.oneof(numbers, orElse(record.number, 'field', numbers))
  const any = fc.oneof(fields, orElse(record.any, 'field', fields))
  const make = (
    name: fc.Arbitrary<string>,
    ...args: readonly fc.Arbitrary<Tree>[]
  ): fc.Arbitrary<Tree> =>
    fc
      .tuple(name, fc.tuple(...args), sets, distinct, totals)
      .map(([called, given, set, isDistinct, total]) =>
        aggregate(called, given, set, isDistinct, total),
      )
  return {
    numbers: fc.oneof(
      { withCrossShrink: true },
      make(ofNumbers, numeric),
      make(ofNumbers, numeric),
      make(ofAnything, any),
      make(fc.constantFrom('NullCount', 'MissingCount'), any),
      make(fc.constantFrom('Min', 'Max'), numeric, fc.constant(number(2))),
    ),
    texts: fc.oneof(
      { withCrossShrink: true },
      make(fc.constantFrom('Only', 'Mode', 'MinString', 'MaxString'), any),
      make(fc.constant('Concat'), any, fc.constantFrom(',', '', '; ').map(text)),
      make(fc.constant('FirstSortedValue'), any, numeric),
    ),
  }
}

/** Measures: any expression of aggregations, bare fields and Aggr. */
export function arbitraryMeasure(schema: ChartSchema): fc.Arbitrary<Tree> {
  const sets = fc.oneof(
    { arbitrary: fc.constant(null), weight: 3 },
    { arbitrary: arbitrarySet(schema), weight: 1 },
  )
  const scopes = scopesOf(schema).map((scope) => aggregates(scope, sets))
  const plain: Leaves = {
    numbers: fc.oneof({ withCrossShrink: true }, ...scopes.map(({ numbers }) => numbers)),
    texts: fc.oneof({ withCrossShrink: true }, ...scopes.map(({ texts }) => texts)),
  }
  const names = namesOf(schema, everyKind)
  const bare = fieldOf(names)
  const bodies = expressionsOver(plain)
  const virtual = fc
    .tuple(
      fc.constantFrom('Sum', 'Avg', 'Max', 'Min', 'Count', 'Only', 'Concat'),
      fc.oneof(plain.numbers, plain.numbers, orElse(bodies.any, 'aggregate', plain.texts)),
      fc.oneof(
        ...scopesOf(schema).map((scope) =>
          fc.uniqueArray(fc.constantFrom(...namesOf(scope, everyKind)), {
            minLength: 1,
            maxLength: 2,
          }),
        ),
      ),
      sets,
      totals,
    )
    .map(([name, body, dimensions, set, total]) =>
      aggregate(name, [{ kind: 'aggr', body, dimensions }], set, false, total),
    )
  const measures = expressionsOver({
    numbers: fc.oneof(
      { arbitrary: plain.numbers, weight: 6 },
      { arbitrary: virtual, weight: 1 },
      { arbitrary: bare, weight: 1 },
    ),
    texts: fc.oneof({ arbitrary: plain.texts, weight: 4 }, { arbitrary: bare, weight: 1 }),
  })
  const any = fc.oneof(
    { withCrossShrink: true },
    plain.numbers,
    plain.texts,
    measures.any,
    virtual,
    measures.number,
  )
  return fc.oneof(
    { arbitrary: any, weight: 8 },
    {
      arbitrary: fc
        .tuple(arbitrarySet(schema), any)
        .map(([set, body]): Tree => ({ kind: 'within', set, body })),
      weight: 1,
    },
  )
}

/** TOTAL by positions becomes TOTAL by dimensions; inside a TOTAL there is but TOTAL. */
export function fitted(tree: Tree, dimensions: readonly string[], isTotal = false): Tree {
  switch (tree.kind) {
    case 'unary':
      return { ...tree, operand: fitted(tree.operand, dimensions, isTotal) }
    case 'binary':
      return {
        ...tree,
        left: fitted(tree.left, dimensions, isTotal),
        right: fitted(tree.right, dimensions, isTotal),
      }
    case 'call':
      return { ...tree, args: tree.args.map((arg) => fitted(arg, dimensions, isTotal)) }
    case 'within':
      return { ...tree, body: fitted(tree.body, dimensions) }
    case 'aggr':
      return { ...tree, body: fitted(tree.body, tree.dimensions) }
    case 'aggregate': {
      const wanted = isTotal ? [] : (tree.total ?? [])
      const fields = wanted.flatMap((position) => dimensions[Number(position)] ?? [])
      const total = tree.total === null ? null : [...new Set(fields)]
      const inTotal = isTotal || total !== null
      return { ...tree, total, args: tree.args.map((arg) => fitted(arg, dimensions, inTotal)) }
    }
    default:
      return tree
  }
}
