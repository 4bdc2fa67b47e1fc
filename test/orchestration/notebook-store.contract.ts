import { beforeEach, describe, expect, it } from 'vitest';
import { StorageWriteError } from '../../src/errors.ts';
import type { StoredNotebook } from '../../src/orchestration/ports.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { batch, draft, run } from './instance-store.contract.ts';

/** A notebook at revision 1. */
export function notebook(notebookId: string, more: Partial<StoredNotebook> = {}): StoredNotebook {
  return {
    notebookId,
    title: 'Partitions vs config',
    source: '# Partitions vs config\n\n```ts\nconst a = 1;\n```\n',
    revision: 1,
    example: null,
    createdAt: 1_000,
    updatedAt: 1_000,
    clockAt: null,
    ...more,
  };
}

/**
 * What every `NotebookStore` must do. It needs the stores beside it, as deleting a notebook
 * empties them all.
 *
 * @param openStores opens empty stores, and a second view of them as another tab would have.
 */
export function describeNotebookStore(
  name: string,
  openStores: () => Promise<{ readonly stores: Stores; readonly otherTab: Stores }>,
): void {
  describe(`${name} keeps notebooks`, () => {
    let stores: Stores;
    let otherTab: Stores;

    beforeEach(async () => {
      ({ stores, otherTab } = await openStores());
    });

    it('[ST-20] a notebook comes back as it was put, and is replaced whole', async () => {
      const { notebooks } = stores;
      expect(await notebooks.get('one')).toBeNull();
      await notebooks.put(notebook('one', { clockAt: 5, example: 'weather' }));
      expect(await notebooks.get('one')).toEqual(
        notebook('one', { clockAt: 5, example: 'weather' }),
      );
      await notebooks.put(notebook('one', { title: '', source: '' }));
      expect(await notebooks.get('one')).toEqual(notebook('one', { title: '', source: '' }));
    });

    it('[ST-21] notebooks are listed newest first', async () => {
      const { notebooks } = stores;
      await notebooks.put(notebook('one', { updatedAt: 20 }));
      await notebooks.put(notebook('two', { updatedAt: 30 }));
      await notebooks.put(notebook('three', { updatedAt: 10 }));
      const ids = (await notebooks.list()).map((one) => one.notebookId);
      expect(ids).toEqual(['two', 'one', 'three']);
    });

    it('[ST-22] a copy of an example is found, the newest if there are several', async () => {
      const { notebooks } = stores;
      await notebooks.put(notebook('mine', { updatedAt: 90 }));
      await notebooks.put(notebook('new', { example: 'weather', updatedAt: 20 }));
      await notebooks.put(notebook('old', { example: 'weather', updatedAt: 10 }));
      expect((await notebooks.findByExample('weather'))?.notebookId).toBe('new');
      expect(await notebooks.findByExample('partitions')).toBeNull();
    });

    it('[ST-23] a save on the stored revision makes the next one', async () => {
      const { notebooks } = stores;
      await notebooks.put(notebook('one', { example: 'weather' }));
      const outcome = await notebooks.save('one', 'new text', 'New title', 1, 2_000);
      const record = notebook('one', {
        example: 'weather',
        source: 'new text',
        title: 'New title',
        revision: 2,
        updatedAt: 2_000,
      });
      expect(outcome).toEqual({ saved: true, record });
      expect(await notebooks.get('one')).toEqual(record);
    });

    it('[ST-24] of two saves on one revision the first is kept and the second told', async () => {
      await stores.notebooks.put(notebook('one'));
      const outcomes = await Promise.all([
        stores.notebooks.save('one', 'of this tab', 'T', 1, 2_000),
        otherTab.notebooks.save('one', 'of that tab', 'T', 1, 2_001),
      ]);
      expect(outcomes.map((outcome) => outcome.saved).sort()).toEqual([false, true]);
      const kept = await stores.notebooks.get('one');
      expect(outcomes.map((outcome) => outcome.record)).toEqual([kept, kept]);
      expect(kept?.revision).toBe(2);
    });

    it('[ST-25] a notebook that was deleted does not come back by a save', async () => {
      const late = stores.notebooks.save('one', 'text', 'T', 1, 2_000);
      await expect(late).rejects.toBeInstanceOf(StorageWriteError);
      await expect(late).rejects.toThrow(/deleted/);
      expect(await stores.notebooks.list()).toEqual([]);
    });

    it('[ST-26] deleting a notebook deletes all that belongs to it, and nothing else', async () => {
      for (const notebookId of ['one', 'two']) {
        await stores.notebooks.put(notebook(notebookId));
        await stores.files.write(notebookId, 'a.csv', Uint8Array.of(1), false, 1);
        await stores.commands.post(notebookId, 'run');
        await stores.instances.append(
          notebookId,
          batch({ runs: [run(1, 'QUEUED', { notebookId })], rows: [[draft(1)]] }),
        );
      }
      await stores.notebooks.delete('one');
      expect(await stores.notebooks.get('one')).toBeNull();
      expect(await stores.files.list('one')).toEqual([]);
      expect(await stores.files.read('one', 'a.csv')).toBeNull();
      expect(await stores.instances.lastEventId('one')).toBe(0);
      expect(await stores.commands.take('one')).toEqual([]);

      expect(await stores.notebooks.get('two')).toEqual(notebook('two'));
      expect(await stores.files.read('two', 'a.csv')).toEqual(Uint8Array.of(1));
      expect(await stores.instances.lastEventId('two')).toBe(1);
      expect(await stores.commands.take('two')).toHaveLength(1);
    });

    it('[ST-27] every tab is told of every change', async () => {
      const change = () =>
        new Promise<void>((resolve) => {
          const stop = otherTab.notebooks.subscribe(() => {
            stop();
            resolve();
          });
        });
      const put = change();
      await stores.notebooks.put(notebook('one'));
      await put;
      const saved = change();
      await stores.notebooks.save('one', 'text', 'T', 1, 2_000);
      await saved;
      expect((await otherTab.notebooks.get('one'))?.source).toBe('text');
      const deleted = change();
      await stores.notebooks.delete('one');
      await deleted;
      expect(await otherTab.notebooks.list()).toEqual([]);
    });

    it('[ST-28] writes done together are kept together, or not at all', async () => {
      await stores.together(async () => {
        await stores.notebooks.put(notebook('one'));
        await stores.files.write('one', 'a.csv', Uint8Array.of(1), false, 1);
      });
      expect(await stores.notebooks.get('one')).not.toBeNull();
      expect(await stores.files.list('one')).toHaveLength(1);
    });
  });
}
