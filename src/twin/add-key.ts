import {
  childrenOf,
  nodeIn,
  nodesIn,
  parseTypeScript,
  withoutTypes,
  type SyntaxNode,
} from '../notebook/syntax-tree.ts';

/**
 * The code with one more key at the end of a definition's list; null if the code does not declare it as
 * `const NAME = dg.StaticPartitionsDefinition([…])` with a list that is written out.
 *
 * @param name the constant that holds the definition.
 */
export function withAddedKey(code: string, name: string, key: string): string | null {
  const list = listOf(code, name);
  if (!list) return null;
  const text = `'${key.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const last = nodesIn(list, 'elements').at(-1);
  if (!last) return code.slice(0, list.start + 1) + text + code.slice(list.start + 1);
  return `${code.slice(0, last.end)}, ${text}${code.slice(last.end)}`;
}

function listOf(code: string, name: string): SyntaxNode | null {
  let tree: SyntaxNode;
  try {
    tree = parseTypeScript(code);
  } catch {
    // A cell with an error declares nothing.
    return null;
  }
  for (const declarator of declaratorsIn(tree)) {
    if (nodeIn(declarator, 'id')?.['name'] !== name) continue;
    const value = nodeIn(declarator, 'init');
    const call = value && withoutTypes(value);
    const callee = call && nodeIn(call, 'callee');
    const isDefinition =
      callee?.type === 'MemberExpression' &&
      nodeIn(callee, 'property')?.['name'] === 'StaticPartitionsDefinition';
    const [first] = call && isDefinition ? nodesIn(call, 'arguments') : [];
    const list = first && withoutTypes(first);
    if (list?.type === 'ArrayExpression') return list;
  }
  return null;
}

function declaratorsIn(tree: SyntaxNode): readonly SyntaxNode[] {
  return childrenOf(tree).flatMap((statement) =>
    statement.type === 'VariableDeclaration' ? nodesIn(statement, 'declarations') : [],
  );
}
