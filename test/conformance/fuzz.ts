import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { failingAnswers } from '../vectors/run-vectors.ts';
import type { ComparedAnswer, VectorCase } from '../vectors/vector-adapter.ts';
import { shapeOfCases, vectorAdapters } from '../vectors/vector-adapters.ts';
import { Chance, randomCase, type Unanswered } from './random-cases.ts';
import { simplerCases } from './simpler-cases.ts';

const PROGRAM = fileURLToPath(new URL('ask_dagster.py', import.meta.url));
const BATCH = 100;
/** Rounds in which a difference is made simpler. */
const MOST_ROUNDS = 40;

/** Real Dagster, answering questions in the form of the vectors. */
class AskedDagster {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(python: string) {
    this.#process = spawn(python, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.#process;
    if (!stdout) throw new Error('Python does not answer.');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** With answers; null for what cannot be asked. */
  async answers(cases: readonly Unanswered[]): Promise<readonly (VectorCase | null)[]> {
    this.#process.stdin?.write(`${JSON.stringify(cases)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('Python has ended.');
    return JSON.parse(value as string) as readonly (VectorCase | null)[];
  }

  end(): void {
    this.#process.stdin?.end();
  }
}

/** A question that is answered differently, as simple as it could be made. */
interface Difference {
  readonly vector: VectorCase;
  readonly answers: readonly ComparedAnswer[];
}

/**
 * Asks real Dagster and the engine random questions, the same for a seed, and prints each difference as a
 * vector. Answers that Dagster itself contradicts, or that follow from a known quirk, are counted apart.
 *
 * @returns how many differences there are.
 */
export async function fuzz(
  python: string,
  count: number,
  seed: number,
  print: (line: string) => void,
): Promise<number> {
  const chance = new Chance(seed);
  const dagster = new AskedDagster(python);
  const quirks = new Map<string, number>();
  let [asked, unasked, differences] = [0, 0, 0];
  try {
    while (asked < count) {
      const cases: Unanswered[] = [];
      while (cases.length < Math.min(BATCH, count - asked)) {
        const one = randomCase(chance, `random-${seed}-${asked + unasked + cases.length}`);
        if (one) cases.push(one);
      }
      const vectors = await dagster.answers(cases);
      for (const [at, vector] of vectors.entries()) {
        if (!vector) {
          unasked += 1;
          continue;
        }
        asked += 1;
        const why = vector.marks?.includes('accident') ? String(vector.why ?? 'an error') : null;
        if (why !== null) quirks.set(why, (quirks.get(why) ?? 0) + 1);
        const answers = await differencesIn(vector);
        if (answers.length === 0) continue;
        differences += 1;
        const found = await simplest(dagster, cases[at] as Unanswered, { vector, answers });
        print(JSON.stringify(found.vector));
        for (const { question, expected, actual } of found.answers) {
          print(
            `  ${question}: Dagster ${JSON.stringify(expected)}, here ${JSON.stringify(actual)}`,
          );
        }
      }
    }
  } finally {
    dagster.end();
  }
  print(`${asked} questions asked, seed ${seed}; ${differences} answered differently`);
  for (const [quirk, times] of quirks) print(`  ${times} not compared: ${quirk}`);
  return differences;
}

async function differencesIn(vector: VectorCase): Promise<readonly ComparedAnswer[]> {
  const adapter = vectorAdapters.get(shapeOfCases([vector]) ?? 'time-keys');
  return adapter ? failingAnswers(adapter, vector) : [];
}

/** Goes on to a simpler question as long as one is still answered differently. */
async function simplest(
  dagster: AskedDagster,
  one: Unanswered,
  difference: Difference,
): Promise<Difference> {
  let [current, found] = [one, difference];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const candidates = simplerCases(current);
    const vectors = await dagster.answers(candidates);
    let next: number | null = null;
    for (const [at, vector] of vectors.entries()) {
      const answers = vector ? await differencesIn(vector) : [];
      if (!vector || answers.length === 0) continue;
      found = { vector, answers };
      next = at;
      break;
    }
    if (next === null) break;
    current = candidates[next] as Unanswered;
  }
  return found;
}
