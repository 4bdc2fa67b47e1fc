import { eraseTypes } from './erase-types.ts';
import { problemAt, type Problem } from './problem.ts';
import { NO_IMPORTS, refusedSyntax } from './refused-syntax.ts';
import { namesOf, type Declaration, type Reference } from './scope.ts';
import { parseTypeScript, type ParserError, type SyntaxNode } from './syntax-tree.ts';

/** What one code cell says, by itself. */
export interface CellAnalysis {
  readonly text: string;
  /**
   * The text with its types painted over: as long, and every name in its place.
   * Empty if the cell has an error.
   */
  readonly javascript: string;
  /** In the order of the text. Of a cell with an error, with what its lines seem to declare. */
  readonly declarations: readonly Declaration[];
  /** In the order of the text; none of a cell with an error of syntax. */
  readonly references: readonly Reference[];
  /** In the order of the text. */
  readonly problems: readonly Problem[];
}

/** Analyses a cell. Never throws: what is wrong with the text is among the problems. */
export function analyseCell(text: string): CellAnalysis {
  let tree: SyntaxNode;
  try {
    tree = parseTypeScript(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      text,
      javascript: '',
      declarations: seemingDeclarations(text),
      references: [],
      problems: [syntaxProblem(text, error as ParserError)],
    };
  }
  const problems = refusedSyntax(text, tree);
  const names = namesOf(tree);
  if (problems.length === 0)
    return { text, javascript: eraseTypes(text, tree), problems, ...names };
  const found = new Set(names.declarations.map(({ name }) => name));
  const seeming = seemingDeclarations(text).filter(({ name }) => !found.has(name));
  return {
    ...names,
    text,
    javascript: '',
    problems,
    declarations: [...names.declarations, ...seeming],
  };
}

const SEEMING_DECLARATION =
  /^(?:export\s+(?:default\s+)?)?(?:(?:(?:abstract|async|const)\s+)?(class|function|enum)|(const|let|var|namespace))\b\s*\*?\s*([\w$]+)/gm;

/** Read without a tree, so that cells which use these names are held back, not told that there are none. */
function seemingDeclarations(text: string): readonly Declaration[] {
  return [...text.matchAll(SEEMING_DECLARATION)].map((match) => {
    const name = match[3] ?? '';
    const to = match.index + match[0].length;
    const kind = KINDS[match[1] ?? match[2] ?? ''] ?? 'const';
    return { name, kind, from: to - name.length, to, initializer: null };
  });
}

const KINDS: Readonly<Record<string, Declaration['kind']>> = {
  class: 'class',
  function: 'function',
  let: 'let',
  var: 'var',
};

function syntaxProblem(text: string, { pos, message }: ParserError): Problem {
  const said = message.replace(/ \(\d+:\d+\)$/, '');
  const token = /[\p{ID_Continue}$]+|[\s\S]/uy;
  token.lastIndex = pos;
  const found = token.exec(text)?.[0] ?? '';
  if (/\b(?:im|ex)port\b/i.test(said) && /^(?:'|Export)/.test(said)) {
    return problemAt(text, pos, pos + found.length, 'error', 'no_imports', NO_IMPORTS);
  }
  return problemAt(
    text,
    pos,
    pos + found.length,
    'error',
    'syntax_error',
    wordsFor(said, text.slice(pos), found),
  );
}

/** The parser's words where they are clear, ours where they are not. */
function wordsFor(said: string, rest: string, found: string): string {
  if (said === 'Unexpected token' || said === 'Unexpected keyword') {
    if (rest.trim() === '') return 'The cell ends here, and something is still open.';
    return `${JSON.stringify(found)} is not expected here.`;
  }
  if (said.includes("'await' outside")) {
    return 'This function is not async, so it cannot await. Write async before it.';
  }
  const declared = /^Identifier '(.+)' has already been declared$/.exec(said)?.[1];
  if (declared) return `${declared} is declared twice in this cell.`;
  return said.endsWith('.') ? said : `${said}.`;
}
