import {
  childrenOf,
  isClass,
  isFunction,
  nodeIn,
  nodesIn,
  type SyntaxNode,
} from './syntax-tree.ts';

/**
 * The JavaScript that is left of `text` when its types are painted over with
 * spaces: as long as it was, and every name where it was, in line and column.
 * `tree` is the tree of `text`, without syntax that a cell may not have.
 */
export function eraseTypes(text: string, tree: SyntaxNode): string {
  const eraser = new Eraser(text);
  eraser.visit(tree);
  return eraser.result();
}

/** Words before a class member that only TypeScript knows. */
const MODIFIERS = new Set([
  'public',
  'private',
  'protected',
  'readonly',
  'override',
  'abstract',
  'declare',
]);

const TRIVIA = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;

class Eraser {
  readonly #text: string;
  readonly #units: string[];

  constructor(text: string) {
    this.#text = text;
    this.#units = text.split('');
  }

  result(): string {
    return this.#units.join('');
  }

  visit(node: SyntaxNode): void {
    if (isErasedStatement(node)) return this.#eraseStatement(node);
    if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression') {
      return this.#eraseSuffix(node, node.type === 'TSAsExpression' ? 'as' : 'satisfies');
    }
    if (node.type === 'TSInstantiationExpression') return this.#eraseSuffix(node, null);
    if (node.type === 'TSNonNullExpression') this.#blank(node.end - 1, node.end);
    else if (node.type.startsWith('TS')) return this.#blank(node.start, node.end);

    if (node.type === 'PropertyDefinition' || node.type === 'MethodDefinition') {
      this.#eraseMemberWords(node);
    }
    if (isClass(node)) this.#eraseClassWords(node);
    if (isFunction(node)) this.#eraseThis(node);
    if (node.type === 'Identifier' && node['optional']) {
      this.#blankMark('?', node.start + String(node['name']).length);
    }
    if (node.type === 'VariableDeclarator' && node['definite']) {
      const name = nodeIn(node, 'id');
      if (name) this.#blankMark('!', name.start + String(name['name']).length);
    }
    for (const child of childrenOf(node)) this.visit(child);
    // After its parts: what is put back here was painted over there.
    if (node.type === 'ArrowFunctionExpression') this.#joinArrow(node);
  }

  /** A semicolon takes the place of a statement, so that its neighbours are not joined. */
  #eraseStatement(node: SyntaxNode): void {
    this.#blank(node.start, node.end);
    this.#units[node.start] = ';';
  }

  /** Paints over `as T` and the like, but not the brackets that may stand around the expression. */
  #eraseSuffix(node: SyntaxNode, word: string | null): void {
    const expression = nodeIn(node, 'expression');
    if (!expression) return;
    this.visit(expression);
    let from = nodeIn(node, 'typeArguments')?.start ?? this.#skip(expression.end);
    while (word && !this.#text.startsWith(word, from)) from = this.#skip(from + 1);
    this.#blank(from, node.end);
    // A line that begins so would now be taken for the rest of this one.
    const next = this.#skip(node.end);
    const isNewLine = /[\n\r\u2028\u2029]/.test(this.#text.slice(node.end, next));
    if (isNewLine && /[([`]/.test(this.#text.charAt(next))) this.#units[from] = ';';
  }

  #eraseMemberWords(node: SyntaxNode): void {
    const key = nodeIn(node, 'key');
    if (!key) return;
    let first: number | null = null;
    let kept = 0;
    for (let at = node.start; at < key.start;) {
      WORD.lastIndex = at;
      const word = WORD.exec(this.#text)?.[0];
      if (word && MODIFIERS.has(word)) {
        if (kept === 0) first ??= at;
        this.#blank(at, at + word.length);
      } else if (word) kept += 1;
      at = this.#skip(at + (word?.length ?? 1));
    }
    // `private ['x']` and `private *f` would continue the field above, had it no semicolon.
    const begin = first === null ? null : this.#afterBlank(first);
    if (first !== null && begin && /[[*]/.test(begin)) this.#units[first] = ';';
    if (node['optional'] || node['definite']) {
      const end = node['computed'] ? this.#skip(key.end) + 1 : key.end;
      this.#blankMark(node['optional'] ? '?' : '!', end);
    }
  }

  #eraseClassWords(node: SyntaxNode): void {
    if (node['abstract']) this.#blank(node.start, node.start + 'abstract'.length);
    const [first] = nodesIn(node, 'implements');
    const last = nodesIn(node, 'implements').at(-1);
    if (first && last) this.#blank(this.#text.lastIndexOf('implements', first.start), last.end);
  }

  /** The parameter `this`, with the comma after it. */
  #eraseThis(node: SyntaxNode): void {
    const [first] = nodesIn(node, 'params');
    if (first?.type !== 'Identifier' || first['name'] !== 'this') return;
    const next = this.#skip(first.end);
    this.#blank(first.start, this.#text.charAt(next) === ',' ? next + 1 : first.end);
  }

  /**
   * An arrow must stand on the line of its bracket, and the bracket on that of
   * `async` or `return`: where a type between them had several lines, the
   * bracket moves to its other end.
   */
  #joinArrow(node: SyntaxNode): void {
    const returnType = nodeIn(node, 'returnType');
    if (returnType) {
      const bracket = this.#text.slice(0, returnType.start).trimEnd().length - 1;
      if (this.#isBroken(bracket, returnType.end) && this.#text.charAt(bracket) === ')') {
        this.#units[bracket] = ' ';
        this.#units[returnType.end - 1] = ')';
      }
    }
    const typeParameters = nodeIn(node, 'typeParameters');
    if (typeParameters) {
      const bracket = this.#skip(typeParameters.end);
      if (this.#isBroken(typeParameters.start, bracket)) {
        this.#units[bracket] = ' ';
        this.#units[typeParameters.start] = '(';
      }
    }
  }

  #isBroken(from: number, to: number): boolean {
    return /[\n\r\u2028\u2029]/.test(this.#text.slice(from, to));
  }

  /** Blanks `mark` if it is the next thing from `at` on. */
  #blankMark(mark: string, at: number): void {
    const found = this.#skip(at);
    if (this.#text.charAt(found) === mark) this.#blank(found, found + 1);
  }

  /** Spaces for everything but line ends. */
  #blank(from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      if (!/[\n\r\u2028\u2029]/.test(this.#units[at] ?? '')) this.#units[at] = ' ';
    }
  }

  /** The offset of what comes after white space and comments. */
  #skip(at: number): number {
    TRIVIA.lastIndex = at;
    TRIVIA.test(this.#text);
    return TRIVIA.lastIndex;
  }

  /** The first character from `at` on that is left. */
  #afterBlank(at: number): string | undefined {
    let left = at;
    while (left < this.#units.length && /\s/.test(this.#units[left] ?? '')) left += 1;
    return this.#units[left];
  }
}

/** Whether nothing is left of a statement or a class member when its types are erased. */
function isErasedStatement(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
    case 'TSIndexSignature':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
      return true;
    case 'PropertyDefinition':
      return Boolean(node['declare'] || node['abstract']);
    case 'MethodDefinition':
      return nodeIn(node, 'value')?.type === 'TSDeclareMethod';
    default:
      return node['declare'] === true;
  }
}
