export {
  type ByteSource,
  blobSource,
  bytesSource,
  type StreamSource,
  streamSource,
} from './byte-source.ts'
export type { Format, FormatEntry } from './format.ts'
export { libraryReader, libraryWriter } from './library-reader.ts'
export { createReader, fileReader, type ReaderOptions, standardFormats } from './reader.ts'
export { type FetchOptions, type UrlReaderOptions, urlReader } from './url.ts'
export { type WebReaderOptions, webReader } from './web-reader.ts'
export { createWriter, type WriterOptions, writtenFormats } from './writer.ts'
export type { WrittenFormat, WrittenFormatEntry } from './written-format.ts'
