import type { ConfigShape } from '../config/config-schema.ts';
import type { AssetSpec, Definitions } from '../definitions/definitions.ts';
import { KeySpace } from '../orchestration/key-space.ts';
import { subjectOf, type Subject } from '../ledger/subject.ts';
import { counted, listed, named } from '../ledger/phrases.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import { rangesOf } from '../partitions/key-ranges.ts';
import { subsetOf } from '../partitions/subset/subset-algebra.ts';
import type { LaunchRequest } from '../protocol/engine.ts';
import type { EffortAdded } from './effort.ts';

/** A launch and what it takes a person to make it; or why this world cannot. */
export type PieceLaunch =
  | { readonly status: 'launch'; readonly request: LaunchRequest; readonly effort: EffortAdded }
  | { readonly status: 'refused'; readonly reason: string };

/** How this world says which piece of the data a run is about. */
export function subjectIn(definitions: Definitions, context: PartitionLoadingContext): Subject {
  return subjectOf(definitions, new KeySpace(context));
}

/**
 * The launch of a world's assets for one piece. By keys it takes three presses: Materialize, the key,
 * Launch. By config it takes two, and the piece is typed for each asset. Options are typed for each
 * asset whose config has them.
 */
export function launchOfPiece(
  subject: Subject,
  piece: string,
  options: Readonly<Record<string, unknown>>,
): PieceLaunch {
  const assets = subject.assets.filter(({ external }) => !external);
  if (assets.length === 0) return refused('There is nothing to run: this world has no assets.');
  if (subject.kind === 'single') {
    return refused(
      `Nothing here names a piece: no asset has keys, and no config asks for a text, so ${named(piece)} cannot be said.`,
    );
  }
  const unknown = Object.keys(options).filter((name) => !assets.some((one) => fieldOf(one, name)));
  if (unknown.length > 0) return refused(noOption(subject, unknown));
  const typed = subject.kind === 'field' ? { ...options, [subject.field]: piece } : options;
  const ops: Record<string, { readonly config: Readonly<Record<string, unknown>> }> = {};
  let valuesTyped = 0;
  for (const asset of assets) {
    const given = Object.entries(typed).filter(([name]) => fieldOf(asset, name));
    if (given.length === 0) continue;
    ops[asset.assetKey] = { config: Object.fromEntries(given) };
    valuesTyped += given.length;
  }
  return {
    status: 'launch',
    request: {
      assetKeys: assets.map(({ assetKey }) => assetKey),
      partitionRanges: subject.kind === 'keys' ? [[piece, piece]] : null,
      runConfig: valuesTyped > 0 ? { ops } : {},
      tags: {},
      jobName: null,
    },
    effort: { presses: subject.kind === 'keys' ? 3 : 2, valuesTyped, linesChanged: 0 },
  };
}

/** The launch of several keys at once: one press for the choice, one to open the panel, one to launch. */
export function launchOfKeys(
  subject: Extract<Subject, { readonly kind: 'keys' }>,
  keys: readonly PartitionKey[],
  presses: number,
): PieceLaunch {
  const ordinals = keys.map((key) => subject.index.ordinalOf(key)).filter((at) => at >= 0);
  if (ordinals.length === 0) return refused('None of these keys exists any more.');
  const assets = subject.assets.filter(({ external }) => !external);
  return {
    status: 'launch',
    request: {
      assetKeys: assets.map(({ assetKey }) => assetKey),
      partitionRanges: rangesOf(subject.index, subsetOf(ordinals.sort((a, b) => a - b))),
      runConfig: {},
      tags: {},
      jobName: null,
    },
    effort: { presses, valuesTyped: 0, linesChanged: 0 },
  };
}

function noOption(subject: Exclude<Subject, { kind: 'single' }>, names: readonly string[]): string {
  const fields = listed(names.map(named));
  if (subject.kind === 'keys' && subject.assets.every(({ config }) => config === null)) {
    return `There is no place for ${fields}: a key says which piece is made, not how. It takes config beside the keys.`;
  }
  const config = subject.assets.find(({ configName }) => configName !== null)?.configName;
  const owner = config ? named(config) : 'The config';
  return `${owner} has no ${counted(names.length, 'field')} ${fields}.`.replace(
    ' 1 field',
    ' field',
  );
}

function fieldOf({ config }: AssetSpec, name: string): ConfigShape['fields'][number] | undefined {
  return config?.fields.find((field) => field.name === name);
}

function refused(reason: string): PieceLaunch {
  return { status: 'refused', reason };
}
