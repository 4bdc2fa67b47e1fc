import type { SerializableErrorInfo } from '../../protocol/error-info.ts';
import { codeTokens } from '../editor/code-tokens.ts';

/** Whether an error says that requests of one tick lack their run keys (SCH-11). */
export function lacksRunKeys(error: SerializableErrorInfo): boolean {
  for (let at: SerializableErrorInfo | null = error; at; at = at.cause) {
    if (at.message.includes('must specify a run_key in each RunRequest')) return true;
  }
  return false;
}

/**
 * The text of a cell in which each run request that names a partition key, and no run key, has its
 * partition key as run key; null if there is none such.
 */
export function withRunKeys(text: string): string | null {
  const code = withoutWords(text);
  const inserts: { readonly at: number; readonly text: string }[] = [];
  for (const { index } of code.matchAll(/\bRunRequest\s*\(\s*\{/g)) {
    const open = code.indexOf('{', index);
    const insert = runKeyInside(text, code, open);
    if (insert) inserts.push(insert);
  }
  if (inserts.length === 0) return null;
  return inserts.reduceRight(
    (before, insert) => before.slice(0, insert.at) + insert.text + before.slice(insert.at),
    text,
  );
}

/** A line of a difference. */
export interface DiffLine {
  readonly kind: 'kept' | 'removed' | 'added';
  readonly text: string;
}

/** The lines in which two texts differ, in order, without those that they share. */
export function changedLines(before: string, after: string): readonly DiffLine[] {
  const old = before.split('\n');
  const fresh = after.split('\n');
  // Longest common subsequence, from the end.
  const common = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      (common[i] as Uint32Array)[j] =
        old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      i += 1;
      j += 1;
    } else if (i < old.length && (j === fresh.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', text: old[i] ?? '' });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: fresh[j] ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** The text with blanks for comments and literals, so that brackets and commas in it count. */
function withoutWords(text: string): string {
  let code = text;
  for (const { from, to, role } of codeTokens(text)) {
    if (role !== 'comment' && role !== 'literal') continue;
    const blank = text.slice(from, to).replace(/[^\n]/g, ' ');
    code = code.slice(0, from) + blank + code.slice(to);
  }
  return code;
}

/** What to insert into the object that begins at `open`; null if it needs nothing, or cannot be told. */
function runKeyInside(text: string, code: string, open: number) {
  const parts: { readonly from: number; readonly to: number }[] = [];
  let depth = 0;
  let from = open + 1;
  let close = -1;
  for (let at = open; at < code.length && close < 0; at += 1) {
    const char = code[at] as string;
    if ('([{'.includes(char)) depth += 1;
    if (')]}'.includes(char)) depth -= 1;
    if (depth === 0) close = at;
    if ((depth === 1 && char === ',') || depth === 0) {
      parts.push({ from, to: at });
      from = at + 1;
    }
  }
  if (close < 0) return null;
  const nameOf = (part: { readonly from: number; readonly to: number }) =>
    /^\s*(\.\.\.|[\w$]+)/.exec(code.slice(part.from, part.to))?.[1];
  // Spread values may bring a run key along.
  if (parts.some((part) => ['...', 'runKey'].includes(nameOf(part) ?? ''))) return null;
  const part = parts.find((one) => nameOf(one) === 'partitionKey');
  if (!part) return null;
  const colon = code.slice(part.from, part.to).indexOf(':');
  const value = colon < 0 ? 'partitionKey' : text.slice(part.from + colon + 1, part.to).trim();
  if (value === '' || /\b(await|yield)\b|\+\+|--/.test(value)) return null;
  const ends = part.from + text.slice(part.from, part.to).trimEnd().length;
  const lineStart = text.lastIndexOf(
    '\n',
    part.from + /^\s*/.exec(text.slice(part.from))![0].length,
  );
  const onOwnLine = text.slice(open, part.to).includes('\n');
  const indent = /^[ \t]*/.exec(text.slice(lineStart + 1))?.[0] ?? '';
  return { at: ends, text: onOwnLine ? `,\n${indent}runKey: ${value}` : `, runKey: ${value}` };
}
