import { createApp } from '@lichen/engine'
import { expect, test } from 'vitest'
import { fileReader } from './reader.ts'

const load = (script: string) => createApp({ script, reader: fileReader(new Map()) })

test('FROM_FIELD reads JSON, XML and HTML in the values of a field', async () => {
  const app = await load(`
    S: LOAD RecNo() AS id, Pick(RecNo(), '[{"a":1,"b":"x"},{"a":2}]', '[{"a":3,"c":"y"}]') AS text AUTOGENERATE 2;
    J: LOAD a AS ja, b AS jb, c AS jc FROM_FIELD (S, text) (json);
    X: LOAD '<c><r><v>5</v></r><r><v>6</v></r></c>' AS xml AUTOGENERATE 1;
    V: LOAD v FROM_FIELD (X, xml) (XmlSimple, table is [c/r]);
    H: LOAD '<table><tr><th>h<tr><td>7</table>' AS html AUTOGENERATE 1;
    W: LOAD h FROM_FIELD (H, html) (html, embedded labels, table is @1);
  `)
  expect(app.evaluate("Concat(ja & '/' & jb & '/' & jc, ' ', ja)").text).toBe('1/x/ 2// 3//y')
  expect(app.evaluate('Sum(v)').number).toBe(11)
  expect(app.evaluate('Sum(h)').number).toBe(7)
  app.close()
})

test('FROM_FIELD names the field in errors', async () => {
  await expect(
    load(`S: LOAD '{' AS text AUTOGENERATE 1; LOAD * FROM_FIELD (S, text) (json);`),
  ).rejects.toThrow('S.text')
})

test('STAR IS and OtherSymbol associate without counting rows twice', async () => {
  const app = await load(`
    STAR IS *; SET OtherSymbol = +;
    Rights: LOAD * INLINE [
    user, region, budget
    ann, north, 1
    bob, *, 10
    cid, south, 100
    dan, +, 1000
    ];
    STAR IS; SET OtherSymbol = ;
    Sales: LOAD * INLINE [
    region, amount
    north, 1
    south, 2
    west, 4
    ];
  `)
  expect(app.evaluate('Sum(budget)').number).toBe(1111)
  expect(app.evaluate("Sum({<region={'north'}>} budget)").number).toBe(11)
  expect(app.evaluate("Sum({<region={'west'}>} budget)").number).toBe(1000)
  expect(app.evaluate("Sum({<user={'bob'}>} amount)").number).toBe(3)
  expect(app.evaluate("Sum({<user={'dan'}>} amount)").number).toBe(4)
  app.close()
})

test('derived fields are selected, searched and grouped like others', async () => {
  const app = await load(`
    SET DateFormat = 'YYYY-MM-DD';
    Calendar: DECLARE FIELD DEFINITION TAGGED '$date' FIELDS Year($1) AS Year TAGGED '$year';
    Orders: LOAD * INLINE [
    id, OrderDate
    1, 2012-03-12
    2, 2013-01-02
    3, 2012-03-14
    ];
    DERIVE FIELDS FROM IMPLICIT TAG USING Calendar;
  `)
  expect(app.evaluate('Sum({<[OrderDate.Calendar.Year]={2012}>} id)').number).toBe(4)
  app.close()
})
