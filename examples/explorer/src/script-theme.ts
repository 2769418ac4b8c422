import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The page's colours; `style.css` has them for bright and for dark surroundings. */
export const editorTheme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--code-ground)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'ui-monospace, "Cascadia Code", Menlo, Consolas, monospace',
    fontSize: '13px',
    lineHeight: '1.5',
  },
  '.cm-content': { caretColor: 'var(--ink)', paddingBlock: '10px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { color: 'var(--quiet)', backgroundColor: 'var(--ground)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--code-line)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--code-selection)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--green-soft)',
    outline: '1px solid var(--green)',
  },
  '.cm-foldPlaceholder': {
    padding: '0 6px',
    color: 'var(--quiet)',
    backgroundColor: 'var(--ground)',
    border: '1px solid var(--line)',
  },
  '.cm-gutter-lint': { width: '1.1em' },
  '.cm-tooltip': {
    color: 'var(--ink)',
    backgroundColor: 'var(--card)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    boxShadow: '0 6px 20px rgb(0 0 0 / 15%)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    maxWidth: 'min(520px, 92vw)',
    maxHeight: '16em',
    fontFamily: 'inherit',
    borderRadius: '7px',
  },
  // The sign that comes with CodeMirror is missing in many fonts.
  '.cm-completionIcon-keyword::after': { content: '"◆"', color: 'var(--code-keyword)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: '#fff',
    backgroundColor: 'var(--green)',
  },
  '.cm-completionDetail': { opacity: '0.75' },
  '.cm-completionInfo': { padding: '8px 10px', maxWidth: '22em' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: '4px solid var(--red)' },
})

/** What the words of a script look like. */
export const highlighting: HighlightStyle = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier], color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: tags.controlKeyword, color: 'var(--code-control)', fontWeight: '600' },
  { tag: tags.operatorKeyword, color: 'var(--code-keyword)' },
  { tag: tags.labelName, color: 'var(--code-table)', fontWeight: '600' },
  { tag: tags.typeName, color: 'var(--code-table)' },
  { tag: tags.function(tags.variableName), color: 'var(--code-function)' },
  { tag: [tags.variableName, tags.macroName], color: 'var(--code-variable)' },
  { tag: tags.definition(tags.propertyName), color: 'var(--ink)', fontWeight: '600' },
  { tag: [tags.string, tags.content], color: 'var(--code-string)' },
  { tag: tags.special(tags.string), color: 'var(--code-path)', textDecoration: 'underline dotted' },
  { tag: tags.attributeName, color: 'var(--code-path)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: tags.heading, color: 'var(--green)', fontWeight: '700' },
])
