import type { AssetKeyText } from '../definitions/definitions.ts';
import { nodeIn, nodesIn, type SyntaxNode } from '../notebook/syntax-tree.ts';
import { stepKeyOf } from '../orchestration/run-events.ts';
import { propertyText } from './code-texts.ts';
import { calledOfDg, nodesBelow, propertyName, propertyOf } from './source-cells.ts';
import { ownLineIndent, replaced, type TextEdit } from './text-edit.ts';

/** What turning the run requests of a schedule or a sensor comes to. */
export interface TurnedRequests {
  readonly edits: readonly TextEdit[];
  /** Why they cannot be turned, in sentences; empty if they can. */
  readonly obstacles: readonly string[];
}

/** Requests that name a key give it as a field of the config of each asset instead. */
export function requestsToField(
  automation: SyntaxNode,
  text: string,
  assetKeys: readonly AssetKeyText[],
  field: string,
): TurnedRequests {
  return turnedRequests(automation, (request) => {
    const key = propertyOf(request, 'partitionKey');
    if (!key) return null;
    if (propertyOf(request, 'runConfig')) {
      return 'Its run requests give run config beside the key: put the two together by hand.';
    }
    const value = nodeIn(key, 'value') ?? key;
    const expression = text.slice(value.start, value.end);
    return replaced(key, runConfigText(assetKeys, field, expression, ownLineIndent(text, key)));
  });
}

/** Requests that give a field of the config of each asset, and nothing else, name a key instead. */
export function requestsToKey(
  automation: SyntaxNode,
  text: string,
  assetKeys: readonly AssetKeyText[],
  field: string,
): TurnedRequests {
  return turnedRequests(automation, (request) => {
    const runConfig = propertyOf(request, 'runConfig');
    if (!runConfig) return null;
    const value = keyOfRunConfig(nodeIn(runConfig, 'value'), text, assetKeys, field);
    if (value === null) {
      return `The run config of its run requests says more than ${field}, or not the same for each asset.`;
    }
    return replaced(runConfig, value === 'partitionKey' ? value : `partitionKey: ${value}`);
  });
}

function turnedRequests(
  automation: SyntaxNode,
  turn: (request: SyntaxNode) => TextEdit | string | null,
): TurnedRequests {
  const edits: TextEdit[] = [];
  const obstacles: string[] = [];
  for (const node of nodesBelow([automation])) {
    if (calledOfDg(node) !== 'RunRequest') continue;
    const [request] = nodesIn(node, 'arguments');
    if (!request) continue;
    const isWhole =
      request.type === 'ObjectExpression' &&
      nodesIn(request, 'properties').every(({ type }) => type === 'Property');
    const turned = isWhole ? turn(request) : 'Its run requests are not written out.';
    if (typeof turned === 'string') obstacles.push(turned);
    else if (turned) edits.push(turned);
  }
  return { edits, obstacles: [...new Set(obstacles)] };
}

function runConfigText(
  assetKeys: readonly AssetKeyText[],
  field: string,
  expression: string,
  indent: string | null,
): string {
  const entry = expression === field ? field : `${propertyText(field)}: ${expression}`;
  const ops = assetKeys.map(
    (assetKey) => `${propertyText(stepKeyOf(assetKey))}: { config: { ${entry} } }`,
  );
  if (indent === null) return `runConfig: { ops: { ${ops.join(', ')} } }`;
  const lines = ops.map((op) => `${indent}    ${op},\n`).join('');
  return `runConfig: {\n${indent}  ops: {\n${lines}${indent}  },\n${indent}}`;
}

/** The expression that every asset gets as its field; null if any gets something else. */
function keyOfRunConfig(
  runConfig: SyntaxNode | null,
  text: string,
  assetKeys: readonly AssetKeyText[],
  field: string,
): string | null {
  const ops = soleValue(runConfig, 'ops');
  if (!ops) return null;
  const entries = nodesIn(ops, 'properties');
  const names = entries.map(propertyName);
  const expected = assetKeys.map(stepKeyOf);
  if (names.length !== expected.length || expected.some((name) => !names.includes(name))) {
    return null;
  }
  const values = entries.map((entry) => {
    const value = soleValue(soleValue(nodeIn(entry, 'value'), 'config'), field);
    return value ? text.slice(value.start, value.end) : null;
  });
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/** The value of an object's only property, if that has the name. */
function soleValue(object: SyntaxNode | null, name: string): SyntaxNode | null {
  if (object?.type !== 'ObjectExpression') return null;
  const [only, ...others] = nodesIn(object, 'properties');
  if (!only || others.length > 0 || propertyName(only) !== name) return null;
  return nodeIn(only, 'value');
}
