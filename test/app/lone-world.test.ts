import { describe, expect, it } from 'vitest';
import { LoneWorld } from '../../src/app/lone-world.ts';
import { engineInMemory, example, NOW } from '../twin/played-worlds.ts';

describe('one world of a notebook, apart from those that are played', () => {
  it('[CMP-10] declares what its own cells and the shared ones do', async () => {
    const { host } = engineInMemory();
    const world = await LoneWorld.open(host, example('twin'), 'partitions', NOW);
    const { assets, schedules } = world.definitions;
    expect(world.name).toBe('partitions');
    expect(assets.map(({ assetKey }) => assetKey)).toContain('customer_orders');
    expect(assets.some(({ partitionsDef }) => partitionsDef !== null)).toBe(true);
    const [schedule] = schedules;
    const tick = await world.tick('schedule', schedule?.scheduleName ?? 'none', world.startsAt);
    expect(tick?.launches.length).toBeGreaterThan(0);
    await world.end();
  });

  it('[CMP-10] knows nothing of the cells of other worlds', async () => {
    const { host } = engineInMemory();
    const world = await LoneWorld.open(host, example('twin'), 'config', NOW);
    expect(world.definitions.assets.every(({ partitionsDef }) => partitionsDef === null)).toBe(
      true,
    );
    await world.end();
  });
});
