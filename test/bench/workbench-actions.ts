import type { Locator, Page } from 'playwright-core';

/** Something that a reader does; what is found beforehand is not in its figures. */
export interface WorkbenchAction {
  readonly name: string;
  /** Looks up what the pointer needs, and makes ready; null if there is nothing of the kind. */
  readonly prepare: (page: Page) => Promise<Place | null>;
  readonly act: (page: Page, place: Place) => Promise<void>;
  /** How long what it sets off may take until it is over, ms. */
  readonly settleMs: number;
  /** Whether frames follow one another all the while, as when something is dragged. */
  readonly isMotion: boolean;
}

/** Where something stands in the window, CSS px. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const SETTLE_MS = 1_500;
const MOVES = 120;
const VIEWS = [
  'Graph',
  'Runs',
  'Backfills',
  'Automation',
  'Jobs',
  'Mappings',
  'Partitions',
] as const;

/** Every second hour of each day. */
const EVERY_SECOND = Array.from(
  { length: 12 },
  (_, at) => `*-${String(at * 2).padStart(2, '0')}:00`,
).join(', ');
/** As many of them as can be reported at once. */
const BY_TURNS = `(${EVERY_SECOND}) & latest 100000`;

/** Materializes every second of the latest keys of `readings` by hand, after which no two neighbours of these stand alike. */
export const REPORT_BY_TURNS: readonly WorkbenchAction[] = [
  press('open Partitions', (page) => tab(page, 'Partitions')),
  press('select keys', (page) => page.getByRole('button', { name: 'Select keys', exact: true })),
  pasted('paste a selection of every second key', EVERY_SECOND),
  {
    ...press('report more than can be', (page) =>
      page.getByRole('button', { name: 'Report as materialized' }),
    ),
    settleMs: 2_000,
  },
  pasted('paste one of the latest of them', BY_TURNS),
  {
    ...press('report them as materialized', (page) =>
      page.getByRole('button', { name: 'Report as materialized' }),
    ),
    settleMs: 10_000,
  },
  press('picking is done', (page) => page.getByRole('button', { name: 'Done', exact: true })),
  press('select nothing', (page) => page.getByRole('button', { name: 'Clear', exact: true })),
];

/** What a reader does with a graph of many assets. */
export const GRAPH_ACTIONS: readonly WorkbenchAction[] = [
  press('open Partitions', (page) => tab(page, 'Partitions')),
  press('open Graph', (page) => tab(page, 'Graph')),
  press('graph: show all', (page) => page.getByRole('button', { name: 'Show all', exact: true })),
  press('graph: choose an asset', (page) => page.getByRole('button', { name: /^asset_50/ })),
  motion('graph: zoom', graph, zoomIn),
  motion('graph: pan', graph, drag),
];

/** What a reader does in the workbench of the example `size`, in this order. */
export const SIZE_ACTIONS: readonly WorkbenchAction[] = [
  ...VIEWS.map((view) => press(`open ${view}`, (page) => tab(page, view))),
  press('timeline: show all', (page) => page.getByRole('radio', { name: 'All', exact: true })),
  motion('timeline: zoom', lane, zoomIn),
  motion('timeline: pan', lane, drag),
  motion('timeline: point', lane, hover),
  onPlace('timeline: brush', lane, brushAll),
  press('axis of keys', (page) => page.getByRole('radio', { name: 'Keys', exact: true })),
  onPlace('bar: brush all', bar, brushAll),
  press('bar: select none', (page) => page.getByRole('button', { name: 'Clear', exact: true })),
  motion('bar: zoom', bar, zoomIn),
  motion('bar: pan', bar, drag),
  motion('bar: point', bar, hover),
  press('list missing keys', (page) => page.getByRole('button', { name: /missing$/ })),
  press('list them no longer', (page) => page.getByRole('button', { name: /missing$/ })),
  press('choose a key', bar),
  press('launch panel: open', (page) =>
    card(page).getByRole('button', { name: 'Materialize', exact: true }),
  ),
  typed('launch panel: type a selection', '[2026-03-01-00:00...] & weekends - latest 3'),
  typed('launch panel: type all', 'all'),
  typed('launch panel: type missing', 'missing'),
  onPlace('launch panel: brush all', panelBar, brushAll),
  press('launch panel: options', (page) => panel(page).locator('summary').last()),
  typed('launch panel: type a few', 'latest 3'),
  {
    ...press('materialize 3 keys', (page) =>
      panel(page).getByRole('button', { name: 'Launch 3 runs' }),
    ),
    settleMs: 6_000,
  },
  press('open Mappings again', (page) => tab(page, 'Mappings')),
  motion('mappings: point', mappingsBar, hover),
];

/** Waits until the card of an asset says `text`. */
export async function untilCard(page: Page, asset: string, text: string): Promise<void> {
  const region = page.getByRole('region', { name: `Asset ${asset}`, exact: true });
  await region.getByText(text).first().waitFor({ timeout: 120_000 });
}

function tab(page: Page, view: string): Locator {
  return page.getByRole('tab', { name: view, exact: true });
}

function card(page: Page): Locator {
  return page.getByRole('region', { name: 'Asset readings', exact: true });
}

/** Its upper left, where no asset stands once all are shown. */
function graph(page: Page): Locator {
  return page.getByRole('tabpanel').locator('.viewport');
}

function panel(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Materialize readings', exact: true });
}

function panelBar(page: Page): Locator {
  return panel(page).getByRole('slider', { name: 'Keys of readings to launch' });
}

function lane(page: Page): Locator {
  return page.getByRole('slider', { name: 'Timeline of readings' });
}

function bar(page: Page): Locator {
  return page.getByRole('slider', { name: 'Keys of readings', exact: true });
}

function mappingsBar(page: Page): Locator {
  return page
    .getByRole('tabpanel')
    .getByRole('slider', { name: 'Partitions of daily_readings', exact: true })
    .first();
}

async function placeOf(locator: Locator): Promise<Place | null> {
  if ((await locator.count()) === 0) return null;
  await locator.first().scrollIntoViewIfNeeded();
  return locator.first().boundingBox();
}

function onPlace(
  name: string,
  find: (page: Page) => Locator,
  act: WorkbenchAction['act'],
): WorkbenchAction {
  const prepare = (page: Page) => placeOf(find(page));
  return { name, prepare, act, settleMs: SETTLE_MS, isMotion: false };
}

function motion(
  name: string,
  find: (page: Page) => Locator,
  act: WorkbenchAction['act'],
): WorkbenchAction {
  return { ...onPlace(name, find, act), isMotion: true };
}

function press(name: string, find: (page: Page) => Locator): WorkbenchAction {
  return onPlace(name, find, async (page, { x, y, width, height }) => {
    await page.mouse.click(x + width / 2, y + height / 2);
  });
}

/** In place of what stands in the field of the view of partitions. */
function pasted(name: string, text: string): WorkbenchAction {
  const paste = onPlace(
    name,
    (page) => page.getByRole('textbox', { name: 'Partitions', exact: true }),
    async (page, { x, y }) => {
      await page.mouse.click(x + 8, y + 8);
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
    },
  );
  return { ...paste, settleMs: 5_000 };
}

function typed(name: string, text: string): WorkbenchAction {
  return {
    name,
    async prepare(page) {
      const field = panel(page).getByRole('textbox', { name: 'Partitions', exact: true });
      await field.fill('');
      return placeOf(field);
    },
    act: async (page) => page.keyboard.type(text, { delay: 40 }),
    settleMs: SETTLE_MS,
    isMotion: false,
  };
}

async function zoomIn(page: Page, { x, y, width, height }: Place): Promise<void> {
  await page.mouse.move(x + width * 0.4, y + height / 2);
  await page.keyboard.down('Control');
  for (let turn = 0; turn < 30; turn += 1) await page.mouse.wheel(0, -25);
  await page.keyboard.up('Control');
}

/** As `pan` does: there and back. */
export async function drag(page: Page, { x, y, width, height }: Place): Promise<void> {
  const middle = y + height / 2;
  await page.mouse.move(x + width * 0.5, middle);
  await page.mouse.down();
  for (let move = 1; move <= MOVES; move += 1) {
    const away = Math.sin((move / MOVES) * Math.PI * 2) * 0.45;
    await page.mouse.move(x + width * (0.5 + away), middle);
  }
  await page.mouse.up();
}

async function hover(page: Page, { x, y, width, height }: Place): Promise<void> {
  for (let move = 1; move <= MOVES; move += 1) {
    await page.mouse.move(x + (width * move) / (MOVES + 1), y + height / 2);
  }
}

async function brushAll(page: Page, { x, y, width, height }: Place): Promise<void> {
  const middle = y + height / 2;
  await page.keyboard.down('Shift');
  await page.mouse.move(x + 1, middle);
  await page.mouse.down();
  for (let step = 1; step <= 10; step += 1) {
    await page.mouse.move(x + 1 + ((width - 2) * step) / 10, middle);
  }
  await page.mouse.up();
  await page.keyboard.up('Shift');
}
