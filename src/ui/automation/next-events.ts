import type { AssetSpec } from '../../definitions/definitions.ts';
import type { PartitionKey, PartitionLoadingContext } from '../../partitions/context.ts';
import { nextOpening } from '../../partitions/time-queries.ts';
import type { InstigatorState } from '../../protocol/engine.ts';
import type { EpochMs } from '../../time/time-window.ts';

/** What a passing clock brings: a tick that is due, or a key that opens. */
export type NextEvent =
  | { readonly kind: 'tick'; readonly at: EpochMs; readonly name: string }
  | {
      readonly kind: 'opening';
      readonly at: EpochMs;
      readonly key: PartitionKey;
      /** The assets that get it; at least one. */
      readonly assetKeys: readonly string[];
    };

/**
 * The next tick of everything that runs, and the next key of every asset, soonest first. Of those at one
 * instant keys come before ticks, as a tick finds them open.
 */
export function nextEvents(
  assets: readonly AssetSpec[],
  instigators: readonly InstigatorState[],
  context: PartitionLoadingContext,
): readonly NextEvent[] {
  const openings = new Map<string, Extract<NextEvent, { kind: 'opening' }>>();
  for (const { assetKey, partitionsDef } of assets) {
    const opening = partitionsDef && nextOpening(partitionsDef, context);
    if (!opening) continue;
    const { key, opensAt: at } = opening;
    const id = `${at} ${key}`;
    const assetKeys = [...(openings.get(id)?.assetKeys ?? []), assetKey];
    openings.set(id, { kind: 'opening', at, key, assetKeys });
  }
  const ticks = instigators.flatMap(({ name, nextTickAt }): readonly NextEvent[] =>
    nextTickAt === null
      ? []
      : [{ kind: 'tick', at: Math.max(nextTickAt, context.effectiveAt), name }],
  );
  return [...openings.values(), ...ticks].sort((a, b) => a.at - b.at);
}
