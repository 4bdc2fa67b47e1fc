import { StorageWriteError } from '../errors.ts';

/**
 * Does `work`, a write.
 *
 * @param what the subject of the message, such as "The notebook".
 * @throws {StorageWriteError} if it fails.
 */
export async function writing<T>(what: string, work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    // A write inside another's transaction has said already what failed.
    if (thrown instanceof StorageWriteError) throw thrown;
    throw new StorageWriteError(what, isQuotaError(thrown), isClosed(thrown) ? gaveUp() : thrown);
  }
}

/** After another tab asked for the database, or the reader deleted it; see `open-storage.ts`. */
function isClosed(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'DatabaseClosedError';
}

function gaveUp(): Error {
  return new Error('this tab has given up its storage, reload the page');
}

/** Dexie wraps what the browser says: in `inner`, and for many rows in `failures`. */
function isQuotaError(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { name, inner, failures } = thrown as {
    readonly name?: unknown;
    readonly inner?: unknown;
    readonly failures?: unknown;
  };
  return (
    name === 'QuotaExceededError' ||
    isQuotaError(inner) ||
    (Array.isArray(failures) && failures.some(isQuotaError))
  );
}
