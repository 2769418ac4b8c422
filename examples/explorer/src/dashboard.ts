import { embed, type stardust } from '@nebula.js/stardust'
import { filters, listBoxes, type Tile, tiles } from './charts.ts'
import type { Doc } from './engine-connection.ts'
import { element } from './page.ts'
import { theme } from './theme.ts'

type Chart = Promise<{ default: stardust.Visualization }>

/** Each chart is a bundle of its own, fetched when the first tile needs it. */
const charts: Readonly<Record<string, () => Chart>> = {
  barchart: () => import('@nebula.js/sn-bar-chart'),
  filterpane: () => import('@nebula.js/sn-filter-pane'),
  kpi: () => import('@nebula.js/sn-kpi'),
  linechart: () => import('@nebula.js/sn-line-chart'),
  piechart: () => import('@nebula.js/sn-pie-chart'),
  table: () => import('@nebula.js/sn-table'),
}

const types: stardust.TypeInfo[] = Object.entries(charts).map(([name, fetchChart]) => ({
  name,
  load: async () => (await fetchChart()).default,
}))

/** Months and weekdays are duals; they read better as the words they show. */
const left = { qListObjectDef: { qDef: { textAlign: { auto: false, align: 'left' } } } }

/** What is on the page for one connection. */
export interface Dashboard {
  /** Gives each of these fields a list box after the others, and takes off those of other added fields. */
  show(added: readonly string[]): Promise<void>
  remove(): void
}

/** Draws selections bar, filters, charts and table of the app. */
export async function drawDashboard(doc: Doc): Promise<Dashboard> {
  const nebula = embed(doc, {
    context: { theme: 'lichen', language: 'en-US', keyboardNavigation: false },
    types,
    themes: [{ id: 'lichen', load: () => Promise.resolve(theme) }],
  })
  const removals: (() => unknown)[] = []

  const bar = await nebula.selections()
  bar.mount(frame('selections'))
  removals.push(() => bar.unmount())

  const listBox = async (field: string): Promise<() => void> => {
    const target = card('list-boxes', 'list-box', field)
    const list = await nebula.field(field)
    list.mount(target, { title: field, search: 'toggle', properties: left })
    return () => {
      list.unmount()
      target.remove()
    }
  }
  const lists = Promise.all(listBoxes.map(listBox))
  const pane = nebula.render({
    element: frame('filter-pane'),
    type: 'filterpane',
    fields: [...filters],
  })
  // Stardust writes into what it is given: each drawing has a copy of its own.
  const drawn = structuredClone(tiles).map((tile) =>
    nebula.render({
      element: tileCard(tile),
      type: tile.type,
      fields: [...tile.fields],
      properties: tile.properties,
    }),
  )
  for (const chart of await Promise.all([pane, ...drawn])) removals.push(() => chart.destroy())
  removals.push(...(await lists))

  const shown = new Map<string, () => void>()
  const show = async (added: readonly string[]): Promise<void> => {
    for (const [field, takeOff] of shown) {
      if (added.includes(field)) continue
      takeOff()
      shown.delete(field)
    }
    const missing = added.filter((field) => !shown.has(field))
    await Promise.all(missing.map(async (field) => shown.set(field, await listBox(field))))
  }
  return { show, remove: () => remove([...removals, ...shown.values()]) }
}

function remove(removals: readonly (() => unknown)[]): void {
  for (const takeOff of removals) takeOff()
  for (const id of ['selections', 'list-boxes', 'filter-pane', 'dashboard']) {
    element(id).replaceChildren()
  }
}

/** An element of its own for what draws and undraws itself, so that taking it off the page does not disturb that. */
function frame(parent: string): HTMLElement {
  const own = document.createElement('div')
  own.className = 'frame'
  element(parent).append(own)
  return own
}

function card(parent: string, kind: string, label: string): HTMLElement {
  const section = document.createElement('section')
  section.className = `card ${kind}`
  section.setAttribute('aria-label', label)
  element(parent).append(section)
  return section
}

function tileCard(tile: Tile): HTMLElement {
  const section = card('dashboard', tile.kind, tile.title)
  const heading = document.createElement('h2')
  heading.textContent = tile.title
  const chart = document.createElement('div')
  chart.className = 'chart'
  section.append(heading, chart)
  return chart
}
