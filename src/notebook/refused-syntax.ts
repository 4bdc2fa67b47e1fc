import { problemAt, type Problem } from './problem.ts';
import { childrenOf, isFunction, nodeIn, nodesIn, type SyntaxNode } from './syntax-tree.ts';

/** Said wherever `import` or `export` stands. */
export const NO_IMPORTS =
  'There are no imports in cells: dg, z, DateTime, files and assert are in scope.';

/** TypeScript that a cell may not have, in the order of the text; empty if all of it may stand. */
export function refusedSyntax(text: string, tree: SyntaxNode): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (node: SyntaxNode, code: string, message: string) =>
    problems.push(problemAt(text, node.start, node.end, 'error', code, message));

  const visit = (node: SyntaxNode, isTop: boolean): void => {
    const refusal = refusalOf(node, isTop);
    if (refusal) {
      refuse(node, refusal.code, refusal.message);
      return;
    }
    // Types have no effect, whatever they hold.
    if (node['declare'] === true) return;
    const [decorator] = nodesIn(node, 'decorators');
    if (decorator) {
      refuse(
        decorator,
        'not_erasable',
        'Decorators do not run here. Pass the function instead, as in dg.asset(fn).',
      );
    }
    const isInner = isFunction(node) || node.type === 'PropertyDefinition';
    for (const child of childrenOf(node)) {
      if (child.type !== 'Decorator') visit(child, isTop && !isInner);
    }
  };
  visit(tree, true);
  return problems.sort((one, other) => one.span.from - other.span.from);
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

function refusalOf(node: SyntaxNode, isTop: boolean): Refusal | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
    case 'TSImportEqualsDeclaration':
    case 'TSExportAssignment':
    case 'TSNamespaceExportDeclaration':
      return { code: 'no_imports', message: NO_IMPORTS };
    case 'MetaProperty':
      return nodeIn(node, 'meta')?.['name'] === 'import'
        ? { code: 'no_imports', message: NO_IMPORTS }
        : null;
    case 'AwaitExpression':
      return isTop ? TOP_LEVEL_AWAIT : null;
    case 'ForOfStatement':
      return isTop && node['await'] === true ? TOP_LEVEL_AWAIT : null;
    case 'ReturnStatement':
      return isTop
        ? {
            code: 'top_level_return',
            message: 'A cell has nothing to return to. Return belongs in a function.',
          }
        : null;
    case 'TSEnumDeclaration':
      return node['declare'] === true
        ? null
        : notErasable('An enum is more than types. Use an object, or a union of texts.');
    case 'TSModuleDeclaration':
      return node['declare'] === true
        ? null
        : notErasable('A namespace is more than types. All cells share one scope; use an object.');
    case 'TSParameterProperty':
      return notErasable(
        'A parameter property is more than types. Declare the field, and assign it.',
      );
    case 'TSTypeAssertion':
      return notErasable('A type before a value cannot be told from markup. Write value as Type.');
    case 'PropertyDefinition':
      return node['accessor'] === true
        ? notErasable('Browsers do not know accessor yet. Write a getter and a setter.')
        : null;
    default:
      return null;
  }
}

const TOP_LEVEL_AWAIT: Refusal = {
  code: 'top_level_await',
  message: 'There is no await at the top of a cell: do it in an asset or a test.',
};

function notErasable(message: string): Refusal {
  return { code: 'not_erasable', message };
}
