import {
  boundIdentifiers,
  childrenOf,
  isClass,
  isFunction,
  isTypedExpression,
  nodeIn,
  nodesIn,
  withoutTypes,
  type SyntaxNode,
} from './syntax-tree.ts';

/** A name that a cell declares at its top, for every cell of the notebook. */
export interface Declaration {
  readonly name: string;
  readonly kind: 'const' | 'let' | 'var' | 'function' | 'class';
  /** Where the name stands, as offsets. */
  readonly from: number;
  readonly to: number;
  /**
   * Where its value stands, as offsets. Null if it has none of its own, or one
   * that JavaScript names by itself: a function or a class.
   */
  readonly initializer: { readonly from: number; readonly to: number } | null;
  /** Where the function stands with which its value is made, the last argument of a call; absent if there is none. */
  readonly body?: { readonly from: number; readonly to: number };
}

/** A name that a cell uses and does not declare. */
export interface Reference {
  readonly name: string;
  /** Its first use, as offsets. */
  readonly from: number;
  readonly to: number;
  /**
   * Whether every use is inside a function that is not called on the spot: then
   * it must exist some day, but not before this cell.
   */
  readonly isDeferred: boolean;
  /** The names of inner scopes that were in reach of the first use. */
  readonly locals: readonly string[];
}

/** What a cell declares and uses, in the order of its text. Types count for neither. */
export function namesOf(program: SyntaxNode): {
  readonly declarations: readonly Declaration[];
  readonly references: readonly Reference[];
} {
  const statements = nodesIn(program, 'body');
  const declarations = declarationsOf(statements);
  const names = new Set(declarations.map(({ name }) => name));
  // What is declared as existing elsewhere is the author's word; it is not looked for.
  for (const name of ambientNames(statements)) names.add(name);
  const walk = new Walk();
  const scope: Scope = { names, outer: null };
  for (const statement of statements) walk.visit(statement, scope, false);
  return { declarations, references: walk.references() };
}

interface Scope {
  readonly names: ReadonlySet<string>;
  readonly outer: Scope | null;
}

class Walk {
  readonly #references = new Map<string, Reference>();

  references(): readonly Reference[] {
    return [...this.#references.values()].sort((one, other) => one.from - other.from);
  }

  visit(node: SyntaxNode, scope: Scope, isDeferred: boolean): void {
    const visit = (field: string, inner = scope) => {
      const child = nodeIn(node, field);
      if (child) this.visit(child, inner, isDeferred);
    };
    const visitAll = (nodes: readonly SyntaxNode[], inner = scope) => {
      for (const child of nodes) this.visit(child, inner, isDeferred);
    };
    if (node['declare'] === true) return;
    if (isTypedExpression(node)) return visit('expression');
    if (node.type.startsWith('TS')) return;
    if (isFunction(node)) return this.#visitFunction(node, scope, true);
    if (isClass(node)) return this.#visitClass(node, scope, isDeferred);
    switch (node.type) {
      case 'Identifier':
        return this.#use(node, scope, isDeferred);
      case 'MemberExpression':
        visit('object');
        if (node['computed']) visit('property');
        return;
      case 'Property':
        if (node['computed']) visit('key');
        return visit('value');
      case 'LabeledStatement':
        return visit('body');
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        return;
      case 'CallExpression': {
        const callee = nodeIn(node, 'callee');
        const called = callee && withoutTypes(callee);
        if (called && isFunction(called)) this.#visitFunction(called, scope, isDeferred);
        else visit('callee');
        return visitAll(nodesIn(node, 'arguments'));
      }
      case 'VariableDeclarator': {
        const pattern = nodeIn(node, 'id');
        if (pattern) this.#visitPattern(pattern, scope, isDeferred);
        return visit('init');
      }
      case 'BlockStatement':
      case 'StaticBlock': {
        const statements = nodesIn(node, 'body');
        const vars = node.type === 'StaticBlock' ? varNames(node) : [];
        return visitAll(statements, below(scope, [...lexicalNames(statements), ...vars]));
      }
      case 'SwitchStatement': {
        visit('discriminant');
        const cases = nodesIn(node, 'cases');
        const names = cases.flatMap((each) => lexicalNames(nodesIn(each, 'consequent')));
        return visitAll(cases, below(scope, names));
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const head = nodeIn(node, 'init') ?? nodeIn(node, 'left');
        return visitAll(childrenOf(node), below(scope, head ? lexicalNames([head]) : []));
      }
      case 'CatchClause': {
        const pattern = nodeIn(node, 'param');
        const names = pattern ? namesIn(pattern) : [];
        const inner = below(scope, names);
        if (pattern) this.#visitPattern(pattern, inner, isDeferred);
        return visit('body', inner);
      }
      default:
        return visitAll(childrenOf(node));
    }
  }

  #use(node: SyntaxNode, scope: Scope, isDeferred: boolean): void {
    const name = String(node['name']);
    const locals: string[] = [];
    for (let at: Scope | null = scope; at; at = at.outer) {
      if (at.names.has(name)) return;
      if (at.outer) locals.push(...at.names);
    }
    const known = this.#references.get(name);
    if (known && (isDeferred || !known.isDeferred)) return;
    const { start: from } = node;
    // Where a name is first used at once matters more than where it is first used.
    this.#references.set(name, { name, from, to: from + name.length, isDeferred, locals });
  }

  #visitFunction(node: SyntaxNode, scope: Scope, isDeferred: boolean): void {
    const params = nodesIn(node, 'params');
    const body = nodeIn(node, 'body');
    const own = nodeIn(node, 'id');
    const inner = below(scope, [
      ...(own && node.type === 'FunctionExpression' ? namesIn(own) : []),
      ...(node.type === 'ArrowFunctionExpression' ? [] : ['arguments']),
      ...params.flatMap(namesIn),
      ...(body ? varNames(body) : []),
    ]);
    for (const param of params) this.#visitPattern(param, inner, isDeferred);
    if (body) this.visit(body, inner, isDeferred);
  }

  #visitClass(node: SyntaxNode, outer: Scope, isDeferred: boolean): void {
    const own = nodeIn(node, 'id');
    const scope = below(outer, own ? namesIn(own) : []);
    const superClass = nodeIn(node, 'superClass');
    if (superClass) this.visit(superClass, scope, isDeferred);
    const body = nodeIn(node, 'body');
    for (const member of body ? nodesIn(body, 'body') : []) {
      if (member['declare'] === true || member.type.startsWith('TS')) continue;
      const key = nodeIn(member, 'key');
      if (key && member['computed']) this.visit(key, scope, isDeferred);
      const value = nodeIn(member, 'value');
      // Static fields and blocks run with the class; the rest when there is an instance.
      if (value) this.visit(value, scope, isDeferred || member['static'] !== true);
      if (member.type === 'StaticBlock') this.visit(member, scope, isDeferred);
    }
  }

  /** The defaults and computed keys of a pattern; the names it binds are no uses. */
  #visitPattern(pattern: SyntaxNode, scope: Scope, isDeferred: boolean): void {
    switch (pattern.type) {
      case 'ObjectPattern':
      case 'ArrayPattern':
      case 'RestElement':
        for (const child of childrenOf(pattern)) this.#visitPattern(child, scope, isDeferred);
        return;
      case 'Property': {
        const key = nodeIn(pattern, 'key');
        const value = nodeIn(pattern, 'value');
        if (key && pattern['computed']) this.visit(key, scope, isDeferred);
        if (value) this.#visitPattern(value, scope, isDeferred);
        return;
      }
      case 'AssignmentPattern': {
        const left = nodeIn(pattern, 'left');
        const right = nodeIn(pattern, 'right');
        if (left) this.#visitPattern(left, scope, isDeferred);
        if (right) this.visit(right, scope, isDeferred);
        return;
      }
      default:
    }
  }
}

function declarationsOf(statements: readonly SyntaxNode[]): readonly Declaration[] {
  const found: Declaration[] = [];
  for (const statement of statements) {
    if (statement['declare'] === true) continue;
    if (statement.type === 'VariableDeclaration') {
      const kind = statement['kind'] as 'const' | 'let' | 'var';
      for (const declarator of nodesIn(statement, 'declarations')) {
        const pattern = nodeIn(declarator, 'id');
        const init = nodeIn(declarator, 'init');
        for (const identifier of pattern ? boundIdentifiers(pattern) : []) {
          const isWhole = identifier === pattern && init !== null;
          const declaration = declarationOf(identifier, kind, isWhole ? initializerOf(init) : null);
          const body = isWhole ? bodyOf(init) : null;
          found.push(body ? { ...declaration, body } : declaration);
        }
      }
    } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      const kind = statement.type === 'FunctionDeclaration' ? 'function' : 'class';
      const name = nodeIn(statement, 'id');
      if (name) found.push(declarationOf(name, kind, null));
    } else {
      // A var escapes from blocks and loops to the top.
      for (const name of varIdentifiers(statement)) found.push(declarationOf(name, 'var', null));
    }
  }
  return found;
}

function declarationOf(
  identifier: SyntaxNode,
  kind: Declaration['kind'],
  initializer: Declaration['initializer'],
): Declaration {
  const name = String(identifier['name']);
  const { start: from } = identifier;
  return { name, kind, from, to: from + name.length, initializer };
}

function initializerOf(init: SyntaxNode): Declaration['initializer'] {
  const value = withoutTypes(init);
  return isFunction(value) || isClass(value) ? null : { from: value.start, to: value.end };
}

function bodyOf(init: SyntaxNode): NonNullable<Declaration['body']> | null {
  const value = withoutTypes(init);
  if (value.type !== 'CallExpression') return null;
  const last = nodesIn(value, 'arguments').at(-1);
  const body = last ? withoutTypes(last) : null;
  return body && isFunction(body) ? { from: body.start, to: body.end } : null;
}

function ambientNames(statements: readonly SyntaxNode[]): readonly string[] {
  return statements
    .filter((statement) => statement['declare'] === true)
    .flatMap((statement) => {
      const id = nodeIn(statement, 'id');
      const ids = nodesIn(statement, 'declarations').flatMap((each) => nodeIn(each, 'id') ?? []);
      return [...(id ? [id] : []), ...ids].flatMap(namesIn);
    });
}

/** What a list of statements binds for itself: let, const, class, function. */
function lexicalNames(statements: readonly SyntaxNode[]): readonly string[] {
  return statements.flatMap((statement) => {
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      const name = nodeIn(statement, 'id');
      return name ? namesIn(name) : [];
    }
    if (statement.type !== 'VariableDeclaration') return [];
    return nodesIn(statement, 'declarations').flatMap((declarator) => {
      const pattern = nodeIn(declarator, 'id');
      return pattern ? namesIn(pattern) : [];
    });
  });
}

function varNames(body: SyntaxNode): readonly string[] {
  return varIdentifiers(body).map((identifier) => String(identifier['name']));
}

/** What `var` binds in a function, however deep in its blocks. */
function varIdentifiers(node: SyntaxNode): readonly SyntaxNode[] {
  if (isFunction(node) || isClass(node) || node.type.startsWith('TS')) return [];
  const deeper = childrenOf(node).flatMap(varIdentifiers);
  if (node.type !== 'VariableDeclaration' || node['kind'] !== 'var') return deeper;
  const own = nodesIn(node, 'declarations').flatMap((declarator) => {
    const pattern = nodeIn(declarator, 'id');
    return pattern ? boundIdentifiers(pattern) : [];
  });
  return [...own, ...deeper];
}

function namesIn(pattern: SyntaxNode): readonly string[] {
  return boundIdentifiers(pattern).map((identifier) => String(identifier['name']));
}

function below(outer: Scope, names: readonly string[]): Scope {
  return { names: new Set(names), outer };
}
