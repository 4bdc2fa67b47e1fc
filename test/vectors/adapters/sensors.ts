import type { SensorSpec } from '../../../src/definitions/definitions.ts';
import type { DynamicPartitionsResult } from '../../../src/orchestration/dynamic-partitions-requests.ts';
import {
  decideSensorRetry,
  decideSensorTick,
  type SensorTickDecision,
  type SensorTickWorld,
  type UnfinishedTick,
} from '../../../src/orchestration/sensor-tick.ts';
import { instant } from '../../partitions/vectors.ts';
import {
  assetCells,
  errorAnswerOf,
  loadCells,
  outcomeOf,
  raiseExpression,
  requestExpression,
  requestsExpression,
  worldAt,
  writtenRun,
  type LoadedCells,
  type WrittenAsset,
  type WrittenRequest,
  type WrittenStore,
} from '../automation-cells.ts';
import { compared } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface SensorsCase extends VectorCase {
  readonly assets: readonly WrittenAsset[];
  readonly start: string;
  readonly ticks: readonly { readonly returns: WrittenReturn }[];
  readonly dynamicPartitions?: WrittenStore;
  readonly targetKind?: 'assetSelection';
  readonly expect: {
    readonly loadError?: unknown;
    readonly ticks?: readonly Readonly<Record<string, unknown>>[];
  };
}

interface WrittenReturn {
  readonly kind?: 'list' | 'single' | 'none' | 'skip' | 'raise';
  readonly requests?: readonly WrittenRequest[];
  readonly dynamic?: readonly {
    readonly name: string;
    readonly add?: readonly string[];
    readonly delete?: readonly string[];
  }[];
  readonly cursor?: string;
  readonly skip?: string;
  readonly message?: string;
  readonly updateCursor?: string;
}

/** What a sensor and its instance carry from one tick to the next. */
interface Kept {
  cursor: string | null;
  unfinished: UnfinishedTick | null;
  readonly store: Map<string, readonly string[]>;
  readonly usedRunKeys: Set<string>;
}

const TICK_MS = 60_000;

/** Sensors of cells, driven as the daemon drives them, a minute apart. */
export const sensorsAdapter: VectorAdapter = async (vectorCase) => {
  const asked = vectorCase as SensorsCase;
  const { expect } = asked;
  const kept: Kept = {
    cursor: null,
    unfinished: null,
    store: new Map(Object.entries(asked.dynamicPartitions ?? {})),
    usedRunKeys: new Set(),
  };
  const answers: ComparedAnswer[] = [];
  for (const [number, { returns }] of asked.ticks.entries()) {
    const now = instant(asked.start) + number * TICK_MS;
    const world = worldAt(now, Object.fromEntries(kept.store));
    const loaded = loadCells(cellsOf(asked, returns), world);
    if ('loadError' in loaded) return [compared('loadError', expect.loadError, loaded.loadError)];
    for (const { name } of returns.dynamic ?? []) {
      if (!kept.store.has(name)) kept.store.set(name, []);
    }
    const decision = await tickOf(loaded, now, kept);
    apply(decision, kept);
    answers.push(
      ...compareTick(`tick ${number + 1}`, expect.ticks?.[number] ?? {}, decision, kept),
    );
  }
  return [compared('number of ticks', expect.ticks?.length, asked.ticks.length), ...answers];
};

async function tickOf(
  { guest, definitions, graph }: LoadedCells,
  now: number,
  kept: Kept,
): Promise<SensorTickDecision> {
  const sensor = definitions.sensors[0] as SensorSpec;
  const { sensorName } = sensor;
  const { cursor, store, usedRunKeys, unfinished } = kept;
  const tickWorld: SensorTickWorld = {
    definitions,
    graph,
    now,
    dynamicPartitions: store,
    cursor,
    usedRunKeys,
    staleAmong: ({ assetKeys }) => assetKeys,
  };
  if (unfinished) return decideSensorRetry(sensor, unfinished, tickWorld);
  const world = worldAt(now, Object.fromEntries(store));
  const request = { stepId: 1, sensorName, cursor, lastTickAt: null, world };
  const outcome = outcomeOf(await guest.evaluateSensor(request));
  return decideSensorTick(sensor, outcome, tickWorld);
}

function apply(decision: SensorTickDecision, kept: Kept): void {
  if (kept.unfinished === null) {
    for (const { action, partitionsDefName, changed } of decision.dynamicPartitions) {
      const known = kept.store.get(partitionsDefName) ?? [];
      kept.store.set(
        partitionsDefName,
        action === 'add' ? [...known, ...changed] : known.filter((key) => !changed.includes(key)),
      );
    }
  }
  kept.cursor = decision.cursor;
  kept.unfinished = decision.unfinished;
  for (const { runKey } of decision.launches) if (runKey) kept.usedRunKeys.add(runKey);
}

function compareTick(
  name: string,
  expected: Readonly<Record<string, unknown>>,
  decision: SensorTickDecision,
  { store }: Kept,
): readonly ComparedAnswer[] {
  const { status, skipMessage, error, launches, skippedRunKeys, cursor } = decision;
  return [
    compared(`${name} status`, expected['status'], status),
    compared(`${name} skip`, expected['skip'], skipMessage ?? undefined),
    compared(`${name} error`, expected['error'], error ? errorAnswerOf(error) : undefined),
    compared(`${name} launched`, expected['launched'], launches.map(writtenRun)),
    compared(`${name} skippedRunKeys`, expected['skippedRunKeys'], skippedRunKeys),
    // No request of the language becomes a backfill (RR-5).
    compared(`${name} backfills`, expected['backfills'], []),
    compared(`${name} cursor`, expected['cursor'], cursor),
    compared(
      `${name} dynamicResults`,
      expected['dynamicResults'],
      decision.dynamicPartitions.map(writtenResult),
    ),
    compared(`${name} store`, expected['store'], Object.fromEntries(store)),
  ];
}

function writtenResult({
  action,
  partitionsDefName,
  changed,
  skipped,
}: DynamicPartitionsResult): unknown {
  return {
    name: partitionsDefName,
    [action === 'add' ? 'added' : 'deleted']: changed,
    skipped,
  };
}

function cellsOf({ assets, targetKind }: SensorsCase, returns: WrittenReturn): readonly string[] {
  const target =
    targetKind === 'assetSelection' ? 'assetSelection: dg.AssetSelection.all()' : 'job: my_job';
  const update =
    returns.updateCursor === undefined
      ? ''
      : `context.updateCursor(${JSON.stringify(returns.updateCursor)});`;
  return [
    ...assetCells(assets, undefined),
    `dg.sensor({ name: 'my_sensor', ${target} }, (context) => {
  ${update}
  ${returnStatement(returns)}
});`,
  ];
}

function returnStatement(returns: WrittenReturn): string {
  const { kind, requests, message } = returns;
  switch (kind) {
    case 'none':
      return '';
    case 'skip':
      return `return dg.SkipReason(${message === undefined ? '' : JSON.stringify(message)});`;
    case 'raise':
      return raiseExpression(message ?? '');
    case 'single':
      return `return ${requestExpression(requests?.[0] ?? {})};`;
    case 'list':
      return `return ${requestsExpression(requests)};`;
    default:
      return `return dg.SensorResult({ ${sensorResultOptions(returns).join(', ')} });`;
  }
}

function sensorResultOptions({
  requests,
  skip,
  cursor,
  dynamic,
}: WrittenReturn): readonly string[] {
  const changes = dynamic?.map((change) => {
    const definition = `dg.DynamicPartitionsDefinition({ name: ${JSON.stringify(change.name)} })`;
    return change.add
      ? `${definition}.buildAddRequest(${JSON.stringify(change.add)})`
      : `${definition}.buildDeleteRequest(${JSON.stringify(change.delete)})`;
  });
  return [
    ...(requests ? [`runRequests: ${requestsExpression(requests)}`] : []),
    ...(skip === undefined ? [] : [`skipReason: ${JSON.stringify(skip)}`]),
    ...(cursor === undefined ? [] : [`cursor: ${JSON.stringify(cursor)}`]),
    ...(changes ? [`dynamicPartitionsRequests: [${changes.join(', ')}]`] : []),
  ];
}
