import { readFileSync } from 'node:fs';
import { PlaygroundError } from '../../src/errors.ts';

/** The cases of one file of recorded answers; their form is in test/vectors/partitions/README.md. */
export function readVectors<Case>(name: string): readonly Case[] {
  const path = new URL(`../vectors/partitions/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly Case[] }).cases;
}

export const instant = (text: string): number => Date.parse(text);

/** An instant as the vectors write it. */
export const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/** Dagster's class of what `act` throws; null if it throws nothing. */
export function errorKind(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (thrown) {
    if (!(thrown instanceof PlaygroundError)) throw thrown;
    return (thrown as PlaygroundError & { kind?: string }).kind ?? thrown.code;
  }
}
