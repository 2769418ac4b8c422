import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Locator, type Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Demo, startDemo } from './demo.ts'

const require = createRequire(import.meta.url)
const patience = 60_000
let demo: Demo | undefined
let browser: Browser | undefined

beforeAll(async () => {
  demo = await startDemo()
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
})

afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

interface Size {
  readonly width: number
  readonly height: number
}

const desktop: Size = { width: 1440, height: 1000 }
const phone: Size = { width: 390, height: 844 }

interface Opened {
  readonly page: Page
  /** Messages of errors that the page itself threw. */
  readonly thrown: readonly string[]
}

/** A fresh page that shows its charts; its own browser context goes with it. */
async function openPage(query: string, size: Size): Promise<Opened> {
  if (!browser || !demo) throw new Error('the demo did not start')
  const context = await browser.newContext({ viewport: size })
  const page = await context.newPage()
  const thrown: string[] = []
  page.on('pageerror', (error) => thrown.push(error.message))
  await page.goto(`${demo.url}/?${query}`)
  await ready(page)
  return { page, thrown }
}

/** Runs a check on a freshly opened page. */
async function onPage(
  query: string,
  size: Size,
  check: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, thrown } = await openPage(query, size)
  try {
    await check(page)
    expect(thrown).toEqual([])
  } finally {
    await page.context().close()
  }
}

async function ready(page: Page): Promise<void> {
  await page.getByText(/^Ready\. /).waitFor({ timeout: patience })
  await row(page, 'Weekday', 'Sun').waitFor({ timeout: patience })
}

/** By attribute: while a chart holds unconfirmed selections its toolbar hides all else from the accessibility tree. */
const tile = (page: Page, name: string): Locator => page.locator(`section[aria-label="${name}"]`)

const row = (page: Page, field: string, value: string): Locator =>
  tile(page, field).locator(`[role="row"][aria-label^="${value} "]`)

/** The states of a list box as told to screen readers: `{ Jan: 'Optional', … }`. */
async function states(page: Page, field: string): Promise<Record<string, string>> {
  const labels = await tile(page, field)
    .locator('[role="row"][aria-label]')
    .evaluateAll((rows) => rows.map((element) => element.getAttribute('aria-label') ?? ''))
  return Object.fromEntries(
    labels.flatMap((label) => {
      const parts = /^(\S+) ([A-Z][a-z ]*)\. /.exec(label)
      return parts ? [[parts[1] ?? '', parts[2] ?? '']] : []
    }),
  )
}

/** Waits until a list box shows these states: it paints after the charts may have done so. */
const shows = (page: Page, field: string, wanted: Record<string, string>): Promise<void> =>
  expect.poll(() => states(page, field), { timeout: patience }).toEqual(wanted)

/** Waits until a chart shows its picture. */
const drawn = (page: Page, name: string): Promise<void> =>
  tile(page, name).locator('svg, canvas').first().waitFor({ timeout: patience })

async function number(page: Page, name: string): Promise<number> {
  const text = await tile(page, name).locator('.chart').innerText()
  return Number(/[\d,]+(\.\d+)?/.exec(text)?.[0].replaceAll(',', ''))
}

const flights = (page: Page): Promise<number> => number(page, 'Flights')

const countsFlights = (page: Page, wanted: number): Promise<void> =>
  expect.poll(() => flights(page), { timeout: patience }).toBe(wanted)

const all = (state: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, state]))

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun']
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Counted straight from the files: all flights but the six of 1 July, and some parts of them. */
const total = 2_999_994
const inJanuary = 508_239
const fromCalifornia = 370_248
const fromCaliforniaInJanuary = 62_373

/** Takes all selections back; the button is out of use when there are none. */
async function clearAll(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: /clear all/i })
  if (await button.isEnabled()) await button.click()
  await countsFlights(page, total)
}

/** Waits until a chart looks the same twice: a click while its bars still move meets none of them. */
async function still(page: Page, name: string): Promise<void> {
  let before = ''
  const picture = async (): Promise<boolean> => {
    const now = (await tile(page, name).locator('.chart').screenshot()).toString('base64')
    const same = now === before
    before = now
    return same
  }
  await expect.poll(picture, { timeout: patience, interval: 300 }).toBe(true)
}

/** The highest bar of the chart, which stands first: California. */
async function clickFirstBar(page: Page): Promise<void> {
  const name = 'Flights by state of departure'
  await still(page, name)
  const box = await tile(page, name).locator('.chart').boundingBox()
  if (!box) throw new Error('the bar chart has no box')
  await page.mouse.click(box.x + 120, box.y + box.height * 0.4)
}

/** Opens a field of the filter pane, searches it and gives the states of what it shows. */
async function openFilter(
  page: Page,
  field: string,
  search: string = '',
): Promise<(value: string) => Promise<string | undefined>> {
  await page.locator('#filter-pane').getByText(field, { exact: true }).click()
  const list = page.locator('.MuiPopover-root').last()
  if (search !== '') await list.getByPlaceholder('Search in listbox').fill(search)
  return async (value) => {
    const label = await list
      .locator(`[role="row"][aria-label^="${value} "]`)
      .getAttribute('aria-label', { timeout: patience })
    return label?.slice(value.length + 1).split('.')[0]
  }
}

/** The first Escape leaves the search, the second the list. */
async function closeFilter(page: Page): Promise<void> {
  const popovers = page.locator('.MuiPopover-root')
  for (let presses = 0; presses < 3 && (await popovers.count()) > 0; presses++) {
    await page.keyboard.press('Escape')
    await popovers.waitFor({ state: 'detached', timeout: 1000 }).catch(() => undefined)
  }
}

/** Opens the script panel unless it is open, and gives its editor. */
async function openEditor(page: Page): Promise<Locator> {
  const toggle = page.getByRole('button', { name: 'Load script', exact: true })
  if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click()
  const editor = page.getByRole('textbox', { name: 'Script text' })
  await editor.waitFor({ timeout: patience })
  return editor
}

async function replaceScript(page: Page, script: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Script text' }).press('Control+a')
  await page.keyboard.insertText(script)
}

async function confirm(page: Page): Promise<void> {
  await page.locator('h1').click()
}

describe.each(['server', 'worker'])('the demo with the engine in the %s', (engine) => {
  // One page for all: the tests run in order, each begins with nothing selected, and only the last changes the data.
  let opened: Opened
  let page: Page

  beforeAll(async () => {
    opened = await openPage(`engine=${engine}&app=tests`, desktop)
    page = opened.page
  })

  beforeEach(() => clearAll(page))

  afterAll(async () => {
    await page.context().close()
    expect(opened.thrown).toEqual([])
  })

  test('draws charts over all flights, everything possible', async () => {
    await shows(page, 'Month', all('Optional', months))
    await shows(page, 'Weekday', all('Optional', weekdays))
    for (const name of ['Flights by state of departure', 'Punctuality', 'Flights a day']) {
      await drawn(page, name)
    }
    await expect
      .poll(() => tile(page, 'Routes').innerText())
      .toMatch(/Totals\s+2,999,994[\s\S]*Los Angeles\s+Las Vegas\s+8,323\s/)
  })

  test('a value in a list box turns the page green, white and gray; clear and back undo and redo it', async () => {
    await row(page, 'Month', 'Jan').click()
    await confirm(page)
    await countsFlights(page, inJanuary)
    await shows(page, 'Month', { ...all('Alternative', months), Jan: 'Selected' })
    await shows(page, 'Weekday', all('Optional', weekdays))

    await clearAll(page)
    await shows(page, 'Month', all('Optional', months))

    await page.getByRole('button', { name: 'Step back' }).click()
    await countsFlights(page, inJanuary)
    await page.getByRole('button', { name: 'Step forward' }).click()
    await countsFlights(page, total)
  })

  test('a click on a bar selects its state everywhere; back and clear take it away', async () => {
    await clickFirstBar(page)
    await countsFlights(page, fromCalifornia)
    await confirm(page)
    const selections = tile(page, 'Current selections')
    await expect.poll(() => selections.innerText()).toMatch(/Origin State\s+CA/)
    await shows(page, 'Month', all('Optional', months))
    const state = await openFilter(page, 'Origin State')
    expect(await state('CA')).toBe('Selected')
    expect(await state('AK')).toBe('Alternative')
    await closeFilter(page)
    const city = await openFilter(page, 'Origin City', 'san')
    expect(await city('San Diego')).toBe('Optional')
    expect(await city('San Antonio')).toBe('Excluded')
    await closeFilter(page)

    await row(page, 'Month', 'Jan').click()
    await confirm(page)
    await countsFlights(page, fromCaliforniaInJanuary)
    await page.getByRole('button', { name: 'Step back' }).click()
    await countsFlights(page, fromCalifornia)
    await shows(page, 'Month', all('Optional', months))
  })

  test('a list box is worked by keyboard', async () => {
    await row(page, 'Month', 'Jan').focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await countsFlights(page, inJanuary)
    await shows(page, 'Month', { ...all('Alternative', months), Jan: 'Selected' })
  })

  test('a mistake in the script is shown with a caret and leaves the data alone', async () => {
    const editor = await openEditor(page)
    await replaceScript(page, 'Small:\nLOAD * INLINE [\na\n1\n];\nLOAD a FORM Small;')
    await page.getByRole('button', { name: 'Reload' }).click()
    const errors = page.getByRole('alert')
    await errors.waitFor({ timeout: patience })
    expect(await errors.innerText()).toMatch(/6 \| LOAD a FORM Small;\n\s+\^/)
    expect(await page.getByRole('progressbar').isVisible()).toBe(false)
    expect(await flights(page)).toBe(total)
    await page.locator('.cm-lint-marker-error').waitFor({ timeout: patience })
    expect(await page.locator('.cm-lintRange-error').innerText()).toContain('FORM')
    await editor.press('Control+z')
  })

  test('a mistake is marked as it is typed; repaired, the script is reloaded from the keyboard', async () => {
    const editor = await openEditor(page)
    const marks = page.locator('.cm-lint-marker-error')
    await editor.press('Control+End')
    await page.keyboard.type('DROP TBLE Nothing;')
    await marks.waitFor({ timeout: patience })
    expect(await page.locator('.cm-lintRange-error').innerText()).toBe('TBLE')
    await marks.hover()
    await page.getByText('found "TBLE"').first().waitFor({ timeout: patience })

    await editor.press('Shift+Home')
    await page.keyboard.type('TRACE repaired;')
    await marks.waitFor({ state: 'detached', timeout: patience })
    await editor.press('Control+Enter')
    await page.getByRole('progressbar').waitFor({ timeout: patience })
    await page.getByRole('progressbar').waitFor({ state: 'hidden', timeout: patience })
    expect(await page.getByRole('alert').count()).toBe(0)
    await countsFlights(page, total)
  })

  test('functions and fields are offered where they may stand', async () => {
    const editor = await openEditor(page)
    await editor.press('Control+End')
    await page.keyboard.type('\nLOAD Weekd')
    const offers = page.locator('.cm-tooltip-autocomplete')
    await offers.getByText('WeekDay', { exact: true }).waitFor({ timeout: patience })
    expect(await offers.innerText()).toContain('Weekday')
    await page.keyboard.press('Escape')
    expect(await editor.isVisible()).toBe(true)
    await editor.press('Shift+Home')
    await page.keyboard.press('Backspace')
  })

  test('a dropped CSV is linked to the flights', async () => {
    await page.locator('#csv-file').setInputFiles({
      name: 'seasons.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('Month,Season\n1,Winter\n2,Winter\n3,Spring\n'),
    })
    await tile(page, 'Season').waitFor({ timeout: patience })
    await row(page, 'Season', 'Winter').click()
    await confirm(page)
    const winter = ['Jan', 'Feb']
    await shows(page, 'Month', { ...all('Excluded', months), ...all('Optional', winter) })
    await drawn(page, 'Flights by state of departure')
  })
})

test('the switch on the page takes the engine from the server into a worker', () =>
  onPage('engine=server', desktop, async (page) => {
    await page.getByRole('radio', { name: 'Web Worker' }).check({ force: true })
    await page.getByText('Ready. The engine runs in a worker').waitFor({ timeout: patience })
    await countsFlights(page, total)
    await drawn(page, 'Flights by state of departure')
  }))

describe.each([
  ['1440 pixels', desktop],
  ['390 pixels', phone],
] as const)('at %s wide', (_, size) => {
  test('nothing is wider than the page and axe finds nothing serious', () =>
    onPage('engine=server', size, async (page) => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(size.width)
      await openEditor(page)
      await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'))
      const findings: string[] = await page.evaluate(
        `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
          .filter((one) => one.impact === 'serious' || one.impact === 'critical')
          .map((one) => one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).join(', ')))`,
      )
      expect(findings).toEqual([])
    }))
})
