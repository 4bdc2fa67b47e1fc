import type { VectorAdapter, VectorCase } from './vector-adapter.ts';

const modules = import.meta.glob<Readonly<Record<string, VectorAdapter>>>('./adapters/*.ts', {
  eager: true,
});

/** The adapter of each vector file, by its base name. */
export const vectorAdapters: ReadonlyMap<string, VectorAdapter> = new Map(
  Object.entries(modules).flatMap(([path, module]) => {
    const name = path.replace(/^.*\/|\.ts$/g, '');
    const adapter = module[`${camelCase(name)}Adapter`];
    return adapter === undefined ? [] : [[name, adapter] as const];
  }),
);

/** What only the cases of one file have: a file of another name is told by it. */
const SHAPES: readonly (readonly [string, (one: VectorCase) => boolean])[] = [
  ['time-keys', (one) => has(one, 'definition', 'first', 'validate')],
  ['ranges-static-dynamic-multi', (one) => has(one, 'definition', 'first', 'tags')],
  ['cron', (one) => has(one, 'cron') && (one.kind === 'valid' || one.kind === 'ticks')],
  ['mappings', (one) => has(one, 'upstream', 'downstream', 'direction')],
  ['default-mapping', (one) => has(one, 'upstream', 'downstream') && !has(one, 'direction')],
  ['subsets', (one) => has(one, 'definition', 'op', 'a')],
  ['self-dependency', (one) => has(one, 'definition', 'how')],
  ['config-validate', (one) => has(one, 'schema')],
  ['partitioned-config', (one) => has(one, 'decorator')],
  ['schedules-from-jobs', (one) => has(one, 'job')],
  ['schedule-ticks', (one) => has(one, 'cron', 'daemonAt')],
  ['sensors', (one) => has(one, 'ticks')],
  ['seeds', (one) => has(one, 'seed')],
  ['job-backfill', (one) => has(one, 'partitions', 'keys')],
  ['backfill', (one) => has(one, 'graph', 'target')],
  ['io', (one) => has(one, 'graph', 'runs') && JSON.stringify(one.expect).includes('"files"')],
  ['materialize', (one) => has(one, 'graph', 'runs')],
  ['stale', (one) => has(one, 'graph', 'actions') && JSON.stringify(one).includes('rootCauses')],
  ['partition-status', (one) => has(one, 'graph', 'actions')],
  ['definition-errors', (one) => has(one, 'definition') || has(one, 'mapping')],
];

/** The name of the vector file whose form `cases` have; null if it is none that is known. */
export function shapeOfCases(cases: readonly VectorCase[]): string | null {
  const found = SHAPES.find(([, matches]) => cases.length > 0 && cases.every(matches));
  return found?.[0] ?? null;
}

function has(one: VectorCase, ...fields: readonly string[]): boolean {
  return fields.every((field) => field in one);
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
