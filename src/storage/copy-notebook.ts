import type { StatusCheckpoint } from '../orchestration/ports.ts';
import type { HistoryExport } from './memory-instance-store.ts';
import type { MemoryStores } from './memory-stores.ts';
import type { Stores } from './stores.ts';
import { writing } from './write-errors.ts';

/**
 * Copies a notebook with its files and its whole history, ids included, to other stores,
 * and replaces what these have of it. All of it, or nothing. Commands that wait are left out.
 *
 * @throws {Error} if there is no such notebook in `from`.
 * @throws {StorageWriteError} if it could not be written.
 */
export async function copyNotebook(
  from: MemoryStores,
  to: Stores,
  notebookId: string,
): Promise<void> {
  const notebook = await from.notebooks.get(notebookId);
  if (!notebook) throw new Error(`There is no notebook "${notebookId}" to copy.`);
  const history = from.instances.exportHistory(notebookId);
  const files = await Promise.all(
    (await from.files.list(notebookId)).map(async (file) => ({
      ...file,
      content: (await from.files.read(notebookId, file.path)) ?? new Uint8Array(),
    })),
  );
  await writing('The notebook', () =>
    to.together(async () => {
      await to.notebooks.delete(notebookId);
      await to.notebooks.put(notebook);
      for (const { path, content, shipped, updatedAt } of files) {
        await to.files.write(notebookId, path, content, shipped, updatedAt);
      }
      await appendHistory(to, notebookId, history);
    }),
  );
}

/**
 * Appends in as few batches as checkpoints allow: a checkpoint reaches the last event of
 * its batch, so a batch ends where one reached.
 */
async function appendHistory(
  { instances }: Stores,
  notebookId: string,
  { rows, runs, values, checkpoints, records }: HistoryExport,
): Promise<void> {
  const isReached = new Set(checkpoints.map((checkpoint) => checkpoint.reachesEventId));
  const reaching = (eventId: number): StatusCheckpoint[] =>
    checkpoints.filter((checkpoint) => checkpoint.reachesEventId === eventId);
  await instances.append(notebookId, {
    rows: [],
    runs,
    values,
    checkpoints: reaching(0),
    records,
  });
  let first = 0;
  for (const [at, row] of rows.entries()) {
    const last = row.at(-1)?.eventId ?? 0;
    if (!isReached.has(last) && at < rows.length - 1) continue;
    await instances.append(notebookId, {
      rows: rows.slice(first, at + 1),
      runs: [],
      values: [],
      checkpoints: reaching(last),
    });
    first = at + 1;
  }
}
