/** Where a file goes: whole, or begun and finished in parts. The file is there only when all was taken. */
export interface UploadTarget {
  whole(bytes: Uint8Array): Promise<void>
  begin(): Promise<Upload>
}

interface Upload {
  /** Part `number`, from 1 on. */
  part(number: number, bytes: Uint8Array): Promise<void>
  finish(): Promise<void>
  /** Gives up what was sent. */
  abandon(): Promise<void>
}

/**
 * Sends bytes of unknown length: whole when they fit one part of `partBytes`, else part by part, one on its way while the next is made.
 * Nothing is left behind when it fails.
 */
export async function upload(
  bytes: AsyncIterable<Uint8Array>,
  target: UploadTarget,
  partBytes: number,
): Promise<void> {
  let begun: Upload | undefined
  let sending: Promise<void> = Promise.resolve()
  let number = 0
  try {
    for await (const { content, last } of partsOf(bytes, partBytes)) {
      if (last && begun === undefined) return await target.whole(content)
      begun ??= await target.begin()
      await sending
      sending = begun.part(++number, content)
      // Its failure is met where it is awaited.
      sending.catch(() => {})
    }
    await sending
    await begun?.finish()
  } catch (error) {
    await sending.catch(() => {})
    await begun?.abandon().catch(() => {})
    throw error
  }
}

interface Part {
  readonly content: Uint8Array
  readonly last: boolean
}

/** At least one part; all but the last are full. Stores take 10,000 parts, so that sizes double every 1,000. */
async function* partsOf(bytes: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Part> {
  let part = new Uint8Array(partBytes)
  let used = 0
  let made = 0
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      if (used === part.length) {
        yield { content: part, last: false }
        part = new Uint8Array(partBytes * 2 ** Math.floor(++made / 1000))
        used = 0
      }
      const count = Math.min(part.length - used, chunk.length - at)
      part.set(chunk.subarray(at, at + count), used)
      used += count
      at += count
    }
  }
  yield { content: part.subarray(0, used), last: true }
}
