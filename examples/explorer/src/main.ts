import flightsScript from '../script/flights.qvs?raw'
import { type Dashboard, drawDashboard } from './dashboard.ts'
import { type Connection, connect, type EngineHome } from './engine-connection.ts'
import { keepMended } from './mended-markup.ts'
import { element, report } from './page.ts'
import { scriptPanel } from './script-panel.ts'

const query = new URLSearchParams(location.search)
const app = query.get('app') ?? 'explorer'

let connection: Connection | undefined
let dashboard: Dashboard | undefined

const panel = scriptPanel({
  connection: () => connection,
  dataChanged: (added) => draw(added),
})

async function draw(added: readonly string[]): Promise<void> {
  if (!connection) return
  dashboard ??= await drawDashboard(connection.doc)
  await dashboard.show(added)
  const where = connection.home === 'server' ? 'in the server' : 'in a worker of this page'
  report(`Ready. The engine runs ${where}.`)
}

/** Takes the page from whatever engine it shows to the one of that home; the script in the app there, if any, is kept. */
async function start(home: EngineHome): Promise<void> {
  lockSwitch(home, true)
  report(home === 'server' ? 'Connecting to the server …' : 'Starting the engine in a worker …')
  const before = connection
  connection = undefined
  try {
    before?.letGo()
    dashboard?.remove()
    dashboard = undefined
    connection = await connect(home, app)
    connection.onLost((reason) => report(`${reason} Reload the page to connect again.`, true))
    const { qHasData } = await connection.doc.getAppLayout()
    panel.show(qHasData ? await connection.doc.getScript() : flightsScript)
    if (qHasData) await draw([])
    else {
      report('Loading three million flights …')
      await panel.run()
    }
  } catch (error) {
    report(error instanceof Error ? error.message : String(error), true)
  } finally {
    // Last, so that what the old charts still had under way is answered.
    await before?.close()
    lockSwitch(home, false)
  }
}

function radios(): readonly HTMLInputElement[] {
  return [...element('engine-switch').querySelectorAll('input')]
}

function lockSwitch(home: EngineHome, locked: boolean): void {
  for (const radio of radios()) {
    radio.checked = radio.value === home
    radio.disabled = locked
  }
}

function wanted(value: string | null): EngineHome {
  return value === 'worker' ? 'worker' : 'server'
}

for (const radio of radios()) {
  radio.addEventListener('change', () => {
    const home = wanted(radio.value)
    query.set('engine', home)
    history.replaceState(null, '', `?${query}`)
    void start(home)
  })
}
keepMended()
void start(wanted(query.get('engine')))
