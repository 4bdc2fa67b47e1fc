import { beforeEach, describe, expect, it } from 'vitest';
import type { FileStore } from '../../src/orchestration/ports.ts';

/**
 * What every `FileStore` must do.
 *
 * @param openStore opens an empty store, and a second view of it as another tab would have.
 */
export function describeFileStore(
  name: string,
  openStore: () => Promise<{ readonly store: FileStore; readonly otherTab: FileStore }>,
): void {
  describe(`${name} keeps files`, () => {
    let store: FileStore;
    let otherTab: FileStore;

    beforeEach(async () => {
      ({ store, otherTab } = await openStore());
    });

    it('[ST-30] a file comes back byte for byte', async () => {
      const bytes = Uint8Array.from({ length: 1_000 }, (_, at) => at % 256);
      await store.write('one', 'inbox/a.bin', bytes, false, 5);
      await store.write('one', 'empty', new Uint8Array(), true, 6);
      expect(await store.read('one', 'inbox/a.bin')).toEqual(bytes);
      expect(await store.read('one', 'empty')).toEqual(new Uint8Array());
      expect(await store.read('one', 'inbox/b.bin')).toBeNull();
      expect(await store.read('two', 'inbox/a.bin')).toBeNull();
    });

    it('[ST-31] files are listed by path, with what is known of each', async () => {
      await store.write('one', 'b.csv', Uint8Array.of(1, 2), true, 5);
      await store.write('one', 'inbox/a.csv', Uint8Array.of(1), false, 6);
      await store.write('one', 'Z.csv', Uint8Array.of(), false, 7);
      await store.write('two', 'a.csv', Uint8Array.of(1), false, 8);
      expect(await store.list('one')).toEqual([
        { path: 'Z.csv', bytes: 0, updatedAt: 7, shipped: false },
        { path: 'b.csv', bytes: 2, updatedAt: 5, shipped: true },
        { path: 'inbox/a.csv', bytes: 1, updatedAt: 6, shipped: false },
      ]);
      expect(await store.list('three')).toEqual([]);
    });

    it('[ST-32] a write replaces, a removal removes, twice is no fault', async () => {
      await store.write('one', 'a.csv', Uint8Array.of(1, 2, 3), true, 5);
      await store.write('one', 'a.csv', Uint8Array.of(9), false, 6);
      expect(await store.list('one')).toEqual([
        { path: 'a.csv', bytes: 1, updatedAt: 6, shipped: false },
      ]);
      expect(await store.read('one', 'a.csv')).toEqual(Uint8Array.of(9));
      await store.remove('one', 'a.csv');
      await store.remove('one', 'a.csv');
      expect(await store.list('one')).toEqual([]);
      expect(await store.read('one', 'a.csv')).toBeNull();
    });

    it('[ST-33] neither writer nor reader shares memory with the store', async () => {
      const bytes = Uint8Array.of(1, 2, 3);
      const part = new Uint8Array(bytes.buffer, 1, 2);
      await store.write('one', 'a.bin', part, false, 5);
      bytes.fill(0);
      const read = await store.read('one', 'a.bin');
      expect(read).toEqual(Uint8Array.of(2, 3));
      read?.fill(7);
      expect(await store.read('one', 'a.bin')).toEqual(Uint8Array.of(2, 3));
    });

    it('[ST-34] every tab is told of writes and removals in its notebook', async () => {
      const heard: string[] = [];
      store.subscribe('two', () => heard.push('another notebook'));
      for (const change of [
        () => store.write('one', 'a.csv', Uint8Array.of(1), false, 5),
        () => store.remove('one', 'a.csv'),
      ]) {
        const told = new Promise<void>((resolve) => {
          const stop = otherTab.subscribe('one', () => {
            stop();
            resolve();
          });
        });
        await change();
        await told;
      }
      expect(heard).toEqual([]);
    });
  });
}
