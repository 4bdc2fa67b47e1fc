import { describe, expect, it } from 'vitest';
import { analyseCell } from '../../src/notebook/analysis.ts';
import { analysesOf } from '../../workers/cell-analyses.ts';

describe('the analyses of cells', () => {
  it('[NB-29] a cell whose text is known is not parsed again', async () => {
    const known = analyseCell('const b = a');
    const analyses = await analysesOf(['const a = 2', 'const b = a'], [known]);
    expect([...analyses.keys()]).toEqual(['const a = 2', 'const b = a']);
    expect(analyses.get('const b = a')).toBe(known);
    expect(analyses.get('const a = 2')?.declarations.map(({ name }) => name)).toEqual(['a']);
  });

  it('are those of the parser, whatever else is known', async () => {
    const texts = ['const a = ;', 'a + b'];
    const analyses = await analysesOf(texts, [analyseCell('const c = 1')]);
    expect([...analyses.values()]).toEqual(texts.map(analyseCell));
  });
});
