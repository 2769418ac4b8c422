export { fileSource } from './file-source.ts'
export { type FolderReaderOptions, folderReader } from './folder.ts'
export { type FolderWriterOptions, folderWriter } from './folder-writer.ts'
