/** What a part of a cell's code is coloured as; all else is ink. */
export type CodeRole = 'keyword' | 'literal' | 'comment' | 'declared';

/** A part of a text, as offsets: `from` included, `to` not. */
export interface CodeToken {
  readonly from: number;
  readonly to: number;
  readonly role: CodeRole;
}

const KEYWORDS = new Set(
  (
    'abstract as async await break case catch class const continue debugger default delete do else ' +
    'export extends false finally for from function get if implements import in instanceof ' +
    'interface is keyof let new null of readonly return satisfies set static super switch this ' +
    'throw true try type typeof undefined unique var void while with yield'
  ).split(' '),
);

/** Words that are names wherever they cannot be what they mean: after a dot, before a colon, alone. */
const CONTEXTUAL = new Set(
  'abstract as async from get implements is of readonly satisfies set static type unique'.split(
    ' ',
  ),
);

/** What a contextual word must be followed by to count as one. */
const FOLLOWED_BY_NAME = /^[ \t]+[\p{ID_Start}_$[{(*'"`]/u;

const DECLARING = new Set(['const', 'let', 'var', 'function', 'class']);

const WORD = /[\p{ID_Start}_$][\p{ID_Continue}$]*/uy;
const NUMBER =
  /(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)n?/y;
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
/** After these, a slash divides; after anything else it begins a regular expression. */
const ENDS_VALUE = /[\p{ID_Continue}$)\]}'"`]/u;

/**
 * The parts of `text` that are not plain, in order and disjoint. A scanner, not a parser: it
 * never fails, and reads a text that is being typed as well as it can. `declared` are the
 * names of top-level declarations.
 */
export function codeTokens(text: string): readonly CodeToken[] {
  const tokens: CodeToken[] = [];
  let at = 0;
  let depth = 0;
  /** The last character that is neither blank nor comment. */
  let previous = '';
  let previousWord = '';
  let declaring = false;

  const push = (to: number, role: CodeRole) => {
    tokens.push({ from: at, to, role });
    at = to;
  };

  while (at < text.length) {
    const char = text[at] as string;
    if (char === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      push(endOfComment(text, at), 'comment');
      continue;
    }
    if (char === "'" || char === '"' || char === '`') {
      push(char === '`' ? endOfTemplate(text, at) : endOfString(text, at), 'literal');
      previous = char;
      previousWord = '';
      declaring = false;
      continue;
    }
    const word = match(WORD, text, at);
    if (word) {
      const role = wordRole(word, text, at, previous);
      const declared = declaring && depth === 0 && role === null;
      const keywordBefore = previousWord;
      previous = 'a';
      previousWord = role === 'keyword' ? word : '';
      declaring =
        role === 'keyword' && (DECLARING.has(word) || (declaring && keywordBefore === 'async'));
      if (declared) push(at + word.length, 'declared');
      else if (role) push(at + word.length, role);
      else at += word.length;
      continue;
    }
    if (/\d/.test(char) || (char === '.' && /\d/.test(text[at + 1] ?? ''))) {
      push(at + Math.max(1, match(NUMBER, text, at).length), 'literal');
      previous = '0';
      previousWord = '';
      continue;
    }
    if (char === '/' && (previousWord !== '' || !ENDS_VALUE.test(previous))) {
      const regex = match(REGEX, text, at);
      if (regex) {
        push(at + regex.length, 'literal');
        previous = ')';
        previousWord = '';
        continue;
      }
    }
    if (!/\s/.test(char)) {
      if (char === '(' || char === '[' || char === '{') depth += 1;
      if (char === ')' || char === ']' || char === '}') depth = Math.max(0, depth - 1);
      if (char !== '*') declaring = false;
      previous = char;
      previousWord = '';
    }
    at += 1;
  }
  return tokens;
}

/** Beyond this, continuation lines stand no further in. */
export const DEEPEST_INDENT = 24;

/** How far a line that is wrapped continues to the right, in characters: past its own indentation. */
export function continuationIndent(line: string): number {
  const blanks = /^[ \t]*/.exec(line)?.[0] ?? '';
  const columns = [...blanks].reduce((sum, blank) => sum + (blank === '\t' ? 4 : 1), 0);
  return Math.min(DEEPEST_INDENT, columns + 2);
}

/** The texts of the lines of `text`, each cut where its role changes; every line has at least one part. */
export function codeLines(
  text: string,
): readonly (readonly { readonly text: string; readonly role: CodeRole | null }[])[] {
  const tokens = codeTokens(text);
  let index = 0;
  let from = 0;
  return text.split('\n').map((line) => {
    const to = from + line.length;
    const parts: { text: string; role: CodeRole | null }[] = [];
    let at = from;
    for (; index < tokens.length; index += 1) {
      const token = tokens[index] as CodeToken;
      if (token.from >= to) break;
      if (token.from > at) parts.push({ text: text.slice(at, token.from), role: null });
      const end = Math.min(token.to, to);
      parts.push({ text: text.slice(Math.max(at, token.from), end), role: token.role });
      at = end;
      if (token.to > to) break;
    }
    if (at < to || parts.length === 0) parts.push({ text: text.slice(at, to), role: null });
    from = to + 1;
    return parts;
  });
}

function wordRole(word: string, text: string, at: number, previous: string): CodeRole | null {
  if (!KEYWORDS.has(word)) return null;
  const rest = text.slice(at + word.length, at + word.length + 8);
  // A property: `a.of`, `{ default: 1 }`; but not `a ? null : b`, `case null:`, `...null`.
  if (previous === '.' && text[at - 2] !== '.') return null;
  if (CONTEXTUAL.has(word) && !FOLLOWED_BY_NAME.test(rest) && !rest.startsWith('(')) return null;
  if (CONTEXTUAL.has(word) && rest.startsWith('(') && word !== 'async') return null;
  if (/^\s*:/.test(rest) && (previous === '{' || previous === ',')) return null;
  return 'keyword';
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function endOfComment(text: string, from: number): number {
  const block = text[from + 1] === '*';
  const end = text.indexOf(block ? '*/' : '\n', from + 2);
  if (end < 0) return text.length;
  return block ? end + 2 : end;
}

/** A string that is not closed ends with its line. */
function endOfString(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === '\n') return at;
  }
  return text.length;
}

/** A template with its substitutions, which may hold templates of their own. */
function endOfTemplate(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length) {
    const char = text[at];
    if (char === '\\') at += 2;
    else if (char === '`') return at + 1;
    else if (char === '$' && text[at + 1] === '{') at = endOfSubstitution(text, at + 2);
    else at += 1;
  }
  return text.length;
}

function endOfSubstitution(text: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < text.length && depth > 0) {
    const char = text[at];
    if (char === '`') at = endOfTemplate(text, at);
    else if (char === "'" || char === '"') at = endOfString(text, at);
    else {
      if (char === '{') depth += 1;
      if (char === '}') depth -= 1;
      at += 1;
    }
  }
  return at;
}
