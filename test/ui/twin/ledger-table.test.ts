import { render } from 'svelte/server';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WorldView } from '../../../src/ledger/world-view.ts';
import LedgerTable from '../../../src/ui/twin/LedgerTable.svelte';
import { cellsOfExample, PlayedWorld } from '../../ledger/played-world.ts';

const worlds: WorldView[] = [];

beforeAll(async () => {
  for (const name of ['partitions', 'config']) {
    const world = await PlayedWorld.of(name, cellsOfExample(name));
    for (const piece of ['customer_a', 'customer_b']) await world.run(piece);
    worlds.push(await world.view());
  }
});

/** The texts of the cells of each row, the row header first. */
function rowsOf(html: string): readonly (readonly string[])[] {
  return [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell
        .replaceAll(/<span[^>]*aria-hidden.*?<\/span>|<!--.*?-->|<[^>]*>/gs, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ),
  );
}

describe('the ledger on the screen', () => {
  it('[LED-5] a row has its question first, then a cell for each world with its verdict in words', () => {
    const { body } = render(LedgerTable, { props: { worlds } });
    expect(body).toContain('aria-label="What can be known afterwards"');
    const rows = rowsOf(body);
    expect(rows[0]?.slice(1)).toEqual(['partitions 9 of 12 recorded', 'config 4 of 12 recorded']);
    expect(rows[1]).toEqual([
      'Which customers are done?',
      'recorded: customer_a and customer_b',
      'by hand: 4 materializations, none says whose: open 2 runs’ configs',
    ]);
  });

  it('[LED-15] [LED-16] the five rows and what follows stand below', () => {
    const { body } = render(LedgerTable, { props: { worlds } });
    expect(body).toContain('aria-label="The same, in five rows"');
    expect(body).toContain('Partitions answer more here');
    const one = render(LedgerTable, { props: { worlds: worlds.slice(0, 1) } });
    expect(one.body).not.toContain('more here');
  });
});
