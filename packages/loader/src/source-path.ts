import { AccessError, LoadError } from '@lichen/engine'

/** A path of a script, taken apart. Segments are plain names; they may hold `*` and `?`. */
export interface SourcePath {
  /** The name after `lib://`, or undefined for a relative path. */
  readonly library: string | undefined
  readonly segments: readonly string[]
  readonly wildcard: boolean
}

const maxPathLength = 4096

/**
 * Reads `lib://name/folder/file` or `folder/file`. Nothing is decoded or normalised: what could lead outside is refused.
 * @throws AccessError for `..`, absolute paths, drives, backslashes, control characters and percent-encoded separators
 */
export function parseSourcePath(path: string): SourcePath {
  if (path === '') throw new LoadError('source-not-found', 'The path of the source is empty')
  if (path.length > maxPathLength) throw refused()
  const lib = /^lib:\/\/([^/]+)\/(.+)$/is.exec(path)
  if (lib === null && /^lib:/i.test(path))
    throw new LoadError('source-not-found', `${path} names no file; write lib://connection/file`)
  const library = lib?.[1]
  const segments = (lib?.[2] ?? path).split('/')
  if (library !== undefined && !isPlainName(library)) throw refused()
  if (!segments.every(isPlainName)) throw refused()
  return { library, segments, wildcard: segments.some((segment) => /[*?]/.test(segment)) }
}

function isPlainName(name: string): boolean {
  if (name === '' || /^\.+$/.test(name) || /[. ]$/.test(name)) return false
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) < 0x20) return false
  return !/[\\:]|%(?:2e|2f|5c|00)/i.test(name)
}

function refused(): AccessError {
  return new AccessError(
    'The path leads outside the folders a script may read; use lib://connection/file or a path below the root without ..',
  )
}

/** Whether a name matches a pattern of `*` (any run) and `?` (one character), ignoring case. Linear in space, no backtracking blow-up. */
export function matchesWildcard(name: string, pattern: string): boolean {
  const text = name.toLowerCase()
  const glob = pattern.toLowerCase()
  let t = 0
  let g = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    if (g < glob.length && glob[g] === '*') {
      star = g++
      resume = t
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === text[t])) {
      g++
      t++
    } else if (star !== -1) {
      g = star + 1
      t = ++resume
    } else return false
  }
  while (glob[g] === '*') g++
  return g === glob.length
}
