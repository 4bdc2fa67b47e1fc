import { createHash } from 'node:crypto';
import { makeMultiPartitionsDefinition } from '../../src/partitions/definition/multi.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';

/** A definition as workloads.json writes it. */
export type WrittenDefinition =
  | { readonly kind: 'static'; readonly generate: GeneratedKeys }
  | { readonly kind: 'multi'; readonly dimensions: Readonly<Record<string, WrittenDefinition>> }
  | {
      readonly kind: 'hourly' | 'daily' | 'timeWindow';
      readonly start: string;
      readonly end: string;
      readonly timezone: string;
      readonly cron?: string;
      readonly fmt?: string;
    };

interface GeneratedKeys {
  readonly prefix: string;
  /** Digits of each number. */
  readonly pad: number;
  readonly count: number;
  readonly from: number;
}

/** Makes a new definition, which nothing has been asked yet. */
export function definitionOf(written: WrittenDefinition): PartitionsDefinition {
  switch (written.kind) {
    case 'static': {
      const { prefix, pad, count, from } = written.generate;
      return makeStaticPartitionsDefinition(
        Array.from({ length: count }, (_, at) => prefix + String(at + from).padStart(pad, '0')),
      );
    }
    case 'multi':
      return makeMultiPartitionsDefinition(
        Object.fromEntries(
          Object.entries(written.dimensions).map(([name, inner]) => [name, definitionOf(inner)]),
        ),
      );
    default: {
      const { kind, cron, ...rest } = written;
      return makeTimeWindowPartitionsDefinition({ ...rest, className: kind, cronSchedule: cron });
    }
  }
}

/** The same texts, made anew as they come from a message or a file. */
export function fromOutside(keys: readonly string[]): readonly string[] {
  return JSON.parse(JSON.stringify(keys)) as readonly string[];
}

/** The chance of workloads.json: the same numbers in every language. */
export class SeededChance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to before `count`. */
  index(count: number): number {
    return Math.floor((this.#next() * count) / 2 ** 32);
  }

  coin(): boolean {
    return this.#next() < 2 ** 31;
  }

  #next(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state;
  }
}

/** What proves that two engines did the same work; the items of each kind of work are named in workloads.json. */
export function checksum(items: readonly string[]): string {
  return createHash('sha256').update(items.join('\n')).digest('hex').slice(0, 16);
}

/** The middle of `values`; NaN if there are none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
