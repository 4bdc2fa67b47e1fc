/*
 * The editor of a config's text. Loaded on its own, and shares what the editor of cells is made of. It
 * lives in a shadow root, as the page's policy refuses the styles that CodeMirror adds to a document.
 */
import {
  autocompletion,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { EditorState, Prec, StateEffect, StateField, type Range } from '@codemirror/state';
import { Decoration, EditorView, keymap, WidgetType, type DecorationSet } from '@codemirror/view';
import type { ConfigShape } from '../../config/config-schema.ts';
import { editing, fromOutside } from '../editor/code-mirror.ts';
import { completionsAt } from './config-completions.ts';

/** Something to say at a place of the text. */
export interface ConfigMark {
  /** Offsets; equal ones mark the line alone. */
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning' | 'added' | 'kept';
  /** Stands under the line; empty for nothing. */
  readonly message: string;
}

/** An editor in place. */
export interface ConfigEditor {
  /** Replaces the text if it is another, by a change that can be taken back; `onchange` is not called. */
  setText(text: string): void;
  setMarks(marks: readonly ConfigMark[]): void;
  /** Puts the cursor there and shows it. */
  goTo(offset: number): void;
  destroy(): void;
}

export interface ConfigEditorOptions {
  readonly text: string;
  /** The accessible name. */
  readonly label: string;
  /** The schema as it is now: what is completed. */
  readonly schema: () => ConfigShape;
  readonly onchange: (text: string) => void;
  /** The cursor stands at this offset. */
  readonly oncursor: (offset: number) => void;
  /** Ctrl or Cmd with Enter was pressed. */
  readonly onrun: () => void;
}

const setMarksEffect = StateEffect.define<readonly ConfigMark[]>();

/** What is said of a line, under it. */
class MarkNote extends WidgetType {
  readonly mark: ConfigMark;

  constructor(mark: ConfigMark) {
    super();
    this.mark = mark;
  }

  override eq(other: MarkNote): boolean {
    return other.mark.message === this.mark.message && other.mark.severity === this.mark.severity;
  }

  override toDOM(): HTMLElement {
    const note = document.createElement('div');
    note.className = `cm-note cm-note-${this.mark.severity}`;
    note.textContent = this.mark.message;
    return note;
  }
}

const markField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setMarksEffect)) continue;
      const doc = transaction.newDoc;
      const ranges = effect.value.flatMap((mark, at): Range<Decoration>[] => {
        const from = Math.min(mark.from, doc.length);
        const to = Math.min(mark.to, doc.length);
        const widget = new MarkNote(mark);
        const end = doc.lineAt(from).to;
        return [
          ...(to > from ? [Decoration.mark({ class: `cm-${mark.severity}` }).range(from, to)] : []),
          ...(mark.message === ''
            ? []
            : [Decoration.widget({ widget, block: true, side: 1 + at }).range(end)]),
        ];
      });
      return Decoration.set(ranges, true);
    }
    return decorations.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const theme = EditorView.theme({
  '.cm-content': { minHeight: '120px' },
  '.cm-line': { padding: '0 12px' },
  '.cm-added': { background: 'var(--relation)', borderRadius: '2px' },
  '.cm-kept': { borderBottom: '1.6px dotted var(--ink)' },
  '.cm-note': {
    padding: '3px 12px',
    borderLeft: '2px solid var(--edge)',
    background: 'var(--sunk)',
    color: 'var(--ink)',
    font: '400 13px/18px var(--sans)',
    whiteSpace: 'normal',
    overflowWrap: 'anywhere',
  },
  '.cm-note-error': { borderLeftColor: 'var(--fail)', background: 'var(--fail-wash)' },
  '.cm-tooltip': {
    border: '0',
    borderRadius: 'var(--r3)',
    background: 'var(--paper)',
    boxShadow: 'var(--layer)',
    color: 'var(--ink)',
    overflow: 'hidden',
    zIndex: 'var(--z-tip)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    maxHeight: '220px',
    minWidth: '220px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '3px 10px',
    lineHeight: '20px',
    display: 'flex',
    gap: '16px',
    alignItems: 'baseline',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--ink)',
    color: 'var(--on-ink)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '640' },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    color: 'var(--ink-3)',
    fontStyle: 'normal',
    font: '400 12.5px/20px var(--sans)',
  },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-tooltip.cm-completionInfo': {
    padding: '6px 10px',
    maxWidth: '280px',
    font: '400 13px/18px var(--sans)',
  },
});

/** Makes an editor in `root`, which is open and empty. */
export function createConfigEditor(root: ShadowRoot, options: ConfigEditorOptions): ConfigEditor {
  const complete = (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const found = completionsAt(options.schema(), text, context.pos);
    if (!found) return null;
    const written = text.slice(found.from, context.pos);
    // Unasked only once something is written.
    if (!context.explicit && written === '') return null;
    return {
      from: found.from,
      to: found.to,
      filter: false,
      options: found.completions
        .filter(({ label }) => bare(label).startsWith(bare(written)))
        .map(({ label, insert, detail, description, required }) => ({
          label,
          apply: insert,
          detail,
          boost: required ? 1 : 0,
          ...(description !== null && { info: description }),
        })),
    };
  };

  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (options.onrun(), true) }])),
        editing(options.onchange),
        autocompletion({ override: [complete], icons: false }),
        // Tab leads on, as in any field of a form.
        keymap.of([
          ...completionKeymap,
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        javascript(),
        markField,
        theme,
        EditorView.contentAttributes.of({ 'aria-label': options.label, spellcheck: 'false' }),
        EditorView.updateListener.of((update) => {
          const external = update.transactions.some((made) => made.annotation(fromOutside));
          if (update.selectionSet && !external) options.oncursor(update.state.selection.main.head);
        }),
      ],
    }),
  });

  return {
    setText(text) {
      const before = view.state.doc.toString();
      if (before === text) return;
      view.dispatch({
        changes: changeBetween(before, text),
        annotations: fromOutside.of(true),
      });
    },
    setMarks: (marks) => view.dispatch({ effects: setMarksEffect.of(marks) }),
    goTo(offset) {
      const anchor = Math.min(offset, view.state.doc.length);
      view.focus();
      view.dispatch({ selection: { anchor }, scrollIntoView: true });
    },
    destroy: () => view.destroy(),
  };
}

/** Only what differs in the middle: the cursor and the marks around it stay. */
function changeBetween(before: string, after: string) {
  const least = Math.min(before.length, after.length);
  let from = 0;
  while (from < least && before[from] === after[from]) from++;
  let same = 0;
  while (same < least - from && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

/** Without the quotes that may or may not be written yet. */
function bare(text: string): string {
  return text.replaceAll(/["']/g, '').toLowerCase();
}
