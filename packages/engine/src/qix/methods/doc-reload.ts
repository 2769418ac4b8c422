import { LichenError } from '../../base/errors.ts'
import type { TargetOf } from '../handles.ts'
import { Params } from '../params.ts'
import { scriptSyntaxErrors } from '../script-check.ts'
import { type AppCall, done, type MethodTable, method, returned } from './method.ts'

type DocCall = AppCall<TargetOf<'Doc'>>

export const docReloadMethods: MethodTable<DocCall> = {
  GetScript: method('', ({ app }) => ({ qScript: app.document.script })),
  GetScriptEx: method('', ({ app }) => ({ qScript: { qScript: app.document.script, qMeta: {} } })),
  SetScript: method('qScript', ({ app, params }) => {
    app.document.script = params.text('qScript')
    app.document.events.emit('content', { ids: [] })
    return done
  }),
  CheckScriptSyntax: method('', ({ app }) => ({
    qErrors: scriptSyntaxErrors(app.document.script),
  })),
  DoReload: method('qMode qPartial qDebug', async (call) =>
    returned(await reload(call, call.params.flag('qPartial'))),
  ),
  DoReloadEx: method('qParams', async (call) => ({
    qResult: {
      qSuccess: await reload(
        call,
        new Params(['qPartial'], call.params.object('qParams')).flag('qPartial'),
      ),
      qScriptLogFile: '',
    },
  })),
}

/** Whether the script ran to its end; what went wrong is told by `GetProgress`. */
async function reload({ app, caller, cancellation }: DocCall, partial: boolean): Promise<boolean> {
  const { progress, host } = caller
  const user = host.reload?.user ?? host.user.user
  progress.begin()
  try {
    await app.document.reload({
      onProgress: ({ text }) => progress.line(text),
      cancellation,
      partial,
      ...(user === undefined ? {} : { user }),
    })
    progress.end()
    return true
  } catch (error) {
    progress.end(error)
    if (!(error instanceof LichenError) || error.code === 'internal' || error.code === 'cancelled')
      throw error
    return false
  }
}
