import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import type { Event, EventId } from './event.ts';
import type { KeySpace } from './key-space.ts';
import type { InstanceStore, LogBatch, StatusCheckpoint } from './ports.ts';
import { stepKeyOf } from './run-events.ts';
import { AssetStatusFold } from './status-fold.ts';

/** Events that one read of the log brings. */
const BATCH = 5000;

/**
 * The folds of all assets that the log of one notebook knows, declared now or not: an
 * asset whose cell comes back has its history at once.
 */
export class StatusFolds {
  readonly #folds = new Map<AssetKeyText, AssetStatusFold>();
  /** By the steps that compute them; several assets may share one. */
  readonly #byStep = new Map<string, Set<AssetStatusFold>>();
  #declared: readonly AssetSpec[] = [];
  #keySpace: KeySpace | null = null;
  /** The last event that every fold has taken. */
  #reaches: EventId = 0;
  #changed = false;

  get reachesEventId(): EventId {
    return this.#reaches;
  }

  /** The fold of a declared asset. */
  of(assetKey: AssetKeyText): AssetStatusFold {
    let fold = this.#folds.get(assetKey);
    if (!fold) {
      const asset = this.#declared.find((one) => one.assetKey === assetKey);
      fold = new AssetStatusFold(
        assetKey,
        this.#keySpace?.indexOf(asset?.partitionsDef ?? null) ?? null,
      );
      this.#folds.set(assetKey, fold);
      this.#noteStep(stepKeyOf(assetKey), fold);
    }
    return fold;
  }

  /** Says which assets are declared, and which keys exist; every key keeps its history. */
  declare(assets: readonly AssetSpec[], keySpace: KeySpace): void {
    this.#declared = assets;
    this.#keySpace = keySpace;
    for (const { assetKey, partitionsDef } of assets) {
      const index = keySpace.indexOf(partitionsDef);
      const known = this.#folds.get(assetKey);
      if (known) known.reindex(index);
      else this.of(assetKey);
    }
  }

  /**
   * Takes up the history: from the checkpoints that fit what is declared, and from the
   * log after them. To be called once, after `declare` and before `apply`.
   */
  async load(
    notebookId: string,
    instances: Pick<InstanceStore, 'readCheckpoints' | 'readEvents'>,
  ): Promise<void> {
    const reached = new Map<AssetKeyText, EventId>();
    let newest = 0;
    const unfit = new Set<AssetKeyText>();
    for (const checkpoint of await instances.readCheckpoints(notebookId)) {
      const { assetKey, definitionIdentity, state, reachesEventId } = checkpoint;
      newest = Math.max(newest, reachesEventId);
      const fold = this.of(assetKey);
      if (fold.restore(definitionIdentity, state)) {
        reached.set(assetKey, reachesEventId);
        for (const stepKey of fold.openStepKeys) this.#noteStep(stepKey, fold);
      } else unfit.add(assetKey);
    }
    for (const assetKey of this.#folds.keys()) {
      if (!reached.has(assetKey)) reached.set(assetKey, unfit.has(assetKey) ? 0 : newest);
    }
    const start = reached.size > 0 ? Math.min(...reached.values()) : 0;
    for await (const events of instances.readEvents(notebookId, start, BATCH)) {
      for (const event of events) this.#take(event, reached);
    }
    this.#reaches = Math.max(this.#reaches, start, ...reached.values());
  }

  /** Takes events that follow what was taken; others are passed over. */
  apply(events: readonly Event[]): void {
    for (const event of events) {
      if (event.eventId > this.#reaches) this.#take(event, null);
    }
  }

  /**
   * Checkpoints of all assets; empty if nothing changed since this was last asked. Always
   * of all, so that an asset without one has no history up to the newest.
   */
  takeCheckpoints(): LogBatch['checkpoints'] {
    if (!this.#changed) return [];
    this.#changed = false;
    return [...this.#folds.values()].map((fold): Omit<StatusCheckpoint, 'reachesEventId'> => ({
      assetKey: fold.assetKey,
      definitionIdentity: fold.identity,
      state: fold.checkpoint(),
    }));
  }

  #take(event: Event, reached: ReadonlyMap<AssetKeyText, EventId> | null): void {
    const { eventId, type, assetKey, stepKey } = event;
    const isNews = (fold: AssetStatusFold) => eventId > (reached?.get(fold.assetKey) ?? 0);
    this.#reaches = Math.max(this.#reaches, eventId);
    switch (type) {
      case 'ASSET_MATERIALIZATION':
      case 'ASSET_MATERIALIZATION_PLANNED':
      case 'ASSET_WIPED':
      case 'RUN_DELETED': {
        if (assetKey === null) return;
        const fold = this.of(assetKey);
        if (type === 'ASSET_MATERIALIZATION_PLANNED' && stepKey !== null) {
          this.#noteStep(stepKey, fold);
        }
        if (isNews(fold) && fold.apply(event)) this.#changed = true;
        return;
      }
      case 'STEP_START':
      case 'STEP_FAILURE': {
        for (const fold of this.#byStep.get(stepKey ?? '') ?? []) {
          if (isNews(fold) && fold.apply(event)) this.#changed = true;
        }
        return;
      }
      case 'RUN_START':
      case 'RUN_SUCCESS':
      case 'RUN_FAILURE':
      case 'RUN_CANCELED':
        for (const fold of this.#folds.values()) {
          if (isNews(fold) && fold.apply(event)) this.#changed = true;
        }
    }
  }

  #noteStep(stepKey: string, fold: AssetStatusFold): void {
    const folds = this.#byStep.get(stepKey);
    if (folds) folds.add(fold);
    else this.#byStep.set(stepKey, new Set([fold]));
  }
}
