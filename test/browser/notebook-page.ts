import type { Locator, Page } from 'playwright-core';
import { encodeLink } from '../../src/notebook/encode-link.ts';

/** The path that opens `source`, the text of a notebook file, as an unsaved document. */
export function linkTo(source: string): string {
  return `#p=${encodeLink({ source, at: null, view: null })}`;
}

/** A notebook of these code cells, under a clock that stands. */
export function notebookOf(...cells: readonly string[]): string {
  const header = '<!-- partita 1\ntitle: Trial\nnow: 2026-03-10T09:00:00Z\nzone: UTC\n-->\n';
  return header + cells.map((cell) => `\n\`\`\`ts\n${cell.trim()}\n\`\`\`\n`).join('');
}

/** The card of an asset. */
export function assetCard(page: Page, asset: string): Locator {
  return page.getByRole('region', { name: `Asset ${asset}`, exact: true });
}

/** Opens an asset's launch panel. */
export async function openLaunchPanel(page: Page, asset: string): Promise<Locator> {
  await assetCard(page, asset).getByRole('button', { name: 'Materialize', exact: true }).click();
  const panel = page.getByRole('dialog', { name: `Materialize ${asset}`, exact: true });
  await panel.waitFor();
  return panel;
}

/** Materializes `keys` of an asset, in Dagster's grammar; what the panel suggests unless given. */
export async function materialize(page: Page, asset: string, keys?: string): Promise<void> {
  const panel = await openLaunchPanel(page, asset);
  if (keys !== undefined) {
    await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill(keys);
  }
  await panel.getByRole('button', { name: /^Launch/ }).click();
}

/** Waits until the card of an asset says `text`. */
export async function expectCard(page: Page, asset: string, text: string | RegExp): Promise<void> {
  await assetCard(page, asset).getByText(text).first().waitFor();
}

/** Replaces the text of a code cell, as typing would. Cells are counted from 1. */
export async function writeCell(page: Page, cell: number, code: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: `Code of cell ${cell}`, exact: true });
  // Its first line: below others, notes may stand.
  await editor.click({ position: { x: 40, y: 10 } });
  // The text is pressed, its editor comes.
  await editor.and(page.locator('[contenteditable="true"]')).waitFor();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(code);
}

/** Brings a view of the workbench to the front; on a phone by the bar at the bottom. */
export async function showView(page: Page, view: string): Promise<void> {
  const tab = page.getByRole('tab', { name: view, exact: true });
  const panes = page.getByRole('navigation', { name: 'Panes' });
  // Cards may stand before the workbench does.
  await tab.or(panes).first().waitFor();
  if (await tab.isVisible()) return tab.click();
  const button = panes.getByRole('button', { name: view, exact: true });
  if (!(await button.isVisible())) await panes.getByRole('button', { name: 'More' }).click();
  await button.click();
}

/** The row of the list of runs whose name holds all of `parts`. */
export function runRow(page: Page, ...parts: readonly string[]): Locator {
  const escaped = parts.map((part) => part.replace(/[^\w]/g, '\\$&'));
  const name = new RegExp(escaped.map((part) => `(?=.*\\b${part}\\b)`).join(''), 'i');
  return page.getByRole('row', { name });
}

/** Waits until the save state is `word`. */
export async function expectSaveState(
  page: Page,
  word: 'Saved' | 'Not saved' | 'In this tab only',
): Promise<void> {
  await page
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${word}$`) })
    .waitFor();
}
