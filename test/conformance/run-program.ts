import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * What a Python program of this folder answers of a project: it is given the project's module, a file with what is
 * asked and one for its answer. @throws with what it wrote if it fails.
 */
export function runProgram<Answer>(
  program: string,
  python: string,
  module: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  asked: object,
): Answer {
  const [to, from] = [`${options.cwd}/asked.json`, `${options.cwd}/answered.json`];
  writeFileSync(to, JSON.stringify(asked));
  const args = [fileURLToPath(new URL(program, import.meta.url)), module, to, from];
  const { status, stderr, error } = spawnSync(python, args, {
    ...options,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr.slice(-4000));
  return JSON.parse(readFileSync(from, 'utf8')) as Answer;
}
