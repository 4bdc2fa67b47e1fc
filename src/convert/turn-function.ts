import { nodeIn, nodesIn, withoutTypes, type SyntaxNode } from '../notebook/syntax-tree.ts';
import { contextUses, type ContextUse } from './context-uses.ts';
import { identifierName, nodesBelow, propertyName } from './source-cells.ts';
import { lineIndent, removed, replaced, type TextEdit } from './text-edit.ts';

/** What turning a function comes to. */
export interface TurnedFunction {
  readonly edits: readonly TextEdit[];
  /** Why it cannot be turned, in sentences; empty if it can. */
  readonly obstacles: readonly string[];
  /** Whether it reads the constant of the options now. */
  readonly readsDefaults: boolean;
}

type Member = Extract<ContextUse, { kind: 'member' }>;

const KEY = 'partitionKey';
/** What says more of a partition than a text can. */
const OF_PARTITIONS = /partition/i;

/** A function that reads the key of its partition reads a field of its config instead. */
export function turnedToField(fn: SyntaxNode, text: string, field: string): TurnedFunction {
  const edits: TextEdit[] = [];
  const obstacles: string[] = [];
  for (const use of contextUses(fn)) {
    if (use.kind === 'handed') {
      obstacles.push(handed(text, use.node));
    } else if (use.kind === 'pattern') {
      const properties = nodesIn(use.pattern, 'properties');
      const key = properties.find((property) => propertyName(property) === KEY);
      const others = properties.filter((property) => property !== key);
      const more = others.find(
        (one) => one.type === 'RestElement' || OF_PARTITIONS.test(propertyName(one) ?? ''),
      );
      if (more) obstacles.push(tellsMore(text.slice(more.start, more.end)));
      if (key && others.some((property) => propertyName(property) === 'config')) {
        obstacles.push('It takes its context apart into the key and the config at once.');
      } else if (key) {
        const local = text.slice(valueOf(key).start, valueOf(key).end);
        const inner = local === field ? field : `${field}: ${local}`;
        edits.push(replaced(key, `config: { ${inner} }`));
      }
    } else if (use.name === KEY) {
      edits.push(...keyToField(use, text, field));
    } else if (OF_PARTITIONS.test(use.name)) {
      obstacles.push(tellsMore(text.slice(use.node.start, use.node.end)));
    }
  }
  return { edits, obstacles, readsDefaults: false };
}

function keyToField(use: Member, text: string, field: string): readonly TextEdit[] {
  const context = textOf(text, use.object);
  const local = soleName(use);
  if (local && identifierName(local) === field && local.end - local.start === field.length) {
    return [replaced(local, `{ ${field} }`), replaced(use.node, `${context}.config`)];
  }
  return [replaced(use.node, `${context}.config.${field}`)];
}

/**
 * A function that reads a field of its config reads the key of its partition instead, if there is a field;
 * the other fields it reads from its config still, or from the constant that holds their defaults.
 */
export function turnedFromField(
  fn: SyntaxNode,
  text: string,
  field: string | null,
  defaults: string | null,
): TurnedFunction {
  const edits: TextEdit[] = [];
  const obstacles: string[] = [];
  let readsDefaults = false;
  const readDefaults = (node: SyntaxNode) => {
    if (defaults === null) return;
    readsDefaults = true;
    edits.push(replaced(node, defaults));
  };
  for (const use of contextUses(fn)) {
    if (use.kind === 'handed') {
      obstacles.push(handed(text, use.node));
      continue;
    }
    if (use.kind === 'pattern') {
      const turned = patternToKey(use.pattern, text, field, defaults !== null);
      if (typeof turned === 'string') obstacles.push(turned);
      else edits.push(...turned);
      continue;
    }
    if (use.name !== 'config') continue;
    const { parent, node } = use;
    const context = textOf(text, use.object);
    if (parent.type === 'MemberExpression' && nodeIn(parent, 'object') === node) {
      const member = parent['computed'] ? null : nodeIn(parent, 'property');
      if (field !== null && !member) obstacles.push(keptWhole(text, parent));
      else if (member && identifierName(member) === field) {
        edits.push(replaced(parent, `${context}.${KEY}`));
      } else readDefaults(node);
      continue;
    }
    const pattern = parent.type === 'VariableDeclarator' ? nodeIn(parent, 'id') : null;
    if (field === null) {
      readDefaults(node);
    } else if (pattern?.type !== 'ObjectPattern') {
      obstacles.push(keptWhole(text, node));
    } else {
      const properties = nodesIn(pattern, 'properties');
      if (properties.some(({ type }) => type === 'RestElement')) {
        obstacles.push(keptWhole(text, node));
        continue;
      }
      const taken = properties.find((property) => propertyName(property) === field);
      if (!taken) {
        readDefaults(node);
        continue;
      }
      const local = textOf(text, valueOf(taken));
      if (properties.length === 1) {
        edits.push(replaced(pattern, local), replaced(node, `${context}.${KEY}`));
        continue;
      }
      const statement = use.grandparent;
      if (!statement || nodesIn(statement, 'declarations').length !== 1) {
        obstacles.push(keptWhole(text, node));
        continue;
      }
      const { start: at } = statement;
      const declared = `const ${local} = ${context}.${KEY};\n${lineIndent(text, statement)}`;
      edits.push({ from: at, to: at, text: declared }, removed(pattern, taken));
      readDefaults(node);
    }
  }
  return { edits, obstacles, readsDefaults };
}

/** A pattern on the context itself; a sentence if it cannot be turned. */
function patternToKey(
  pattern: SyntaxNode,
  text: string,
  field: string | null,
  losesOptions: boolean,
): readonly TextEdit[] | string {
  const properties = nodesIn(pattern, 'properties');
  const config = properties.find((property) => propertyName(property) === 'config');
  if (properties.some(({ type }) => type === 'RestElement')) {
    return 'It takes its context apart, and keeps the rest of it.';
  }
  if (!config) return [];
  const inner = nodesIn(valueOf(config), 'properties');
  const [only, ...others] = inner;
  if (field === null && !losesOptions) return [];
  if (!only || others.length > 0 || propertyName(only) !== field) {
    return 'It takes its config apart in its parameter: take it from context.config instead.';
  }
  const local = textOf(text, valueOf(only));
  return [replaced(config, local === KEY ? KEY : `${KEY}: ${local}`)];
}

/** A function that reads a constant of defaults reads its config instead. */
export function turnedToOptions(fn: SyntaxNode, defaults: string): TurnedFunction {
  const [param] = nodesIn(fn, 'params');
  const uses = [...nodesBelow([fn])].filter((node) => identifierName(node) === defaults);
  if (uses.length === 0) return { edits: [], obstacles: [], readsDefaults: false };
  const name = param ? identifierName(param) : null;
  if (param === undefined || name === null) {
    return {
      edits: [],
      obstacles: [`It reads ${defaults}, and has no context by name to read config from.`],
      readsDefaults: true,
    };
  }
  const edits = uses.map((node) => replaced(node, `${name}.config`));
  return { edits, obstacles: [], readsDefaults: true };
}

/** The name in `const name = …`, if the member is the whole value. */
function soleName({ node, parent }: Member): SyntaxNode | null {
  if (parent.type !== 'VariableDeclarator' || nodeIn(parent, 'init') !== node) return null;
  const id = nodeIn(parent, 'id');
  return id?.type === 'Identifier' ? id : null;
}

function valueOf(property: SyntaxNode): SyntaxNode {
  return withoutTypes(nodeIn(property, 'value') ?? property);
}

function textOf(text: string, { start, end }: SyntaxNode): string {
  return text.slice(start, end);
}

function tellsMore(code: string): string {
  return `It reads ${oneLine(code)}, which no text in a config can stand for.`;
}

function keptWhole(text: string, node: SyntaxNode): string {
  return `It keeps its config whole, at ${oneLine(textOf(text, node))}: take the fields out one by one.`;
}

function handed(text: string, node: SyntaxNode): string {
  return `It hands its ${oneLine(textOf(text, node))} on: what is read of it there is not known.`;
}

function oneLine(code: string): string {
  return code.replace(/\s+/g, ' ');
}
