/** What a text says as config, or where it stops making sense. */
export type ConfigTextOutcome =
  | { readonly status: 'parsed'; readonly value: unknown }
  | {
      readonly status: 'unreadable';
      /** What stands there instead of what was expected. */
      readonly message: string;
      /** Offset into the text. */
      readonly at: number;
    };

/**
 * Reads config written as text: JSON, with comments, trailing commas, and names without
 * quotes let through. An empty text is an empty config.
 */
export function parseConfigText(text: string): ConfigTextOutcome {
  const reader = new ConfigTextReader(text);
  try {
    return { status: 'parsed', value: reader.readAll() };
  } catch (fault) {
    if (fault instanceof UnreadableConfigText) {
      return { status: 'unreadable', message: fault.message, at: fault.at };
    }
    throw fault;
  }
}

/** Config as text that `parseConfigText` reads back: JSON, two spaces a level. */
export function printConfigText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Leaves the reader in the middle of a value; `parseConfigText` turns it into an outcome. */
class UnreadableConfigText extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_$][\w$-]*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const SINGLE_QUOTED = /'(?:[^'\\\n]|\\.)*'/y;
const GAP = /(?:\s|\/\/[^\n]*|#[^\n]*|\/\*[^]*?\*\/)*/y;
const DEEPEST = 100;

class ConfigTextReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): unknown {
    this.#skipGap();
    if (this.#at === this.#text.length) return {};
    const value = this.#value(0);
    this.#skipGap();
    if (this.#at < this.#text.length) this.#fail('the end of the config');
    return value;
  }

  #value(depth: number): unknown {
    if (depth > DEEPEST) this.#fail('fewer levels');
    this.#skipGap();
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#list(depth);
    if (first === '"' || first === "'") return this.#string();
    const number = this.#match(NUMBER);
    if (number !== null) return Number(number);
    const from = this.#at;
    switch (this.#match(NAME)) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'null':
        return null;
    }
    this.#at = from;
    return this.#fail('a value');
  }

  #object(depth: number): unknown {
    const entries: [string, unknown][] = [];
    this.#at++;
    for (;;) {
      this.#skipGap();
      if (this.#take('}')) return Object.fromEntries(entries);
      const quoted = this.#text[this.#at] === '"' || this.#text[this.#at] === "'";
      const name = quoted ? this.#string() : (this.#match(NAME) ?? this.#fail('a name or }'));
      this.#skipGap();
      if (!this.#take(':')) this.#fail('a colon');
      entries.push([name, this.#value(depth + 1)]);
      this.#skipGap();
      if (!this.#take(',') && this.#text[this.#at] !== '}') this.#fail('a comma or }');
    }
  }

  #list(depth: number): unknown {
    const items: unknown[] = [];
    this.#at++;
    for (;;) {
      this.#skipGap();
      if (this.#take(']')) return items;
      items.push(this.#value(depth + 1));
      this.#skipGap();
      if (!this.#take(',') && this.#text[this.#at] !== ']') this.#fail('a comma or ]');
    }
  }

  #string(): string {
    const double = this.#match(STRING);
    if (double !== null) return this.#unquote(double);
    const single = this.#match(SINGLE_QUOTED);
    if (single === null) return this.#fail('the end of the text in quotes');
    const inside = single.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"');
    return this.#unquote(`"${inside}"`);
  }

  #unquote(quoted: string): string {
    try {
      return JSON.parse(quoted) as string;
    } catch {
      // JSON's own words name an offset in the string; ours say what to write.
      return this.#fail('an escape that JSON knows');
    }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipGap(): void {
    this.#match(GAP);
  }

  #fail(expected: string): never {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    const found = this.#text[this.#at];
    const instead = found === undefined ? 'the text ends' : `there is "${found}"`;
    throw new UnreadableConfigText(`Line ${line}: expected ${expected}, but ${instead}.`, this.#at);
  }
}
