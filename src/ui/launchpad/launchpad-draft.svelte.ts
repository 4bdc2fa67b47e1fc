import { parseConfigText, printConfigText } from '../../config/config-text.ts';
import { setInText } from './config-outline.ts';
import { equalConfig, fillIn, type FilledEntry } from './merge-config.ts';

/** What was last filled in, and what became of each entry. */
export interface Filling {
  /** Who filled it in: `2020-01-02`, `run b41c9a`. */
  readonly by: string;
  /** Empty if it changed nothing. */
  readonly entries: readonly FilledEntry[];
}

interface Snapshot {
  /** What is taken back. */
  readonly words: string;
  readonly text: string;
  readonly selection: string;
  readonly base: unknown;
  readonly filling: Filling | null;
}

/**
 * A run config that is being written: one value, as text and as fields, and the keys that it is for. What
 * is done to it by a button or by choosing a key can be taken back.
 */
export class LaunchpadDraft {
  /** As written; every change of a field is made in it. */
  text = $state('');
  /** The keys, as a selection is written. */
  selection = $state('');
  filling: Filling | null = $state.raw(null);
  /** What was last filled in for a key, or by the job. */
  #base: unknown = {};
  #past: readonly Snapshot[] = $state.raw([]);
  #readable: unknown = {};

  readonly #outcome = $derived(parseConfigText(this.text));
  /** Where the text stops making sense, and why; null if it can be read. */
  readonly unreadable = $derived(this.#outcome.status === 'unreadable' ? this.#outcome : null);
  /** What is written, or was when it could last be read. */
  readonly value: unknown = $derived.by(() => {
    if (this.#outcome.status === 'parsed') this.#readable = this.#outcome.value;
    return this.#readable;
  });
  /** What would be taken back, in words; null if there is nothing. */
  readonly undoes: string | null = $derived(this.#past.at(-1)?.words ?? null);

  constructor(text: string, selection: string, base: unknown) {
    this.text = text;
    this.selection = selection;
    this.#base = base;
  }

  /** What was last filled in; with `text` and `selection` a draft is made again. */
  get base(): unknown {
    return this.#base;
  }

  /** @param path names from the top; undefined takes the entry out. */
  setField(path: readonly string[], value: unknown): void {
    this.text = setInText(this.text, path, value);
  }

  /** Fills in without overwriting what was typed. */
  fill(by: string, config: unknown): void {
    const { value, entries } = fillIn(this.#base, this.value, config);
    this.#remember(`what ${by} fills in`);
    this.#rewrite(value);
    this.filling = { by, entries };
    this.#base = config;
  }

  /** Takes another config as it is: that of an earlier run. */
  replace(by: string, config: unknown): void {
    const { entries } = fillIn(this.value, this.value, config);
    this.#remember(`the config of ${by}`);
    this.#rewrite(config);
    this.filling = { by, entries };
  }

  /** Replaces the value by one that a button made of it. */
  change(words: string, value: unknown): void {
    this.#remember(words);
    this.#rewrite(value);
  }

  /** Has an entry of the last filling one way or the other. */
  decide(entry: FilledEntry, takes: 'before' | 'offered'): void {
    if (!this.filling) return;
    this.#remember(`the choice of ${entry.path.at(-1) ?? 'the config'}`);
    this.text = setInText(
      this.text,
      entry.path,
      takes === 'offered' ? entry.offered : entry.before,
    );
    const kind =
      takes === 'before'
        ? 'kept'
        : entry.before === undefined
          ? 'added'
          : entry.offered === undefined
            ? 'removed'
            : 'replaced';
    this.filling = {
      ...this.filling,
      entries: this.filling.entries.map((one) => (one === entry ? { ...one, kind } : one)),
    };
  }

  undo(): void {
    const last = this.#past.at(-1);
    if (!last) return;
    this.#past = this.#past.slice(0, -1);
    this.text = last.text;
    this.selection = last.selection;
    this.#base = last.base;
    this.filling = last.filling;
  }

  #remember(words: string): void {
    const { text, selection, filling } = this;
    this.#past = [...this.#past, { words, text, selection, base: this.#base, filling }];
  }

  #rewrite(value: unknown): void {
    this.text = rewritten(this.text, this.value, value);
  }
}

/** The text with another value: what is the same stays as it is written. */
function rewritten(text: string, before: unknown, after: unknown): string {
  let next = text;
  for (const { path, kind, offered } of fillIn(before, before, after).entries) {
    next = setInText(next, path, kind === 'removed' ? undefined : offered);
  }
  const outcome = parseConfigText(next);
  const isSame = outcome.status === 'parsed' && equalConfig(outcome.value, after);
  return isSame && next.trim() !== '' ? next : printConfigText(after);
}
