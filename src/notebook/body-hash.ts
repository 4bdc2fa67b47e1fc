/** Texts, templates and comments, each as a whole; runs of blanks; and single other characters. */
const PIECE =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[^])*`|\/\/[^\n]*|\/\*[^]*?\*\/|\s+|[^]/g;
const NAME_END = /[\w$]$/;
const NAME_START = /^[\w$]/;
const PRIME = 0x01000193;

/**
 * A hash of what a piece of JavaScript says: the same however it is laid out and commented. Two pieces that
 * differ have different ones but for a chance that does not matter here.
 */
export function bodyHash(javascript: string): string {
  let [low, high] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0, text = significant(javascript); at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, PRIME);
    high = Math.imul(high ^ (code + at), PRIME);
  }
  const hex = (part: number) => (part >>> 0).toString(16).padStart(8, '0');
  return hex(low) + hex(high);
}

/** The text without comments, and without blanks but for one between two names. */
function significant(javascript: string): string {
  let kept = '';
  let gap = '';
  for (const [piece] of javascript.matchAll(PIECE)) {
    const isComment = piece.startsWith('//') || piece.startsWith('/*');
    if (isComment || piece.trim() === '') {
      gap ||= ' ';
      continue;
    }
    if (gap && NAME_END.test(kept) && NAME_START.test(piece)) kept += gap;
    gap = '';
    kept += piece;
  }
  // A comma before a bracket that closes says nothing, nor does a semicolon.
  return kept.replace(/[,;]+(?=[)\]}])/g, '').replace(/;+$/, '');
}
