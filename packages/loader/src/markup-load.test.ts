import { createApp } from '@lichen/engine'
import { expect, test } from 'vitest'
import { bytesSource } from './byte-source.ts'
import { fileReader } from './reader.ts'

const files: Readonly<Record<string, string>> = {
  'books.xml':
    '<c><book id="1"><title>A</title><author>X</author><author>Y</author></book><book id="2"><title>B</title><author>X</author></book></c>',
  'page.html':
    '<table><tr><td>no</table><table><tr><th>Day<th>N<tr><td>2020-01-02<td>1,5<tr><td>2020-01-03<td>2</table>',
  'world.kml':
    '<kml><Document><name>World</name><Placemark><name>7</name><Point><coordinates>1,2</coordinates></Point></Placemark></Document></kml>',
}

async function load(script: string) {
  const encoder = new TextEncoder()
  const reader = fileReader(
    new Map(
      Object.entries(files).map(([name, text]) => [name, bytesSource(name, encoder.encode(text))]),
    ),
  )
  return createApp({ script, reader })
}

test('tables of XML are linked by their keys', async () => {
  const app = await load(`Book: LOAD * FROM books.xml (XmlSimple, table is [c/book]);
    Author: LOAD [author%Table] as author, %Key_book FROM books.xml (XmlSax, Table is [c/book/author]);`)
  expect(app.evaluate('Concat(DISTINCT {<author={Y}>} title)').text).toBe('A')
  expect(app.evaluate('Sum({<author={X}>} id)').number).toBe(3)
  app.close()
  const named = await load(`Author: LOAD [author%Table] as author, %Key_book_34E3AC2F7AC29B6D
    FROM books.xml (XmlSimple, table is [c/book/author]);`)
  expect(named.evaluate("Concat(author & [%Key_book_34E3AC2F7AC29B6D], ',')").text).toBe('X1,X2,Y1')
  named.close()
})

test('tables of HTML are interpreted by the format variables', async () => {
  const app = await load(`SET DecimalSep=','; SET ThousandSep='.';
    LOAD Day, N FROM page.html (html, codepage is 1252, embedded labels, table is @2);`)
  expect(app.evaluate('Sum(N)').number).toBe(3.5)
  expect(app.evaluate('Max(Day) - Min(Day)').number).toBe(1)
  app.close()
})

test('placemarks of KML', async () => {
  const app = await load(`A: LOAD world.Name, world.Point FROM world.kml (kml, Table is [World/]);
    B: LOAD Name as N, Point as P FROM world.kml;`)
  expect(app.evaluate('Sum(world.Name) + Sum(N)').number).toBe(14)
  expect(app.evaluate('Only(world.Point) & Only(P)').text).toBe('[1,2][1,2]')
  app.close()
})
