/** A Markdown code fence that is open: the lines that follow belong to it until it is closed. */
export interface Fence {
  readonly mark: '`' | '~';
  readonly length: number;
}

const OPENING = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const CLOSING = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
const CELL_OPENING = /^(`{3,})ts(?:[ \t]+world=([A-Za-z][\w-]*))?[ \t]*$/;

/** The opening of a code cell. */
export interface CellFence extends Fence {
  /** The world that the cell belongs to; null if it belongs to all. */
  readonly world: string | null;
}

/** The fence that is open after `line`, where `fence` was open before it; null if none is. */
export function fenceAfter(fence: Fence | null, line: string): Fence | null {
  if (fence) return closesFence(fence, line) ? null : fence;
  const marks = OPENING.exec(line)?.[1];
  return marks ? { mark: marks.startsWith('~') ? '~' : '`', length: marks.length } : null;
}

/** Whether `line` ends `fence`. */
export function closesFence(fence: Fence, line: string): boolean {
  const marks = CLOSING.exec(line)?.[1];
  return marks !== undefined && marks.startsWith(fence.mark) && marks.length >= fence.length;
}

/**
 * The fence of a code cell if `line` opens one: backticks at the beginning of
 * the line, `ts`, and at most the mark of a world. Every other fence is text.
 */
export function cellFence(line: string): CellFence | null {
  const [, marks, world = null] = CELL_OPENING.exec(line) ?? [];
  return marks === undefined ? null : { mark: '`', length: marks.length, world };
}

/** The shortest fence that no line of `code` can close. */
export function fenceFor(code: string): string {
  const runs = code.match(/`+/g) ?? [];
  return '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
}
