/*
 * The editor of a code cell. Loaded on its own, after the notebook can be read: see
 * `CodeEditor.svelte`. It lives in a shadow root, because the page's policy refuses the
 * styles that CodeMirror adds to a document, and lets it adopt sheets in a root.
 */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import {
  Annotation,
  Compartment,
  EditorState,
  Prec,
  StateEffect,
  StateField,
  type Extension,
  type Range,
  type Text,
} from '@codemirror/state';
import { Decoration, EditorView, keymap, WidgetType, type DecorationSet } from '@codemirror/view';
import { codeTokens, continuationIndent, DEEPEST_INDENT } from './code-tokens.ts';
import { noteLine, underlined, type LineNote } from './line-note.ts';

/** A point of the window, in CSS px. */
export interface CaretPoint {
  readonly x: number;
  readonly y: number;
}

/** An editor in place. */
export interface CodeMirrorHandle {
  /** Replaces the text if it is another; `onchange` is not called. */
  setText(text: string): void;
  setLabel(label: string): void;
  /** Makes room under the lines of `notes`: `heights` are theirs, in CSS px and the same order. */
  setNotes(notes: readonly LineNote[], heights: readonly number[]): void;
  /** Puts the caret where a point of the window is, in CSS px; null leaves it where it was. */
  focus(at: CaretPoint | null): void;
  /** Types at the caret. */
  type(text: string): void;
  destroy(): void;
}

export interface CodeMirrorOptions {
  readonly text: string;
  /** The accessible name. */
  readonly label: string;
  readonly onchange: (text: string) => void;
  /** Escape was pressed. */
  readonly onleave: () => void;
  /** Ctrl or Cmd with Enter was pressed. */
  readonly onrun: () => void;
  /** Lines or the room for notes may have moved. */
  readonly ongeometry: () => void;
}

/** Marks a change that came from outside. */
export const fromOutside = Annotation.define<boolean>();

interface NotesWithHeights {
  readonly notes: readonly LineNote[];
  readonly heights: readonly number[];
}

const setNotesEffect = StateEffect.define<NotesWithHeights>();

/** Room for one note; the note itself stands above the editor, in the page. */
class NoteSpace extends WidgetType {
  readonly index: number;
  readonly height: number;

  constructor(index: number, height: number) {
    super();
    this.index = index;
    this.height = height;
  }

  override eq(other: NoteSpace): boolean {
    return other.index === this.index && other.height === this.height;
  }

  override get estimatedHeight(): number {
    return this.height;
  }

  override toDOM(): HTMLElement {
    const space = document.createElement('div');
    space.dataset['note'] = String(this.index);
    space.style.height = `${this.height}px`;
    return space;
  }
}

function noteDecorations({ notes, heights }: NotesWithHeights, doc: Text): DecorationSet {
  const text = doc.toString();
  const ranges: Range<Decoration>[] = [];
  for (const [index, note] of notes.entries()) {
    const range = underlined(note, text);
    if (range) {
      const mark = Decoration.mark({ class: `cm-${note.severity}` });
      ranges.push(mark.range(range.from, range.to));
    }
    const widget = new NoteSpace(index, heights[index] ?? 0);
    const end = doc.line(noteLine(note, doc.lines)).to;
    ranges.push(Decoration.widget({ widget, block: true, side: 1 + index }).range(end));
  }
  return Decoration.set(ranges, true);
}

const noteField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setNotesEffect)) return noteDecorations(effect.value, transaction.newDoc);
    }
    return decorations.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const roleMarks = {
  keyword: Decoration.mark({ class: 'cm-keyword' }),
  literal: Decoration.mark({ class: 'cm-literal' }),
  comment: Decoration.mark({ class: 'cm-comment' }),
  declared: Decoration.mark({ class: 'cm-declared' }),
};

// Classes, as the page's policy refuses style attributes.
const indentLines = Array.from({ length: DEEPEST_INDENT + 1 }, (_, characters) =>
  Decoration.line({ class: `cm-continued-${characters}` }),
);

/** Colours, and where wrapped lines continue. */
function colour(doc: Text): DecorationSet {
  const ranges: Range<Decoration>[] = codeTokens(doc.toString()).map(({ from, to, role }) =>
    roleMarks[role].range(from, to),
  );
  for (let number = 1; number <= doc.lines; number++) {
    const line = doc.line(number);
    const indent = indentLines[continuationIndent(line.text)];
    if (indent) ranges.push(indent.range(line.from));
  }
  return Decoration.set(ranges, true);
}

// The same scanner as before the editor is there, so that no colour changes when it comes.
const colourField = StateField.define<DecorationSet>({
  create: (state) => colour(state.doc),
  update: (decorations, transaction) =>
    transaction.docChanged ? colour(transaction.newDoc) : decorations,
  provide: (field) => EditorView.decorations.from(field),
});

const continuations = Object.fromEntries(
  indentLines.map((_, characters) => [
    `.cm-line.cm-continued-${characters}`,
    { paddingLeft: `calc(14px + ${characters}ch)`, textIndent: `-${characters}ch` },
  ]),
);

/** How the text of every editor looks, as the place that it stands in. */
const textTheme = EditorView.theme({
  '&': { color: 'inherit', background: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: 'inherit', lineHeight: 'inherit', overflow: 'visible' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
  '.cm-line::selection, .cm-line ::selection': { backgroundColor: 'var(--relation-on)' },
  '.cm-keyword': { color: 'var(--code-keyword)' },
  '.cm-literal': { color: 'var(--code-literal)' },
  '.cm-comment': { color: 'var(--code-comment)' },
  '.cm-error, .cm-warning': {
    textDecoration: 'underline wavy var(--fail) 1px',
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '2px',
  },
  '.cm-warning': { textDecorationColor: 'var(--edge)' },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--sunk)', color: 'inherit' },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'none', color: 'inherit' },
});

const theme = EditorView.theme({
  ...continuations,
  '.cm-content': { tabSize: '4' },
  '.cm-line': { padding: '0 14px' },
  '.cm-declared': { fontWeight: '680' },
});

/**
 * Text that replaces a selection. Left to itself, Chromium keeps the colour of what is replaced
 * in a style attribute, which the page's policy refuses and reports.
 */
const replaceItself = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { inputType, data } = event;
    if (inputType !== 'insertText' || data === null || event.isComposing) return false;
    const selection = selectionIn(view.root);
    if (!selection?.anchorNode || !selection.focusNode || selection.isCollapsed) return false;
    const anchor = view.posAtDOM(selection.anchorNode, selection.anchorOffset);
    const head = view.posAtDOM(selection.focusNode, selection.focusOffset);
    const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
    if (from === to) return false;
    event.preventDefault();
    const insert = () =>
      view.state.update({
        changes: { from, to, insert: data },
        selection: { anchor: from + data.length },
        userEvent: 'input.type',
        scrollIntoView: true,
      });
    // Brackets around a selection, above all.
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
    return true;
  },
});

/** Chromium tells a selection inside a shadow root there alone, by a method that is not in the standard. */
function selectionIn(root: DocumentOrShadowRoot): Selection | null {
  return 'getSelection' in root ? (root as Document).getSelection() : null;
}

/** What every editor of code is made of: it edits, colours and wraps, and tells of what was typed into it. */
export function editing(onchange: (text: string) => void): Extension {
  return [
    replaceItself,
    history(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    indentUnit.of('  '),
    EditorView.lineWrapping,
    colourField,
    textTheme,
    EditorView.updateListener.of((update) => {
      const external = update.transactions.some((made) => made.annotation(fromOutside));
      if (update.docChanged && !external) onchange(update.state.doc.toString());
    }),
  ];
}

/** Makes an editor in `root`, which is open and empty. */
export function createCodeMirror(root: ShadowRoot, options: CodeMirrorOptions): CodeMirrorHandle {
  const label = new Compartment();
  const named = (name: string): Extension =>
    // Entered by Enter on its cell: Tab indents in here, so Tab alone must not lead in.
    EditorView.contentAttributes.of({ 'aria-label': name, spellcheck: 'false', tabindex: '-1' });

  const keys = keymap.of([
    { key: 'Escape', run: () => (options.onleave(), true) },
    { key: 'Mod-Enter', run: () => (options.onrun(), true) },
  ]);

  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        Prec.highest(keys),
        editing(options.onchange),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        javascript({ typescript: true }),
        noteField,
        theme,
        label.of(named(options.label)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged || update.geometryChanged || update.viewportChanged) {
            options.ongeometry();
          }
        }),
      ],
    }),
  });

  return {
    setText(text) {
      if (view.state.doc.toString() === text) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        annotations: fromOutside.of(true),
      });
    },
    setLabel: (name) => view.dispatch({ effects: label.reconfigure(named(name)) }),
    setNotes: (notes, heights) => view.dispatch({ effects: setNotesEffect.of({ notes, heights }) }),
    focus(at) {
      view.focus();
      if (at) view.dispatch({ selection: { anchor: view.posAtCoords(at, false) } });
    },
    type: (text) => view.dispatch(view.state.replaceSelection(text), { userEvent: 'input.type' }),
    destroy: () => view.destroy(),
  };
}
