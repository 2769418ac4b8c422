import {
  type IndentContext,
  LanguageSupport,
  StreamLanguage,
  type StringStream,
} from '@codemirror/language'
import { type Tag, tags } from '@lezer/highlight'
import { folding } from './folding.ts'
import { indentOf } from './indentation.ts'
import { type ScriptState, startState } from './state.ts'
import { readToken, startLine } from './tokens.ts'

/** What the styles of tokens are to themes. */
const tokenTable: Readonly<Record<string, Tag>> = {
  attributeName: tags.attributeName,
  bracket: tags.squareBracket,
  comment: tags.comment,
  content: tags.content,
  controlKeyword: tags.controlKeyword,
  heading: tags.heading,
  keyword: tags.keyword,
  labelName: tags.labelName,
  macroName: tags.macroName,
  modifier: tags.modifier,
  name: tags.name,
  number: tags.number,
  operator: tags.operator,
  operatorKeyword: tags.operatorKeyword,
  paren: tags.paren,
  propertyName: tags.propertyName,
  'propertyName.definition': tags.definition(tags.propertyName),
  punctuation: tags.punctuation,
  separator: tags.separator,
  string: tags.string,
  'string.special': tags.special(tags.string),
  typeName: tags.typeName,
  variableName: tags.variableName,
  'variableName.definition': tags.definition(tags.variableName),
  'variableName.function': tags.function(tags.variableName),
  'variableName.function.definition': tags.definition(tags.function(tags.variableName)),
}

/** The load script: its tokens, its indentation, its brackets and its comment marks. */
export const scriptLanguage: StreamLanguage<ScriptState> = StreamLanguage.define<ScriptState>({
  name: 'load script',
  tokenTable,
  startState,
  copyState: (state) => ({ ...state }),
  blankLine: startLine,
  token: (stream: StringStream, state) => readToken(stream, state),
  indent: (state, textAfter, context: IndentContext) => indentOf(state, textAfter, context.unit),
  languageData: {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['(', '[', '{', "'", '"', '`'] },
    indentOnInput:
      /^\s*(?:end(?:\s*(?:if|sub|switch))?|next|loop|else|elseif|case|default|from|resident|where|while|load|\))$/i,
  },
})

/** CodeMirror's support for load scripts: highlighting, indentation, folding, comments and brackets. */
export function loadScript(): LanguageSupport {
  return new LanguageSupport(scriptLanguage, [folding])
}
