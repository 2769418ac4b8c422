import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScriptOptions, ScriptResult } from './interpreter.ts'
import { dedent, expectError, run, show } from './run-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

/** A full reload of a script, then a partial one over what it made. */
async function reloaded(script: string, again = script): Promise<ScriptResult> {
  const first = await run(script)
  return run(again, { present: first, partial: true, variables: first.variables })
}

async function expectAfter(script: string, tables: string, again?: string): Promise<ScriptResult> {
  const result = await reloaded(script, again)
  expect(show(result.model)).toBe(dedent(tables))
  return result
}

describe('a partial reload', () => {
  it('adds, replaces and merges, and leaves the rest', async () => {
    await expectAfter(
      `
      SET n = 0;
      Kept: LOAD 'full' AS k AUTOGENERATE 1;
      Added: LOAD 1 AS a AUTOGENERATE 1;
      ADD LOAD 2 AS a AUTOGENERATE 1;
      Replaced: LOAD 1 AS r AUTOGENERATE 1;
      REPLACE LOAD If(IsPartialReload(), 'partial', 'full') AS r AUTOGENERATE 1;
      Merged: LOAD 'x' AS m, 1 AS v AUTOGENERATE 1;
      MERGE ONLY ON m LOAD 'U' AS o, 'x' AS m, 2 AS v AUTOGENERATE 1;
    `,
      `
      Kept: k
      full
      Added: a
      1
      2
      2
      Merged: m|v
      x|2
      Replaced: r
      partial
    `,
    )
  })

  it('leaves out ONLY in a full reload, and may make tables', async () => {
    const script = 'T: ADD ONLY LOAD DISTINCT RecNo() + 10 AS Num AUTOGENERATE 2;'
    const first = await run(script)
    expect(first.model.tables).toHaveLength(0)
    const again = await run(script, { present: first, partial: true })
    expect(show(again.model)).toBe('T: Num\n11\n12')
    const once = await run(script, { present: again, partial: true })
    expect(show(once.model)).toBe('T: Num\n11\n12')
  })

  it('takes the LOADs an added one reads from along, and none of others', async () => {
    await expectAfter(
      `
      T: ADD LOAD a + 1 AS a; LOAD a * 10 AS a; LOAD 1 AS a AUTOGENERATE 1;
      U: LOAD b + 1 AS b; LOAD 1 AS b AUTOGENERATE 1;
    `,
      `
      T: a
      11
      11
      U: b
      2
    `,
    )
  })

  it('runs control flow, variables and what is no LOAD', async () => {
    const { variables, log } = await expectAfter(
      `
      LET runs = Alt($(runs), 0) + 1;
      SUB More(what)
        T: ADD LOAD '$(what)' AS t AUTOGENERATE 1;
      END SUB
      IF IsPartialReload() THEN
        CALL More('partial')
        RENAME TABLE T TO New;
      ELSE
        CALL More('full')
      END IF
      TRACE seen;
    `.replace('Alt($(runs), 0)', "Alt(Num#('$(runs)'), 0)"),
      `
      New: t
      full
      partial
    `,
    )
    expect(variables.get('runs')).toBe('2')
    expect(log).toContain('seen')
  })

  it('maps only where ADD or REPLACE says so', async () => {
    const maps = `
      M: {1} MAPPING LOAD 'a' AS f, 'b' AS t AUTOGENERATE 1;
      {2} MAP x USING M;
      T: ADD LOAD 'a' AS x AUTOGENERATE 1;
    `
    const withPrefixes = (load: string, map: string): string =>
      maps.replace('{1}', load).replace('{2}', map)
    await expectAfter(withPrefixes('', ''), 'T: x\nb\na')
    await expectAfter(withPrefixes('ADD', 'REPLACE'), 'T: x\nb\nb')
    await expectAfter(withPrefixes('REPLACE ONLY', 'ADD ONLY'), 'T: x\na\nb')
    await expect(reloaded(withPrefixes('', 'ADD'))).rejects.toThrow('no mapping table "M"')
  })

  it('fails where a table is named that only the full reload has', async () => {
    const script = 'T: LOAD 1 AS a AUTOGENERATE 1;\nU: LOAD 1 AS b AUTOGENERATE 1;\nDROP TABLE U;'
    const first = await run(script)
    await expectError(
      script,
      `
      There is no table "U"; tables so far: "T"
      script:3:12
      3 | DROP TABLE U;
                     ^
    `,
      { present: first, partial: true },
    )
    expect(show(first.model)).toBe('T: a\n1')
  })

  it('sees the values there are', async () => {
    await expectAfter(
      `
      T: LOAD * INLINE [
        Name, n
        a, 1
        b, 2
      ];
      ADD LOAD * INLINE [
        Name, n
        b, 3
        c, 3
      ] WHERE NOT Exists(Name);
    `,
      `
      T: Name|n
      a|1
      b|2
      c|3
    `,
    )
  })

  it('keeps tags, comments, formats and loose tables', async () => {
    const { model } = await reloaded(`
      SET DateFormat = 'DD.MM.YYYY';
      T: LOAD Date(46000 + RecNo() - 1) AS day, 1 AS a AUTOGENERATE 1;
      U: LOAD 1 AS a, 2 AS b AUTOGENERATE 1;
      IF NOT IsPartialReload() THEN
        TAG FIELD day WITH mine;
        COMMENT FIELD day WITH 'about day';
        COMMENT TABLE T WITH 'about T';
        LOOSEN TABLE U;
      END IF
      ADD ONLY LOAD Date(46001) AS day, 3 AS a AUTOGENERATE 1;
    `)
    expect(show(model)).toBe('T: day|a\n09.12.2025|1\n10.12.2025|3\nU: a|b\n1|2')
    const day = model.fields.find(({ name }) => name === 'day')
    expect([day?.tags, day?.comment]).toEqual([
      ['$numeric', '$integer', '$timestamp', '$date', 'mine'],
      'about day',
    ])
    expect(model.tables.map(({ comment, loose }) => [comment, loose])).toEqual([
      ['about T', false],
      ['', true],
    ])
  })

  it('adds to the access section as well', async () => {
    const { sectionAccess } = await reloaded(`
      SECTION ACCESS;
      R: LOAD 'user' AS access, 'ann' AS userid AUTOGENERATE 1;
      ADD ONLY LOAD 'user' AS access, 'bob' AS userid AUTOGENERATE 1;
      SECTION APPLICATION;
      T: LOAD 1 AS a AUTOGENERATE 1;
    `)
    expect(sectionAccess).toEqual([
      {
        name: 'R',
        fields: ['ACCESS', 'USERID'],
        rows: [
          ['USER', 'ANN'],
          ['USER', 'BOB'],
        ],
      },
    ])
  })

  it('asks a database for what has a prefix only', async () => {
    const asked: string[] = []
    const connections: ScriptOptions['connections'] = {
      open: async () => ({
        description: 'db',
        async query(text) {
          asked.push(text)
          const columns = [{ kind: 'values', values: [text.slice(-1)] }] as const
          return {
            fields: ['a'],
            batches: async function* () {
              yield { rows: 1, columns }
            },
          }
        },
      }),
    }
    const script = `
      LIB CONNECT TO 'db';
      T: SQL SELECT 1;
      ADD SQL SELECT 2;
      ADD ONLY LOAD a & '!' AS a; SQL SELECT 3;
      MERGE ONLY ON a LOAD 'D' AS o, a; SQL SELECT 1;
    `
    const first = await run(script, { connections })
    const again = await run(script, { connections, present: first, partial: true })
    expect(asked.map((text) => text.slice(-1))).toEqual(['1', '2', '2', '3', '1'])
    expect(show(again.model)).toBe('T: a\n2\n2\n3!')
  })

  it('adds to GENERIC tables by attribute', async () => {
    await expectAfter(
      `
      G: ADD GENERIC LOAD * INLINE [
        k, attribute, value
        1, colour, red
      ];
    `,
      `
      G.colour: k|colour
      1|red
      1|red
    `,
    )
  })
})

describe('REPLACE', () => {
  it('drops the table with its fields or its label, and never a new one', async () => {
    const { model } = await run(`
      Tab1: LOAD 1 AS a, 2 AS b AUTOGENERATE 1;
      REPLACE LOAD 3 AS a, 4 AS b AUTOGENERATE 1;
      Tab2: LOAD 1 AS c AUTOGENERATE 1;
      Tab2: REPLACE LOAD 1 AS d AUTOGENERATE 1;
      Tab3: LOAD 1 AS e AUTOGENERATE 1;
      REPLACE CONCATENATE (Tab3) LOAD 2 AS f AUTOGENERATE 1;
      Tab4: REPLACE LOAD 1 AS g AUTOGENERATE 1;
    `)
    expect(show(model)).toBe('Tab1: a|b\n3|4\nTab2: d\n1\nTab3: f\n2\nTab4: g\n1')
  })

  it('cannot read the table it drops', async () => {
    await expectError(
      'T: LOAD 1 AS a AUTOGENERATE 1;\nREPLACE LOAD * RESIDENT T;',
      `
      REPLACE drops table "T" before it could be read; load it into another table first
      script:2:25
      2 | REPLACE LOAD * RESIDENT T;
                                  ^
    `,
    )
  })
})

describe('partial and full reloads agree', () => {
  it('when random tables are added to', async () => {
    const cell = fc.oneof(
      fc.integer({ min: 0, max: 3 }).map(String),
      fc.constantFrom('x', 'y', '1.0', '', 'ü'),
    )
    const fields = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'), {
      minLength: 1,
      maxLength: 4,
    })
    const rows = fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), {
      minLength: 1,
      maxLength: 6,
    })
    const tables = fc.uniqueArray(fc.tuple(fields, rows, rows), {
      minLength: 1,
      maxLength: 3,
      selector: ([names]) => [...names].sort().join(),
    })
    const inline = (names: readonly string[], cells: readonly (readonly string[])[]): string =>
      `LOAD ${names.map((name) => `If(${name} = 'y', Null(), ${name}) AS ${name}`).join(', ')} INLINE [\n${[names, ...cells].map((row) => row.slice(0, names.length).join(',')).join('\n')}\n];\n`
    await fc.assert(
      fc.asyncProperty(tables, async (given) => {
        const script = (prefix: string): string =>
          given.map(([names, first], i) => `T${i}: ${inline(names, first)}`).join('') +
          given.map(([names, , added]) => `${prefix} ${inline(names, added)}`).join('')
        const full = await run(script(''))
        const partial = await reloaded(script('ADD ONLY'))
        expect(seen(partial)).toEqual(seen(full))
        expect(partial.model.notes).toEqual(full.model.notes)
      }),
      { seed, numRuns },
    )
  })
})

/** All one can see of a model: the cells of every table, the values of every field in load order, and who is linked. */
function seen({ model }: ScriptResult): unknown {
  return {
    tables: model.tables.map(({ name, rows, columns, loose }) => ({
      name,
      loose,
      columns: [...columns].map(([field, column]) => {
        const { name: of, symbols } = model.fields[field] ?? {}
        const codes = Array.from({ length: rows }, (_, row) => column.codeAt(row))
        return [of, codes.map((code) => (code === 0 ? null : symbols?.textAt(code - 1)))]
      }),
    })),
    fields: model.fields.map(({ name, tags, symbols }) => [
      name,
      [...tags],
      Array.from({ length: symbols.count }, (_, symbol) => symbols.textAt(symbol)),
      symbols.variants,
    ]),
    components: model.components,
  }
}
