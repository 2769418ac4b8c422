export { type ByteSource, blobSource, bytesSource, type StreamSource } from './byte-source.ts'
export type { Format, FormatEntry } from './format.ts'
export { createReader, fileReader, type ReaderOptions, standardFormats } from './reader.ts'
export { type UrlReaderOptions, urlReader } from './url.ts'
