/*
 * `npm run vectors -- [FOLDER]`: asks the engine what was asked of Dagster, in every vector
 * file below a folder (these, without one), and prints a line for each file. Exits with 1 if
 * an answer differs. Vite loads the engine, so that it is TypeScript.
 */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const { module } = await runnerImport(`${here}run-vectors.ts`, { logLevel: 'error' });
const { failed } = await module.runVectors(process.argv[2] ?? here, (line) => console.log(line));
process.exitCode = failed === 0 ? 0 : 1;
