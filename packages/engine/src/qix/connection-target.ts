import type { ConnectionTarget } from './host.ts'

/**
 * What an address opens: `/app/engineData` and `/app/` are Global only, `/app/SessionApp_<any>` a session app, `/app/<id>` that app. Query and
 * further segments (`identity`, `ttl`) do not matter. undefined for anything else.
 */
export function connectionTarget(url: string): ConnectionTarget | undefined {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  const [, root, encoded = ''] = path.split('/')
  if (root === 'engineData') return { kind: 'global' }
  if (root !== 'app') return undefined
  let name: string
  try {
    name = decodeURIComponent(encoded)
  } catch {
    return undefined
  }
  if (name === '' || name === 'engineData') return { kind: 'global' }
  return name.startsWith('SessionApp_') ? { kind: 'session-app', name } : { kind: 'app', id: name }
}
