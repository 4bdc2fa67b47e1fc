const PREFIX = 'partita:selections:';

/** What a selection may be called: one word that can stand behind `@`. */
const NAME = /^[\p{L}\p{N}_-]+$/u;

/** The selections of a notebook that have a name, kept on this device as texts. */
export class NamedSelections {
  /** Texts by name, in the order in which they were named. */
  texts: ReadonlyMap<string, string> = $state.raw(new Map());
  readonly #notebookId: string;

  constructor(notebookId: string) {
    this.#notebookId = notebookId;
    this.texts = read(notebookId);
  }

  /** Gives a text a name, in the place of what had it; answers why that cannot be, or null. */
  keep(name: string, text: string): string | null {
    if (name === '') return 'A selection needs a name.';
    if (!NAME.test(name)) return 'A name is one word of letters, digits, _ and -.';
    if (text.trim() === '') return 'Nothing is selected.';
    this.#write(new Map([...this.texts, [name, text]]));
    return null;
  }

  forget(name: string): void {
    this.#write(new Map([...this.texts].filter(([one]) => one !== name)));
  }

  #write(texts: ReadonlyMap<string, string>): void {
    this.texts = texts;
    try {
      localStorage.setItem(PREFIX + this.#notebookId, JSON.stringify([...texts]));
    } catch {
      // Storage is blocked or full: the names last as long as this tab.
    }
  }
}

function read(notebookId: string): ReadonlyMap<string, string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + notebookId) ?? '[]');
    if (!Array.isArray(stored)) return new Map();
    return new Map(
      stored.filter(
        (entry): entry is [string, string] =>
          Array.isArray(entry) &&
          entry.length === 2 &&
          entry.every((one) => typeof one === 'string'),
      ),
    );
  } catch {
    // Storage is blocked, or holds what is not ours: there are no names.
    return new Map();
  }
}

const byNotebook = new Map<string, NamedSelections>();

/** The named selections of a notebook: the same for every view. */
export function namedSelectionsOf(notebookId: string): NamedSelections {
  let named = byNotebook.get(notebookId);
  if (named === undefined) {
    named = new NamedSelections(notebookId);
    byNotebook.set(notebookId, named);
  }
  return named;
}
