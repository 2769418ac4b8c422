// node run.mjs — loads twelve months, then fifteen: the second run reads the three that are new.
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { data, reload } from './reload.mjs'

const folder = await mkdtemp(join(tmpdir(), 'coffee-'))
const copied = join(folder, 'data')
const store = join(folder, 'store')
try {
  await cp(data, copied, { recursive: true })
  await mkdir(store)
  const months = (await readdir(join(copied, 'sales'))).sort()
  for (const month of months.slice(12)) await rm(join(copied, 'sales', month))
  print(`== ${months.length - 3} months`)
  show(await reload({ data: copied, store }))

  for (const month of months.slice(12))
    await cp(join(data, 'sales', month), join(copied, 'sales', month))
  print(`\n== ${months.length} months, twelve of them known`)
  show(await reload({ data: copied, store }))
} finally {
  await rm(folder, { recursive: true })
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}

/** @param {import('@lichen/engine').App} app */
function show(app) {
  const report = app.reloadReport
  if (report === undefined) return
  for (const line of report.log) print(`  ${line}`)
  print(`  ${report.milliseconds.toFixed(0)} ms, ${report.rows} rows, ${report.bytes} bytes read`)
  const slowest = [...report.statements].sort((a, b) => b.milliseconds - a.milliseconds)
  print('  What took longest:')
  for (const { line, milliseconds, rows, text } of slowest.slice(0, 3))
    print(`    line ${line}: ${milliseconds.toFixed(1)} ms, ${rows} rows: ${text.slice(0, 50)}`)
  print('  Where the figures come from:')
  for (const field of ['Amount', 'Net', 'Plan']) {
    const sources = report.lineage.find((each) => each.field === field)?.from ?? []
    const files = new Map(
      sources.map((origin) => [`${kind(origin.source)} ${origin.field}`, origin]),
    )
    print(`    ${field}: ${[...files.keys()].join(', ')}`)
  }
  for (const expression of [
    'Sum(Amount)',
    "Sum({<Country={'Germany'}>} Amount)",
    'Count(DISTINCT Card)',
  ])
    print(`  ${expression} = ${app.evaluate(expression).text}`)
  app.close()
}

/** Monthly files by their folder. @param {string} source */
function kind(source) {
  return source.replace(/[^/]*-[^/]*\.csv$/, '*.csv')
}
