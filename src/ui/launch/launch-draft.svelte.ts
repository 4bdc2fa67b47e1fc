import { untrack } from 'svelte';
import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { AssetSpec } from '../../definitions/definitions.ts';
import type { LaunchExtras, LaunchPace } from '../../orchestration/backfill/launch-extras.ts';
import { stepKeyOf } from '../../orchestration/run-events.ts';
import type { RunConfig } from '../../orchestration/run.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import { rangesOf, subsetOfRanges } from '../../partitions/key-ranges.ts';
import { countOf } from '../../partitions/subset/subset-algebra.ts';
import type { LaunchRequest } from '../../protocol/engine.ts';
import { firstChoice } from '../selection/quick-choices.ts';
import { SelectionState } from '../selection/selection-state.svelte.ts';
import { selectionSourceOf } from '../selection/session-source.ts';
import {
  configFor,
  configuredAssets,
  entriesIn,
  initialEntries,
  runConfigOf,
  type ConfigEntries,
} from './config-draft.ts';
import {
  faultyKeys,
  keyColumns,
  keyedConfigs,
  NO_KEY_CONFIG,
  type KeyConfig,
} from './key-config.ts';
import { recall, remember } from './last-launch.ts';
import { downstreamAssets, keyedAsset } from './launch-assets.ts';

/** What is chosen in an open launch panel, and the request that it comes to. */
export class LaunchDraft {
  readonly #session: NotebookSession;
  readonly #opened: NotebookSession['launchPanel'];
  readonly #last: ReturnType<typeof recall>;
  /** The assets that the panel was opened for. */
  readonly asked: readonly string[];
  /** The job that the panel was opened for; null for none. */
  readonly jobName: string | null;

  /** Downstream assets that go along. */
  also: readonly string[] = $state.raw([]);
  keyConfig: KeyConfig = $state.raw(NO_KEY_CONFIG);
  pace: LaunchPace = $state.raw({});
  ownTags: readonly (readonly [name: string, value: string])[] = $state.raw([]);
  /** What was typed or remembered, by step. */
  #entries: Readonly<Record<string, ConfigEntries>> = $state.raw({});

  readonly selection = new SelectionState(() =>
    this.keyed ? selectionSourceOf(this.#session, this.keyed.assetKey) : null,
  );

  readonly job = $derived.by(
    () => this.#session.definitions.jobs.find(({ jobName }) => jobName === this.jobName) ?? null,
  );
  /** All that is launched: what was asked for, then what goes along. */
  readonly specs = $derived.by(() =>
    [...this.asked, ...this.also]
      .map((key) => this.#session.assetSpec(key))
      .filter((spec): spec is AssetSpec => spec !== null),
  );
  readonly downstream = $derived.by(() => downstreamAssets(this.#session.definitions, this.asked));
  /** The asset whose keys are chosen; null if none is partitioned. */
  readonly keyed = $derived(keyedAsset(this.specs));
  readonly index = $derived.by(
    () => this.keyed && this.#session.indexFor(this.keyed.partitionsDef),
  );
  readonly configured = $derived(configuredAssets(this.specs));
  /** The config of every key, by step. */
  readonly entries = $derived(
    Object.fromEntries(
      this.configured.map(({ stepKey, shape }) => [
        stepKey,
        this.#entries[stepKey] ?? { ...initialEntries(shape), ...configFor(stepKey, this.job) },
      ]),
    ),
  );
  /** What it was given for steps that declare no config and so take any (CFG-1), by step. */
  readonly #undeclared = $derived.by(() => {
    const launched = this.specs.filter(({ config }) => config === null);
    const stepKeys = new Set(launched.map(({ assetKey }) => stepKeyOf(assetKey)));
    const given = Object.entries(this.#opened?.runConfig?.ops ?? {});
    return Object.fromEntries(given.filter(([stepKey]) => stepKeys.has(stepKey)));
  });
  /** Whether values that the job gives stand unchanged. */
  readonly hasJobConfig = $derived(
    this.configured.some(
      ({ stepKey }) => !(stepKey in this.#entries) && configFor(stepKey, this.job),
    ),
  );
  /** Tags of the job; with an asset that is not in it, it is no run of the job. */
  readonly jobTags = $derived((this.also.length === 0 ? this.job?.tags : null) ?? {});

  /** Assets whose keys are those that are chosen, so that each can have a config of its own. */
  readonly columns = $derived.by(() =>
    keyColumns(
      this.configured.filter(({ assetKey }) => {
        const definition = this.#session.assetSpec(assetKey)?.partitionsDef ?? null;
        return this.keyed && equalPartitionsDefinitions(definition, this.keyed.partitionsDef);
      }),
    ),
  );
  readonly canKeyConfig = $derived(
    this.index !== null && this.columns.length > 0 && countOf(this.selection.subset) > 1,
  );
  readonly configByKey = $derived(
    this.index && this.columns.length > 0
      ? keyedConfigs(this.keyConfig, this.selection.subset, this.index, this.columns, this.entries)
      : [],
  );
  /** How many keys have a config of their own that does not fit. */
  readonly faultyKeys = $derived(
    this.index
      ? faultyKeys(this.keyConfig, this.selection.subset, this.index, this.columns, this.entries)
          .count
      : 0,
  );
  /** Whether every chosen key has a config of its own, so that what all are given is given to none. */
  readonly isCovered = $derived.by(() => {
    const { index, configByKey } = this;
    if (!index || configByKey.length === 0) return false;
    const own = configByKey.map(({ partitionRanges }) =>
      countOf(subsetOfRanges(index, partitionRanges).subset),
    );
    return countOf(this.selection.subset) === own.reduce((sum, count) => sum + count, 0);
  });
  /** Whether keys are to be chosen and none is. */
  readonly isEmpty = $derived(this.index !== null && countOf(this.selection.subset) === 0);
  readonly #runConfig = $derived.by((): RunConfig => {
    const typed = runConfigOf(this.entries);
    if (Object.keys(this.#undeclared).length === 0) return typed;
    return { ops: { ...this.#undeclared, ...typed.ops } };
  });
  readonly request = $derived.by((): LaunchRequest => ({
    assetKeys: this.specs.map(({ assetKey }) => assetKey),
    // What is still looked for is not planned.
    partitionRanges: this.index
      ? this.selection.isPending
        ? []
        : rangesOf(this.index, this.selection.subset)
      : null,
    runConfig: this.#runConfig,
    tags: {
      ...this.jobTags,
      ...Object.fromEntries(this.ownTags.filter(([name]) => name !== '')),
    },
    jobName: this.also.length === 0 ? this.jobName : null,
    ...(this.configByKey.length > 0 && { configByKey: this.configByKey }),
    ...(Object.keys(this.pace).length > 0 && { pace: this.pace }),
  }));
  readonly extras = $derived<LaunchExtras>({
    ...this.pace,
    configByKey: this.configByKey,
    configuredDef: this.keyed?.partitionsDef ?? null,
  });

  /** Made while a component is, for what the panel of its session was opened for. */
  constructor(session: NotebookSession) {
    this.#session = session;
    const opened = untrack(() => session.launchPanel);
    this.#opened = opened;
    this.asked = opened?.assetKeys ?? [];
    this.jobName = opened?.jobName ?? null;
    this.#last = untrack(() => recall(session.notebookId, this.asked));
    this.#entries = opened?.runConfig ? entriesIn(opened.runConfig) : (this.#last?.entries ?? {});
  }

  /** Chooses the keys that it begins with. */
  chooseFirst(): void {
    const { index, selection } = this;
    const { choices } = selection;
    if (!index || !choices) return;
    const last = this.#last;
    if (this.#opened?.partitionRanges) {
      selection.setSubset(subsetOfRanges(index, this.#opened.partitionRanges).subset);
    } else if (last?.choice === 'custom' && countOf(choices.failed) === 0) {
      selection.setText(last.text);
    } else {
      selection.choose(firstChoice(choices, last && last.choice !== 'custom' ? last.choice : null));
    }
  }

  setEntries(next: Readonly<Record<string, ConfigEntries>>): void {
    this.#entries = { ...this.#entries, ...next };
  }

  toggleAlso(assetKey: string, on: boolean): void {
    this.also = on ? [...this.also, assetKey] : this.also.filter((key) => key !== assetKey);
  }

  /** Keeps what was chosen for the next time that the same assets are launched. */
  remember(): void {
    const { choice, text } = this.selection;
    remember(this.#session.notebookId, this.asked, { choice, text, entries: this.#entries });
  }
}
