import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { errorAnswer } from './compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from './vector-adapter.ts';
import { shapeOfCases, vectorAdapters } from './vector-adapters.ts';

/** How cases came out. Every case counts once in `passed`, `failed` or `skipped`. */
export interface VectorTally {
  readonly passed: number;
  readonly failed: number;
  /** `python-only` cases. */
  readonly skipped: number;
  /** Answers marked as accidents, which may differ, that came out as recorded. */
  readonly followed: number;
  readonly notFollowed: number;
}

const NOTHING: VectorTally = { passed: 0, failed: 0, skipped: 0, followed: 0, notFollowed: 0 };

/** Values in a report are cut to so many characters. */
const LONGEST_VALUE = 600;

/**
 * Runs every vector file in or below `folder` and prints a line for each, with its failing cases
 * below; last the sums.
 */
export async function runVectors(
  folder: string,
  print: (line: string) => void,
): Promise<VectorTally> {
  let total = NOTHING;
  for (const path of jsonFilesIn(folder)) {
    const { tally, failures } = await runFile(path);
    print(`${relative(folder, path) || basename(path)}: ${sentence(tally)}`);
    for (const failure of failures) print(failure);
    total = sum(total, tally);
  }
  const { passed, failed, skipped, followed, notFollowed } = total;
  print(`${followed} accidents followed, ${notFollowed} not; ${skipped} cases skipped`);
  print(`${passed} passed, ${failed} failed`);
  return total;
}

/** The answers of one case that differ and may not: neither marked as accidents nor for Python only. */
export async function failingAnswers(
  adapter: VectorAdapter,
  one: VectorCase,
): Promise<readonly ComparedAnswer[]> {
  if (isSkipped(one)) return [];
  return (await compareCase(adapter, one)).filter((answer) => fails(one, answer));
}

/** The answers of a case, or the one that says why it could not be asked. */
async function compareCase(
  adapter: VectorAdapter,
  one: VectorCase,
): Promise<readonly ComparedAnswer[]> {
  const wholly = (actual: string): readonly ComparedAnswer[] => [
    { question: 'the case', expected: one.expect, actual, same: false },
  ];
  try {
    const answers = await adapter(one);
    return answers.length > 0 ? answers : wholly('no answer was compared');
  } catch (thrown) {
    const { error, message } = errorAnswer(thrown);
    return wholly(`${error}: ${message}`);
  }
}

const isSkipped = ({ marks }: VectorCase): boolean => marks?.includes('python-only') ?? false;

const isAccident = ({ marks }: VectorCase, { accident }: ComparedAnswer): boolean =>
  accident === true || (marks?.includes('accident') ?? false);

const fails = (one: VectorCase, answer: ComparedAnswer): boolean =>
  !answer.same && !isAccident(one, answer);

async function runFile(
  path: string,
): Promise<{ readonly tally: VectorTally; readonly failures: readonly string[] }> {
  const refused = (reason: string, failed = 1): Awaited<ReturnType<typeof runFile>> => ({
    tally: { ...NOTHING, failed },
    failures: [`  ${reason}`],
  });
  let cases: unknown;
  try {
    cases = (JSON.parse(readFileSync(path, 'utf8')) as { readonly cases?: unknown } | null)?.cases;
  } catch (thrown) {
    return refused(`cannot be read: ${errorAnswer(thrown).message}`);
  }
  if (!Array.isArray(cases)) return refused('has no list of cases');
  const list = cases as readonly VectorCase[];
  const byName = basename(path, '.json');
  const name = vectorAdapters.has(byName) ? byName : shapeOfCases(list);
  const adapter = name === null ? undefined : vectorAdapters.get(name);
  if (adapter === undefined) {
    const what = name === null ? 'cases of an unknown form' : `cases of ${name}`;
    return refused(`there is no adapter for ${what}`, Math.max(1, list.length));
  }
  let tally = NOTHING;
  const failures: string[] = [];
  for (const one of list) {
    const outcome = await runCase(adapter, one);
    tally = sum(tally, outcome.tally);
    failures.push(...outcome.failures);
  }
  return { tally, failures };
}

async function runCase(
  adapter: VectorAdapter,
  one: VectorCase,
): Promise<{ readonly tally: VectorTally; readonly failures: readonly string[] }> {
  if (isSkipped(one)) return { tally: { ...NOTHING, skipped: 1 }, failures: [] };
  const answers = await compareCase(adapter, one);
  const failing = answers.filter((answer) => fails(one, answer));
  const accidents = answers.filter((answer) => isAccident(one, answer));
  const followed = accidents.filter(({ same }) => same).length;
  return {
    tally: {
      passed: failing.length === 0 ? 1 : 0,
      failed: failing.length === 0 ? 0 : 1,
      skipped: 0,
      followed,
      notFollowed: accidents.length - followed,
    },
    failures: failing.map(({ question, expected, actual }) =>
      [
        `  ${one.id}: ${question}`,
        `    expected ${text(expected)}`,
        `    actual   ${text(actual)}`,
      ].join('\n'),
    ),
  };
}

/** Every file below `folder` whose name ends in `.json`, in the order of paths; `folder` may be one itself. */
function jsonFilesIn(folder: string): readonly string[] {
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return jsonFilesIn(path);
      return entry.name.endsWith('.json') ? [path] : [];
    });
}

function sum(a: VectorTally, b: VectorTally): VectorTally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    followed: a.followed + b.followed,
    notFollowed: a.notFollowed + b.notFollowed,
  };
}

function sentence({ passed, failed, skipped, followed, notFollowed }: VectorTally): string {
  return [
    `${passed} passed, ${failed} failed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(followed + notFollowed > 0 ? [`${followed} accidents followed, ${notFollowed} not`] : []),
  ].join('; ');
}

function text(value: unknown): string {
  const written = JSON.stringify(value) ?? String(value);
  return written.length > LONGEST_VALUE ? `${written.slice(0, LONGEST_VALUE)} …` : written;
}
