import type {
  CancellationToken,
  DelimitedOptions,
  DelimitedSource,
  FormatClause,
} from '@lichen/engine'
import { LoadError, type OpenSource, openDelimited } from '@lichen/engine'
import type { StreamSource } from '../byte-source.ts'
import type { Format } from '../format.ts'
import { clauseOptions } from './clause.ts'

/**
 * Delimited text (CSV and its relatives), read by the items of the format clause. Without them: comma (a tab for .tab and .tsv), labels in the
 * first record, UTF-8 unless a byte order mark says otherwise. Cells are interpreted by the format variables of the script.
 * @throws LoadError `source-malformed`, `source-unsupported`; LichenError `invalid-argument` for an impossible delimiter
 */
export const delimitedFormat: Format = {
  open: (source, clause: FormatClause, _settings, cancellation) =>
    openText(source, clauseOptions(source.name, clause), cancellation),
}

/** Reads as far as the labels; the records follow batch by batch and are not kept. */
export async function openText(
  source: StreamSource,
  options: DelimitedOptions,
  cancellation: CancellationToken,
): Promise<OpenSource> {
  const begin = (token: CancellationToken): Promise<DelimitedSource> =>
    openDelimited(source.stream(token), { ...options, name: source.name })
  let opened: DelimitedSource | undefined = await begin(cancellation)
  const { fields } = opened
  return {
    fields,
    async *batches(wanted, token) {
      for (const index of wanted)
        if (fields[index] === undefined)
          throw new LoadError('field-not-found', `${source.name} has no field ${index}`)
      const current = opened ?? (await begin(token))
      opened = undefined
      yield* current.batches(wanted, token)
    },
  }
}
