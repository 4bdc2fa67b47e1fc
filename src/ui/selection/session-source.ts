import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import { noStatuses } from '../../orchestration/partition-status.ts';
import { namedSelectionsOf } from './named-selections.svelte.ts';
import type { SelectionSource } from './selection-source.ts';

/** What a selection of keys of `assetKey` is made of, as the session stands; null if it has no partitions. Reactive. */
export function selectionSourceOf(
  session: NotebookSession,
  assetKey: string,
): SelectionSource | null {
  const definition = session.assetSpec(assetKey)?.partitionsDef ?? null;
  if (definition === null) return null;
  return {
    index: session.indexFor(definition),
    statuses: session.assetState(assetKey)?.statuses ?? noStatuses,
    named: namedSelectionsOf(session.notebookId).texts,
    surroundings: {
      assetKey,
      definitions: session.definitions,
      context: {
        effectiveAt: session.now,
        dynamicPartitions: new Map(session.state?.dynamicPartitions ?? []),
      },
      statusesOf: (other) => session.assetState(other)?.statuses ?? null,
    },
  };
}
