import { InvalidDefinitionError } from '../../errors.ts';
import type {
  MultiPartitionsDefinition,
  PartitionsDefinition,
  StaticPartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from '../definition/partitions-definition.ts';
import { timeDimensionOf } from '../definition/multi.ts';
import { matchDimension } from './default-mapping.ts';
import type { PartitionMapping } from './partition-mapping.ts';

type Side = 'upstream' | 'downstream';

/**
 * What Dagster checks of one dependency when definitions are validated (INF-6, INF-7, INF-9).
 * `downstream` is null for an asset without partitions; an upstream asset without partitions
 * is not checked.
 *
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function checkMapping(
  mapping: PartitionMapping,
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition | null,
): void {
  switch (mapping.kind) {
    case 'all':
    case 'last':
    case 'specific':
      return;
    case 'function':
      if (downstream !== null) return;
      throw new InvalidDefinitionError(
        'A FunctionPartitionMapping needs a partitioned downstream asset.',
      );
    case 'identity':
      if (downstream !== null && className(upstream) === className(downstream)) return;
      throw new InvalidDefinitionError(
        `Upstream and downstream partitions definitions must match, or a different partition mapping must be provided. Got upstream definition ${describe(upstream)} and downstream definition ${describe(downstream)}.`,
      );
    case 'timeWindow': {
      const to = checkKind(downstream, 'timeWindow', 'downstream');
      requireSameZone(checkKind(upstream, 'timeWindow', 'upstream'), to);
      return;
    }
    case 'static': {
      const from = checkKind(upstream, 'static', 'upstream');
      const to = checkKind(downstream, 'static', 'downstream');
      const pairs = mapping.downstreamByUpstream;
      checkKeys(
        pairs.map(([key]) => key),
        from.keys,
        'source',
        'upstream',
      );
      checkKeys(
        pairs.flatMap(([, keys]) => keys),
        to.keys,
        'target',
        'downstream',
      );
      return;
    }
    case 'multiToSingle': {
      if (downstream === null) {
        throw new InvalidDefinitionError(
          'A MultiToSingleDimensionPartitionMapping needs a partitioned downstream asset.',
        );
      }
      requireDimension(upstream, downstream);
      return;
    }
    case 'multi':
      mappedDimensions(mapping, upstream, downstream);
  }
}

/**
 * Whether an asset may depend on itself through `mapping` (null if it names none), checked where
 * the asset is declared (INF-11).
 *
 * @throws {InvalidDefinitionError}
 */
export function checkSelfDependency(
  assetKey: string,
  mapping: PartitionMapping | null,
  definition: PartitionsDefinition | null,
): void {
  if (mapping !== null && looksBack(mapping)) return;
  if (mapping?.kind === 'multi' && definition?.kind === 'multi') {
    const time = timeDimensionOf(definition);
    if (time === null) {
      throw new InvalidDefinitionError(
        'Expected exactly one time window partitioned dimension.',
        'CheckError',
      );
    }
    const entry = mapping.dimensions.find(({ upstream }) => upstream === time.name);
    if (entry !== undefined && looksBack(entry.mapping)) return;
  }
  throw new InvalidDefinitionError(
    `Asset "${assetKey}" depends on itself. Assets can only depend on themselves if they are (a) time-partitioned, and each partition depends on earlier ones, or (b) multi-partitioned, and the one time dimension depends on earlier time partitions.`,
  );
}

/** Two dimensions that a multi mapping pairs, by their places in name order. */
export interface MappedDimension {
  readonly upstreamPosition: number;
  readonly downstreamPosition: number;
  readonly mapping: PartitionMapping;
}

/**
 * The pairs of a multi mapping (MAP-MM-1).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if a side is not multi, a name is
 *   unknown, or a downstream dimension is named twice.
 */
export function mappedDimensions(
  mapping: Extract<PartitionMapping, { kind: 'multi' }>,
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition | null,
): readonly MappedDimension[] {
  if (upstream.kind !== 'multi' || downstream?.kind !== 'multi') {
    throw new InvalidDefinitionError(
      'Both partitions definitions of a MultiPartitionMapping must be multi-partitioned.',
      'CheckError',
    );
  }
  const place = (definition: MultiPartitionsDefinition, name: string, side: Side): number => {
    const position = definition.dimensions.findIndex((one) => one.name === name);
    if (position >= 0) return position;
    throw new InvalidDefinitionError(
      `The MultiPartitionMapping names the ${side} dimension "${name}", which is not in the ${side} partitions definition. It has ${definition.dimensions.map((one) => one.name).join(' and ')}.`,
      'CheckError',
    );
  };
  const used = new Set<number>();
  return mapping.dimensions.map((pair) => {
    const upstreamPosition = place(upstream, pair.upstream, 'upstream');
    const downstreamPosition = place(downstream, pair.downstream, 'downstream');
    if (used.has(downstreamPosition)) {
      throw new InvalidDefinitionError(
        `The MultiPartitionMapping uses the downstream dimension "${pair.downstream}" twice.`,
        'CheckError',
      );
    }
    used.add(downstreamPosition);
    return { upstreamPosition, downstreamPosition, mapping: pair.mapping };
  });
}

/**
 * The dimension that a multi-to-single mapping goes by. The name that the mapping may hold
 * decides nothing, as in Dagster (MAP-MS-4q).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if there is none.
 */
export function requireDimension(
  upstream: PartitionsDefinition,
  downstream: PartitionsDefinition,
): { readonly position: number; readonly mapping: PartitionMapping } {
  const matched = matchDimension(upstream, downstream);
  if (matched !== null && 'position' in matched) return matched;
  throw new InvalidDefinitionError(
    matched === null
      ? 'A MultiToSingleDimensionPartitionMapping can only be used when one of the two assets is multi-partitioned and the other is not.'
      : `A MultiToSingleDimensionPartitionMapping does not fit: ${matched.problem}.`,
    'CheckError',
  );
}

/** @throws {InvalidDefinitionError} if the zones are not written alike (INF-9). */
export function requireSameZone(
  upstream: TimeWindowPartitionsDefinition,
  downstream: TimeWindowPartitionsDefinition,
): void {
  if (upstream.timezone === downstream.timezone) return;
  throw new InvalidDefinitionError(
    `Timezones ${upstream.timezone} and ${downstream.timezone} don't match.`,
  );
}

function checkKind<Kind extends 'static' | 'timeWindow'>(
  definition: PartitionsDefinition | null,
  kind: Kind,
  side: Side,
): Extract<PartitionsDefinition, { kind: Kind }> {
  if (definition?.kind === kind) return definition as Extract<PartitionsDefinition, { kind: Kind }>;
  throw new InvalidDefinitionError(
    `The ${side} partitions definition must be a ${CLASS_NAMES[kind]}; it is ${describe(definition)}.`,
  );
}

function checkKeys(
  keys: readonly string[],
  known: StaticPartitionsDefinition['keys'],
  end: 'source' | 'target',
  side: Side,
): void {
  const all = new Set(known);
  const unknown = new Set(keys.filter((key) => !all.has(key)));
  if (unknown.size === 0) return;
  throw new InvalidDefinitionError(
    `mapping ${end} partitions not in the ${side} partitions definition: ${[...unknown].join(', ')}`,
    'ValueError',
  );
}

function looksBack(mapping: PartitionMapping): boolean {
  return mapping.kind === 'timeWindow' && mapping.startOffset < 0 && mapping.endOffset < 0;
}

const CLASS_NAMES = {
  static: 'StaticPartitionsDefinition',
  dynamic: 'DynamicPartitionsDefinition',
  multi: 'MultiPartitionsDefinition',
  hourly: 'HourlyPartitionsDefinition',
  daily: 'DailyPartitionsDefinition',
  weekly: 'WeeklyPartitionsDefinition',
  monthly: 'MonthlyPartitionsDefinition',
  timeWindow: 'TimeWindowPartitionsDefinition',
} as const;

function className(definition: PartitionsDefinition): string {
  return CLASS_NAMES[definition.kind === 'timeWindow' ? definition.className : definition.kind];
}

function describe(definition: PartitionsDefinition | null): string {
  return definition === null ? 'none' : `a ${className(definition)}`;
}
