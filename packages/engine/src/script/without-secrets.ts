import type { Place } from './place.ts'

const connectString = /(\bconnect(?:32|64)?\s+to\b)([\s\S]*)/i
const ownConnection = /(\bwith\s+connection\b)([\s\S]*)/i
const secrets = /((?:pwd|password|token|secret|key)\s*(?:=|\bis\b))(\{[^}]*\}|[^;\n]*)/gi

/** The place of a statement that speaks to a connection, as it may be shown in errors: what can hold a password is covered, lengths stay. */
export function withoutSecrets({ source, raw, text }: Place): Place {
  const { start, end } = raw
  const shown = `${source.text.slice(0, start)}${covered(source.text.slice(start, end))}${source.text.slice(end)}`
  return {
    source: { name: source.name, text: shown },
    raw: { ...raw, text: covered(raw.text) },
    text: covered(text),
  }
}

function covered(text: string): string {
  return text
    .replace(ownConnection, (_, words: string, rest: string) => words + blanked(rest))
    .replace(
      connectString,
      (_, words: string, rest: string) =>
        words + rest.replace(secrets, (_all, name: string, value: string) => name + blanked(value)),
    )
}

function blanked(text: string): string {
  return text.replace(/[^\s;()[\]]/g, '*')
}
