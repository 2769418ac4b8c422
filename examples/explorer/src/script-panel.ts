import { type DroppedTable, readDroppedCsv } from './dropped-csv.ts'
import type { Connection, ModelTable, ReloadProgress } from './engine-connection.ts'
import { element, elementOf, report } from './page.ts'
import { reload } from './reload.ts'
import type { ScriptEditor } from './script-editor.ts'

/** What the panel needs from the page: the present connection, and to be told when the data are new. */
export interface ScriptHost {
  connection(): Connection | undefined
  /** `added` are fields of the tables dropped so far that the script still names. */
  dataChanged(added: readonly string[]): Promise<void>
}

export interface ScriptPanel {
  show(script: string): void
  /** Runs the script in the editor. Resolves when the page shows its data, or its errors. */
  run(): Promise<void>
}

/** Makes the script panel live: editing, reloading, errors, and CSV files dropped anywhere on the page. */
export function scriptPanel(host: ScriptHost): ScriptPanel {
  const panel = element('script-panel')
  const toggle = elementOf('script-toggle', HTMLButtonElement)
  const button = elementOf('reload', HTMLButtonElement)
  const errors = element('script-errors')
  errors.tabIndex = 0
  const dropped = new Map<string, DroppedTable>()
  /** The script while there is no editor to hold it. */
  let draft = ''
  let editor: ScriptEditor | undefined
  let running: Promise<void> | undefined

  const open = (wanted: boolean): void => {
    panel.hidden = !wanted
    panel.parentElement?.classList.toggle('with-script', wanted)
    toggle.setAttribute('aria-expanded', String(wanted))
    if (wanted) void edit()
    else toggle.focus({ preventScroll: true })
  }
  const textOf = (): string => editor?.text ?? draft
  const show = (script: string): void => {
    draft = script
    editor?.show(script)
  }
  /** The editor is a large part of the page that most visits do not need. */
  const edit = async (): Promise<void> => {
    try {
      const { scriptEditor } = await import('./script-editor.ts')
      editor ??= scriptEditor(element('script'), {
        text: draft,
        run: () => void run(),
        tables: async () => (await tablesOf(host)).map((table) => table.qName),
        fields: async () =>
          (await tablesOf(host)).flatMap((table) => table.qFields.map((field) => field.qName)),
        connections: ['lib://data/'],
      })
      if (panel.hidden === false) editor.focus()
    } catch (error) {
      report(error instanceof Error ? error.message : String(error), true)
    }
  }
  const run = async (): Promise<void> => {
    if (running) return
    running = reloadNow()
    await running
    running = undefined
  }
  const reloadNow = async (): Promise<void> => {
    const connection = host.connection()
    if (!connection) return
    button.disabled = true
    errors.hidden = true
    showProgress(undefined)
    try {
      const script = textOf()
      const result = await reload(connection, script, showProgress)
      if (editor?.text === script) editor.mark(result.problem)
      if (result.error !== undefined) return tell(result.error)
      const named = [...dropped.values()].filter((table) => script.includes(`[${table.name}]:`))
      await host.dataChanged(named.flatMap((table) => table.fields.slice(0, 3)))
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error))
    } finally {
      button.disabled = false
      element('progress').hidden = true
      element('progress-text').textContent = ''
    }
  }
  const tell = (text: string): void => {
    open(true)
    showError(errors, text)
    errors.hidden = false
    report('The script ended with an error; the data are as before.', true)
  }
  const add = async (file: File): Promise<void> => {
    try {
      const table = await readDroppedCsv(file)
      dropped.set(table.name, table)
      show(`${textOf().trimEnd()}\n\n${table.script}`)
      open(true)
      await run()
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error))
    }
  }

  toggle.addEventListener('click', () => open(panel.hidden !== false))
  element('script-close').addEventListener('click', () => open(false))
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) open(false)
  })
  button.addEventListener('click', () => void run())
  acceptFiles((file) => void add(file))
  return { show, run }
}

/** Words wrap; lines of the script and the carets below them keep their columns. */
function showError(target: HTMLElement, text: string): void {
  target.replaceChildren(
    ...text.split('\n').map((line, at, all) => {
      const row = document.createElement('span')
      const ofScript = /^\d+ \| /.test(line) || /^ *\^+$/.test(line)
      row.className = ofScript ? 'code' : 'words'
      row.textContent = at === all.length - 1 ? line : `${line}\n`
      return row
    }),
  )
}

async function tablesOf(host: ScriptHost): Promise<readonly ModelTable[]> {
  const model = await host.connection()?.doc.getTablesAndKeys({}, {}, 0, false, false)
  return model?.qtr ?? []
}

function showProgress(progress: ReloadProgress | undefined): void {
  const bar = elementOf('progress', HTMLProgressElement)
  bar.hidden = false
  if (progress && progress.qTotal > 0) bar.value = progress.qCompleted / progress.qTotal
  else bar.removeAttribute('value')
  element('progress-text').textContent =
    progress?.qTransientProgress || progress?.qPersistentProgress.split('\n').at(-1) || 'Loading …'
}

function acceptFiles(take: (file: File) => void): void {
  const input = elementOf('csv-file', HTMLInputElement)
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file) take(file)
    input.value = ''
  })
  const dropping = (event: DragEvent, over: boolean): void => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    document.body.classList.toggle('dropping', over)
  }
  document.addEventListener('dragover', (event) => dropping(event, true))
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) dropping(event, false)
  })
  document.addEventListener('drop', (event) => {
    dropping(event, false)
    const file = event.dataTransfer?.files[0]
    if (file) take(file)
  })
}
