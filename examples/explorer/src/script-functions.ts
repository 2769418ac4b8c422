import type { ScriptFunction } from '@lichen/sdk/codemirror'
import reference from '../../../docs/functions.md?raw'

/** As the reference of functions has them: `Left(text, n)`: first n characters. Load scripts and charts. */
const entry = /^`([^`(]+)(\([^`]*\))`: (.+?)\. Load scripts(?: and charts)?\. \[Page\]/gm

/** The functions of load scripts. */
export const scriptFunctions: readonly ScriptFunction[] = [...reference.matchAll(entry)].map(
  ([, name = '', parameters = '', meaning = '']) => ({
    name,
    signature: name + parameters,
    meaning,
  }),
)
