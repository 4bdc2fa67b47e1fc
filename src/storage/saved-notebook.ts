import type { StoredNotebook } from '../orchestration/ports.ts';
import type { EpochMs } from '../time/time-window.ts';

/**
 * What saving makes of a stored notebook: the next revision; or the stored one, unsaved,
 * if it is no longer the one that the text is based on.
 *
 * @throws {Error} if the notebook is not there: it must not come back by a late save.
 */
export function savedNotebook(
  stored: StoredNotebook | undefined,
  source: string,
  title: string,
  baseRevision: number,
  at: EpochMs,
): { readonly saved: boolean; readonly record: StoredNotebook } {
  if (!stored) throw new Error('it was deleted, perhaps in another tab');
  if (stored.revision !== baseRevision) return { saved: false, record: stored };
  const record = { ...stored, source, title, revision: baseRevision + 1, updatedAt: at };
  return { saved: true, record };
}
