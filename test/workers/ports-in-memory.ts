import type { MemoryStores } from '../../src/storage/memory-stores.ts';
import type { EnginePorts } from '../../workers/engine-host.ts';

/**
 * What an engine acts through whose notebooks are kept by `device`, and that has no page. What waits for a frame
 * is due at once; what waits longer never is.
 *
 * @param now what the machine's clock says, always.
 */
export function portsInMemory(
  device: MemoryStores,
  now: number,
  rest: Pick<EnginePorts, 'lead' | 'newRunner' | 'concurrency'>,
): EnginePorts {
  const { instances, notebooks, files, commands } = device;
  return {
    ...rest,
    openStorage: async () => ({
      ...{ instances, notebooks, files, commands },
      together: (work) => work(),
      mode: 'persistent',
      banner: null,
    }),
    oneTabBanner: null,
    realNow: () => now,
    elapsedMs: () => 0,
    after: (ms, act) => {
      if (ms > 16) return () => {};
      const immediate = setImmediate(act);
      return () => clearImmediate(immediate);
    },
    setRequestFrame: () => {},
    fetchAhead: async () => [],
    connectFrame: () => {},
  };
}
