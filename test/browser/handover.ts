import type { Page } from 'playwright-core';
import { databaseName } from '../../src/storage/database.ts';
import type { HistoryHead } from '../../src/storage/history-head.ts';
import { backfillNotebook, followBackfill, launchBackfill } from './kill-trial.ts';
import { Profile, type KillableBrowser } from './killable-browser.ts';

/** Events after which the backfill is well under way. */
const UNDER_WAY = 1500;

/**
 * Milliseconds from when the tab that works a backfill is told to close until another writes the first of
 * what it goes on with.
 */
export async function measureHandover({
  executable,
  siteUrl,
}: {
  readonly executable: string;
  readonly siteUrl: string;
}): Promise<number> {
  const profile = await Profile.make(executable);
  let browser: KillableBrowser | null = null;
  try {
    browser = await profile.openBrowser();
    const first = await browser.context.newPage();
    const notebookId = await launchBackfill(first, siteUrl, backfillNotebook(true));
    const second = await browser.context.newPage();
    await second.goto(`${siteUrl}?notebook=${notebookId}`);
    await followBackfill(second, notebookId, UNDER_WAY);
    const { writer } = await nextWriter(second, notebookId, null);
    const next = nextWriter(second, notebookId, writer);
    const closedAt = Date.now();
    await first.close();
    return (await next).at - closedAt;
  } finally {
    await browser?.kill();
    await profile.remove();
  }
}

/** Which tab wrote last, once it is another than `before`, and when that was seen. */
function nextWriter(
  page: Page,
  notebookId: string,
  before: string | null,
): Promise<{ readonly writer: string; readonly at: number }> {
  return page.evaluate(watchWriters, [databaseName('/'), notebookId, before] as const);
}

/** Runs in the page; self-contained. */
async function watchWriters([name, notebookId, before]: readonly [string, string, string | null]) {
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('The database cannot be read.'));
    });
  const db = await settled(indexedDB.open(name));
  try {
    for (;;) {
      const heads = db.transaction('heads', 'readonly').objectStore('heads');
      const head = (await settled(heads.get(notebookId))) as HistoryHead;
      // A stamp is the writer's name and a count.
      const writer = head.stamp?.replace(/\/\d+$/, '') ?? '';
      if (writer !== before) return { writer, at: Date.now() };
    }
  } finally {
    db.close();
  }
}
