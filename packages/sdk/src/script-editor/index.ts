export {
  type Listed,
  type ScriptCompletionOptions,
  type ScriptFunction,
  scriptCompletion,
} from './completion.ts'
export { loadScript, scriptLanguage } from './language.ts'
export {
  marksOf,
  type ScriptCheck,
  type ScriptLinterOptions,
  type ScriptProblem,
  scriptLinter,
} from './linter.ts'
export { type Outline, type OutlinedStatement, outlineOf, type Range } from './outline.ts'
