import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { applyConversion } from '../../src/convert/apply-conversion.ts';
import type { TurnedForm } from '../../src/convert/asset-form.ts';
import { convert } from '../../src/convert/convert.ts';
import type { Conversion, ConversionRequest } from '../../src/convert/conversion.ts';
import type { Definitions } from '../../src/definitions/definitions.ts';
import { formatNotebook, parseNotebook } from '../../src/notebook/file-format.ts';
import type { CellId } from '../../src/notebook/notebook.ts';
import { notebookOf } from '../notebook/notebook-of.ts';
import { definitionsIn } from '../sdk/guest-of.ts';

const EXAMPLES = fileURLToPath(new URL('../../public/examples/', import.meta.url));

export function exampleFile(name: string): string {
  return readFileSync(`${EXAMPLES}${name}.md`, 'utf8');
}

/** A file whose cells are these. */
export function fileOf(...cells: readonly string[]): string {
  return cells.map((cell) => `\`\`\`ts\n${cell}\n\`\`\`\n`).join('\n');
}

/** The code cells of a file. */
export function cellsOf(file: string): readonly string[] {
  return notebookOf(file)
    .cells.filter(({ kind }) => kind === 'code')
    .map(({ text }) => text);
}

/** What the cells of a file declare when they are evaluated as the sandbox does. */
export function declaredIn(file: string): Definitions {
  return definitionsIn(...cellsOf(file));
}

type Choice = Partial<Pick<ConversionRequest, 'assetKeys' | 'field' | 'partitions' | 'option'>>;

/** What turning every asset of a file, or those chosen, comes to. */
export function conversionOf(file: string, to: TurnedForm, choice: Choice = {}): Conversion {
  const definitions = declaredIn(file);
  return convert({
    cells: notebookOf(file).cells,
    definitions,
    assetKeys: definitions.assets.map(({ assetKey }) => assetKey),
    to,
    field: null,
    partitions: null,
    option: null,
    ...choice,
  });
}

/** The file turned, written and read again; fails if anything stands in the way. */
export function turned(file: string, to: TurnedForm, choice: Choice = {}): string {
  const { changes, obstacles } = conversionOf(file, to, choice);
  if (obstacles.length > 0) throw new Error(JSON.stringify(obstacles));
  let count = 0;
  const result = applyConversion(notebookOf(file), changes, () => `new-${++count}` as CellId);
  const written = formatNotebook(result);
  return formatNotebook(parseNotebook(written, () => `read-${++count}` as CellId));
}

/** Why assets cannot be turned, as `part: sentence`. */
export function obstaclesOf(file: string, to: TurnedForm, choice: Choice = {}): readonly string[] {
  return conversionOf(file, to, choice).obstacles.map(
    ({ part, sentence }) => `${part}: ${sentence}`,
  );
}
