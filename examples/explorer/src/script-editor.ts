import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { EditorState, Prec } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { checkScript } from '@lichen/engine'
import {
  loadScript,
  marksOf,
  type ScriptCheck,
  type ScriptCompletionOptions,
  type ScriptProblem,
  scriptCompletion,
  scriptLinter,
} from '@lichen/sdk/codemirror'
import { scriptFunctions } from './script-functions.ts'
import { editorTheme, highlighting } from './script-theme.ts'

export interface ScriptEditor {
  readonly text: string
  show(text: string): void
  focus(): void
  /** Marks what a reload ended with until the text changes, and takes the reader there; undefined when it went well. */
  mark(problem: ScriptProblem | undefined): void
}

export interface ScriptEditorOptions extends ScriptCompletionOptions {
  readonly text: string
  run(): void
}

/** An editor for load scripts that fills `parent`. */
export function scriptEditor(parent: HTMLElement, options: ScriptEditorOptions): ScriptEditor {
  const { text, run, ...completions } = options
  /** What the last reload ended with: known of one text only. */
  let ended: { readonly text: string; readonly problem: ScriptProblem } | undefined
  const checked: ScriptCheck = (script) => {
    const problems = checkScript({ name: 'script', text: script })
    return ended?.text === script && problems.length === 0 ? [ended.problem] : problems
  }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                run()
                return true
              },
            },
          ]),
        ),
        lineNumbers(),
        lintGutter(),
        codeFolding(),
        foldGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        indentUnit.of('    '),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...lintKeymap,
          ...foldKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        loadScript(),
        scriptLinter(checked),
        scriptCompletion({ functions: scriptFunctions, ...completions }),
        editorTheme,
        syntaxHighlighting(highlighting),
        EditorView.contentAttributes.of({
          'aria-label': 'Script text',
          // It takes the focus without, but tools that look for scrollable regions do not know.
          tabindex: '0',
          spellcheck: 'false',
          autocapitalize: 'off',
        }),
      ],
    }),
  })
  return {
    get text() {
      return view.state.doc.toString()
    },
    show(script) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: script } })
    },
    focus() {
      view.focus()
    },
    mark(problem) {
      const { doc } = view.state
      ended = problem && { text: doc.toString(), problem }
      const marks = marksOf(doc, problem ? [problem] : [])
      view.dispatch(setDiagnostics(view.state, marks))
      const from = marks[0]?.from
      if (from !== undefined)
        view.dispatch({
          selection: { anchor: from },
          effects: EditorView.scrollIntoView(from, { y: 'center' }),
        })
    },
  }
}
