import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { useChromium, visit } from './chromium.ts';
import { expectCard, linkTo, notebookOf } from './notebook-page.ts';

useChromium();

describe('Export to Dagster', () => {
  it('stands in the dialog of Share, and gives the project as one file', async () => {
    await visit('?example=weather', {}, async ({ page }) => {
      await expectCard(page, 'weather_days', '0 of 1,461 materialized');
      await page.getByRole('button', { name: 'Share', exact: true }).click();
      await page.getByRole('button', { name: 'Export to Dagster' }).click();
      const dialog = page.getByRole('dialog', { name: 'Export to Dagster' });
      await dialog.getByRole('region', { name: 'definitions.py' }).waitFor();
      await expectAccessible(page);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        dialog.getByRole('button', { name: 'Download the project' }).click(),
      ]);
      const folder = 'partita-four-years-of-seattle-weather';
      expect(download.suggestedFilename()).toBe(`${folder}.zip`);
      const files = unzipSync(readFileSync(await download.path()));
      const definitions = files[`${folder}/partita_four_years_of_seattle_weather/definitions.py`];
      expect(strFromU8(definitions ?? new Uint8Array())).toContain('months = dg.MonthlyPartitions');
      const csv =
        files[`${folder}/partita_four_years_of_seattle_weather/notebook/files/seattle-weather.csv`];
      expect(csv).toEqual(new Uint8Array(readFileSync('public/examples/seattle-weather.csv')));
    });
  });

  it('says what is left out and what does not load', async () => {
    const notebook = notebookOf(
      `const orders = dg.asset({ key: ['my team', 'orders'] }, () => 1);`,
      `const broken = dg.asset({ partitionsDef: 3 }, () => 1);`,
      `dg.test('passes', () => {});`,
    );
    await visit(linkTo(notebook), {}, async ({ page }) => {
      await expectCard(page, 'my team/orders', 'my team/orders');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Find a command' }).fill('Export to Dagster');
      await page.getByRole('option', { name: /Export to Dagster/, selected: true }).waitFor();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Export to Dagster' });
      await dialog.getByText('One cell does not load').waitFor();
      await dialog.getByText('Tests of cells are run by the notebook.').waitFor();
      await dialog.getByText('my_team/orders').first().waitFor();
    });
  });
});
