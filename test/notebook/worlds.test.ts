import { describe, expect, it } from 'vitest';
import { setCellText } from '../../src/notebook/edit.ts';
import { formatNotebook } from '../../src/notebook/file-format.ts';
import { isShared, notebookOfWorld, textOfWorld, worldsOf } from '../../src/notebook/worlds.ts';
import { glance, notebookOf } from './notebook-of.ts';

const FILE = `# Both ways

\`\`\`ts
const shared = 1;
\`\`\`

\`\`\`ts world=keys
const orders = 'by key';
\`\`\`

\`\`\`ts  world=config
const orders = 'by config';
\`\`\`

The end.
`;

describe('worlds (NB)', () => {
  it('[NB-36] a marked fence is a cell of that world', () => {
    const { cells } = notebookOf(FILE);
    expect(cells.map(({ kind, world }) => [kind, world])).toEqual([
      ['text', undefined],
      ['code', undefined],
      ['code', 'keys'],
      ['code', 'config'],
      ['text', undefined],
    ]);
    expect(cells.filter(isShared)).toHaveLength(3);
  });

  it.each(['```ts world=', '```ts world=1a', '```ts world=a b', '```ts worlds=a', '```tsworld=a'])(
    '[NB-36] %s marks nothing, and is text',
    (fence) => {
      expect(glance(notebookOf(`${fence}\nlet a\n\`\`\`\n`))).toEqual([
        `text:${fence}\nlet a\n\`\`\``,
      ]);
    },
  );

  it('[NB-36] the mark is written back, as it was, and stays through edits', () => {
    const notebook = notebookOf(FILE);
    expect(formatNotebook(notebook)).toBe(FILE);
    const [, , , last] = notebook.cells;
    if (!last) throw new Error('There is no such cell.');
    const edited = formatNotebook(setCellText(notebook, last.cellId, 'const orders = 2;'));
    expect(edited).toBe(
      FILE.replace('ts  world=config', 'ts world=config').replace("'by config'", '2'),
    );
    expect(notebookOf(edited).cells[3]).toMatchObject({ world: 'config' });
  });

  it('[NB-37] worlds come in the order of first appearance', () => {
    expect(worldsOf(notebookOf(FILE))).toEqual(['keys', 'config']);
    expect(worldsOf(notebookOf('```ts\n```\n'))).toEqual([]);
  });

  it('[NB-37] a world is an ordinary notebook', () => {
    const notebook = notebookOf(FILE);
    const text = textOfWorld(notebook, 'config');
    expect(text).toBe(`# Both ways

\`\`\`ts
const shared = 1;
\`\`\`

\`\`\`ts
const orders = 'by config';
\`\`\`

The end.
`);
    expect(worldsOf(notebookOf(text))).toEqual([]);
    expect(notebookOfWorld(notebook, 'config').cells.map(({ cellId }) => cellId)).toEqual(
      [0, 1, 3, 4].map((place) => notebook.cells[place]?.cellId),
    );
  });

  it('[NB-37] of a name that nobody bears, what belongs to all is left', () => {
    expect(glance(notebookOf(textOfWorld(notebookOf(FILE), 'other')))).toEqual([
      'text:# Both ways',
      'code:const shared = 1;',
      'text:The end.',
    ]);
  });
});
