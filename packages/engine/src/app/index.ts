export { openDocument, saveDocument } from './saved-document.ts'
