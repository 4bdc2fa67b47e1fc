/*
 * From plain data to Python. Every text of a notebook that comes to stand in a generated module
 * goes through `pythonText`, so that no name, key or description can become code.
 */

/** Code points that stand in a literal as they are: printable ASCII, and the letters of scripts that run from left to right. */
const PLAIN =
  /^[ !#-[\]-~\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A text as a Python literal on one line, in double quotes. */
export function pythonText(text: string): string {
  let literal = '"';
  for (const char of text) {
    literal += PLAIN.test(char) ? char : (SHORT_ESCAPES[char] ?? escaped(char.codePointAt(0) ?? 0));
  }
  return `${literal}"`;
}

function escaped(codePoint: number): string {
  const hex = codePoint.toString(16);
  return codePoint > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** A number as Python writes it. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : 'float("-inf")';
  return Object.is(value, -0) ? '-0.0' : String(value);
}

export function pythonBoolean(value: boolean): string {
  return value ? 'True' : 'False';
}

/** Plain data as a Python literal; what has no counterpart, such as `undefined`, is `None`. */
export function pythonData(value: unknown): string {
  if (typeof value === 'string') return pythonText(value);
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'boolean') return pythonBoolean(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return 'None';
  if (Array.isArray(value)) return pythonList(value.map(pythonData));
  return pythonDict(
    Object.entries(value).map(([name, item]) => [pythonText(name), pythonData(item)]),
  );
}

/** A call, with its arguments as code; on one line if they fit. */
export function pythonCall(callee: string, args: readonly string[]): string {
  return laidOut(`${callee}(`, args, ')');
}

/** A list of expressions. */
export function pythonList(items: readonly string[]): string {
  return laidOut('[', items, ']');
}

/** A dict of expressions. */
export function pythonDict(entries: readonly (readonly [key: string, value: string])[]): string {
  return laidOut(
    '{',
    entries.map(([key, value]) => `${key}: ${value}`),
    '}',
  );
}

/** Code moved to the right by one step. Literals hold no line ends, so that each line begins one of code. */
export function indented(code: string): string {
  return code.replace(/^(?=.)/gm, '    ');
}

const LINE_WIDTH = 80;

function laidOut(open: string, items: readonly string[], close: string): string {
  const line = `${open}${items.join(', ')}${close}`;
  if (line.length <= LINE_WIDTH && !line.includes('\n')) return line;
  return `${open}\n${items.map((item) => `${indented(item)},\n`).join('')}${close}`;
}
