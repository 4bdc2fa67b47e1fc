import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** One import, or one re-export, of a source file. */
export interface Import {
  /** As written, without a query such as `?raw`. */
  readonly specifier: string;
  readonly line: number;
  /** True if nothing of it is left when types are stripped. */
  readonly typeOnly: boolean;
}

/** A file of ours, parsed; of a component, its scripts. */
export interface SourceFile {
  /** From the root of the project, with slashes. */
  readonly path: string;
  readonly tree: ts.SourceFile;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Every TypeScript file and Svelte component below `src` and `workers`. */
export function sourceFiles(): readonly SourceFile[] {
  return ['src', 'workers']
    .flatMap((folder) =>
      readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path.replaceAll('\\', '/')}`,
      ),
    )
    .filter((path) => /\.(ts|svelte)$/.test(path))
    .map((path) => ({ path, tree: parse(path) }));
}

/** The imports of a file, in the order of its text; dynamic ones and types included. */
export function importsOf({ tree }: SourceFile): readonly Import[] {
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    imports.push({
      specifier: specifier.text.replace(/\?.*$/, ''),
      line: tree.getLineAndCharacterOfPosition(specifier.getStart(tree)).line + 1,
      typeOnly,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return imports;
}

/** The lines on which a file asks the machine for time or chance. */
export function ambientReads({ tree }: SourceFile): readonly number[] {
  const lines: number[] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isPropertyAccessExpression(node) ? node.getText(tree) : '';
    const bareDate =
      ts.isNewExpression(node) &&
      node.expression.getText(tree) === 'Date' &&
      !node.arguments?.length;
    if (['Date.now', 'Math.random', 'performance.now', 'DateTime.now'].includes(text) || bareDate) {
      lines.push(tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return lines;
}

function parse(path: string): ts.SourceFile {
  const text = readFileSync(`${ROOT}${path}`, 'utf8');
  return ts.createSourceFile(
    path,
    path.endsWith('.svelte') ? scriptsOf(text) : text,
    ts.ScriptTarget.Latest,
  );
}

/** A component with all but its scripts blanked, so that lines stay true. */
function scriptsOf(component: string): string {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  let rest = 0;
  let scripts = '';
  for (const match of component.matchAll(/(<script[^>]*>)([^]*?)<\/script>/g)) {
    const [whole, open = '', code = ''] = match;
    scripts += blank(component.slice(rest, match.index) + open) + code + blank('</script>');
    rest = match.index + whole.length;
  }
  return scripts;
}
