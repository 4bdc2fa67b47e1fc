import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failingAnswers } from './run-vectors.ts';
import { vectorAdapters } from './vector-adapters.ts';
import type { VectorCase } from './vector-adapter.ts';

interface Recorded {
  /** The name of its file, without extension. */
  readonly file: string;
  readonly one: VectorCase;
}

function recordedIn(folder: string): readonly Recorded[] {
  const url = new URL(`./${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const { cases } = JSON.parse(readFileSync(new URL(name, url), 'utf8')) as {
        readonly cases: readonly VectorCase[];
      };
      return cases.map((one) => ({ file: basename(name, '.json'), one }));
    });
}

/** Asks the engine what Dagster was asked, and expects the same. */
async function expectSame(found: readonly Recorded[]): Promise<void> {
  expect(found.length).toBeGreaterThan(0);
  const failing = [];
  for (const { file, one } of found) {
    const adapter = vectorAdapters.get(file);
    if (adapter === undefined) throw new Error(`There is no adapter for ${file}.`);
    for (const answer of await failingAnswers(adapter, one))
      failing.push({ id: one.id, ...answer });
  }
  expect(failing).toEqual([]);
}

const partitions = recordedIn('partitions');
const orchestration = recordedIn('orchestration');

/** What must hold; the recorded cases that probe a rule name it. */
const RULES_OF_PARTITIONS: readonly string[] = [
  '[GEN-4] both ends of a range of listed keys must exist',
  '[GEN-5] pages continue where the one before ended',
  '[GEN-6] definitions are equal by their fields, not by their class',
  '[ST-1] static keys keep the order in which they are written',
  '[ST-2] static keys are unique and hold no reserved text',
  '[ST-3] static keys are a list of texts',
  '[ST-4] the empty text may be a key',
  '[ST-6] the same keys in another order are another definition',
  '[TW-1] a cron schedule or a schedule type is given, not both',
  '[TW-2] an invalid cron schedule is refused with its text',
  '[TW-3] a week may begin on any day; 0 and 7 are Sunday',
  '[TW-4] a month that begins on a late day skips the short ones',
  '[TW-5] cadence and offsets are read off the cron expression',
  '[TW-6] start and end are texts in the format, or fail to be read',
  '[TW-7] the zone of a date is replaced, not converted',
  '[TW-8] the first window starts at the first tick from the start on',
  '[TW-9] every window ends by the end',
  '[TW-10] an end by the start leaves no partitions',
  '[TW-11] a key is the start of its window in the format',
  '[TW-12] a key that is written otherwise is none',
  '[TW-13] a format that gives two windows one key is refused',
  '[TW-14] a key exists if its window does, and it is written as its window is',
  '[TW-16] a window exists once it has ended',
  '[TW-17] an offset adds windows behind the last ended one',
  '[TW-18] a negative offset leaves off windows at the end',
  '[TW-19] the end caps what the offset has moved',
  '[TW-20] nothing may exist, and that is no error',
  '[TW-21q] before the start an offset lets windows in early',
  '[TW-22] exclusions leave out windows by their start',
  '[TW-22q] of a repeated hour a cron exclusion means the second copy, a date the first',
  '[TW-23] windows do not stretch over those that are left out',
  '[TW-24] what counts windows skips those that are left out',
  '[TW-25] a key that is left out stands for the next window',
  '[TW-26] with exclusions no day is plain',
  '[TW-28] a key stands for the first window from its time on',
  '[TW-29] plain hours and days start at the time in the key',
  '[TW-29q] of keys that Dagster takes by accident the list decides',
  '[TW-30] the next window is the first from an instant on',
  '[TW-32] the next key is the one of the window after',
  '[TW-33] a range may reach past now, not past the bounds',
  '[TW-34] the keys of a stretch of time are those that start in it',
  '[TW-35] an instant belongs to the window that contains it',
  '[TW-36] a stretch of time is a range of keys',
  '[TW-37] keys go by time, not by text',
  '[TW-38] even schedules are counted by division',
  '[CRON-1] five fields, aliases and names are read',
  '[CRON-1q] an nth weekday overrules the day of the month',
  '[CRON-2] of two day fields either one is enough',
  '[CRON-3] a step longer than its field means its first value',
  '[CRON-4] where every hour ticks, a repeated one ticks twice',
  '[CRON-5] at night a missing time moves to the end of the gap',
  '[CRON-6] a search begins with its starting point',
  '[CRON-7] a missing time moves as Dagster moves it, not as Temporal does',
  '[CRON-8] at other hours a missing time moves by the length of the gap',
  '[CRON-8q] in zones whose answers follow no rule only the rest must agree',
  '[CRON-9] of several expressions each instant ticks once',
  '[DST-1] the second copy of a repeated hour bears its offset',
  '[DST-2] an hour that is missing has no key, one that is repeated has two',
  '[DST-3] a key is read as the first copy, or by its offset',
  '[DST-4] a day goes from midnight to midnight, in 23 hours or 25',
  '[DST-5] a boundary in the changed hour moves with the clocks',
  '[DST-6] half past the missing hour is missing too',
  '[DST-7q] a missing hour is no key',
  '[DST-8] UTC is never ambiguous',
  '[DST-9] schedules tick once a day, and once a real hour',
  '[DST-10] a tick that was moved at midnight keeps its time in the key',
  '[DYN-1] a dynamic definition has a name',
  '[DYN-2] dynamic definitions of one name are equal',
  '[DYN-3] keys are added once',
  '[DYN-4] dynamic keys keep the order in which they came',
  '[DYN-5] a dynamic key may be any text',
  '[MULTI-1] there are two dimensions',
  '[MULTI-2] a dimension is not multi itself',
  '[MULTI-3] with two dimensions of time there is no window',
  '[MULTI-4] the keys of a static dimension hold no sign that parts keys',
  '[MULTI-5] a key that would not split again is left out',
  '[MULTI-6] dimensions go by name',
  '[MULTI-7] the last dimension varies fastest',
  '[MULTI-8] a key has as many parts as there are dimensions',
  '[MULTI-9] a range is a rectangle',
  '[MULTI-10] a key exists if both of its parts do',
  '[MULTI-11] there are as many keys as the product of both counts',
  '[MULTI-12] time comes first where keys are grouped',
  '[MULTI-13] the window of a key is that of its time',
  '[MULTI-14] the keys with one part go by the other',
  '[MULTI-15] a key has a tag for each part',
  '[INF-1] a mapping that is given is the one that counts',
  '[INF-2] the default goes by the kinds of both definitions',
  '[INF-3] a default is always found',
  '[INF-4] the dimension that equals the other side is the one that matches',
  '[INF-5] each pair of kinds has its default',
  '[INF-6] what does not fit is refused by the names of both assets',
  '[INF-7] identity asks for one class, not for equal keys',
  '[INF-8] keys that identity does not find are required all the same',
  '[INF-9] zones must be written alike',
  '[INF-9q] between a dimension and a definition zones are compared late',
  '[INF-11] an asset reads itself only back in time',
  '[MAP-ID-1] equal definitions pass keys through',
  '[MAP-ID-2] of other definitions the same texts are read',
  '[MAP-ALL-1] all is read, whoever reads',
  '[MAP-ALL-2] all read, whatever is read',
  '[MAP-LAST-1] the last key that exists is read',
  '[MAP-LAST-2] all read the last key',
  '[MAP-SPEC-1] the given keys are read',
  '[MAP-SPEC-2] all read the given keys',
  '[MAP-ST-1] pairs go from upstream to downstream',
  '[MAP-ST-2] both ends of a pair must be known',
  '[MAP-ST-3] what is in no pair reads nothing',
  '[MAP-TW-1] both sides are windows of time, in one zone',
  '[MAP-TW-2] windows are read that overlap',
  '[MAP-TW-3] what is found exists',
  '[MAP-TW-4] runs of windows are moved, then widened, then clipped',
  '[MAP-TW-4q] what sticks out at both ends is missing as a whole',
  '[MAP-TW-5] an offset never leads out of what exists',
  '[MAP-TW-6] going down, windows are widened, then moved back',
  '[MAP-TW-7] without offsets there are shorter ways',
  '[MAP-TW-8] results that touch are one',
  '[MAP-TW-9] windows that are left out are neither read nor missing',
  '[MAP-TW-9q] a window that is left out is widened to the one before',
  '[MAP-TW-10q] a run is moved as a whole',
  '[MAP-MS-1] one side has two dimensions, the other one',
  '[MAP-MS-2] the matching dimension goes by identity or by time',
  '[MAP-MS-3] the other dimension is read whole',
  '[MAP-MS-4q] the name of a dimension decides nothing',
  '[MAP-MM-1] pairs name dimensions that exist, each once',
  '[MAP-MM-2] dimensions without a pair are read whole',
  '[MAP-MM-3] each key is mapped by its parts, for itself',
  '[MAP-MM-4] what is missing is told by the key of its dimension',
  '[MAP-MM-5] parts may be mapped in any way',
  '[SUB-1] subsets have the algebra of sets',
  '[SUB-2] neighbouring windows join',
  '[SUB-3] keys come in the order of the definition',
  '[SUB-4] ranges are runs of neighbours',
  '[SUB-4q] a range begins with a key that is in it',
  '[SUB-5] keys that do not exist are dropped or kept, by kind',
  '[SUB-6] the keys that are left are those that exist and are not in it',
  '[SUB-7] with two dimensions ranges run along one of them',
  '[SUB-8] subsets are equal by what they hold',
  '[SUB-9] subsets of two kinds are put together by their keys',
];

/** Where a rule is probed by the cases of another one. */
const PROBED_BY: Readonly<Record<string, string>> = { 'DST-9': 'CRON-5' };

/** What must hold, and the ids of recorded cases that probe it; `*` ends the beginning of an id. */
const RULES_OF_ORCHESTRATION: readonly (readonly [string, ...(readonly string[])])[] = [
  ['[RUN-1] a run goes from queued to one of three ends', 'ps-cancel*', 'ps-planned-not-started'],
  ['[TW-27] a tick whose window is left out is skipped', 'sj-exclusions-*'],
  [
    '[DYN-7] requests are checked against the keys after all of them',
    'se-add-then-delete',
    'se-delete-then-add',
    'se-delete-and-run',
    'se-add-and-run-existing',
  ],
  ['[DYN-9] a dynamic key that comes back has its history', 'ps-dynamic'],
  [
    '[DYN-11] keys that are there already are told apart',
    'se-add-duplicate-in-request',
    'se-add-other-set',
    'se-delete-missing',
  ],
  ['[MPK-3] a run has a tag for each part of its key', 'mt-multi*'],
  [
    '[JOB-2] a job holds assets of one definition',
    'mt-two-definitions*',
    'mt-two-starts',
    'se-mixed-definitions*',
    'st-mixed-definitions-job*',
  ],
  [
    '[JOB-3] a key belongs to the definition of the chosen assets',
    'mt-mixed-unpartitioned',
    'mt-key-on-unpartitioned',
    'st-partition-on-unpartitioned-job',
  ],
  [
    '[JOB-5] a key that does not exist starts nothing',
    'mt-missing-key',
    'mt-unknown-key',
    'mt-future-key',
    'mt-static-unknown',
  ],
  [
    '[PC-2] config is given for any key that can be read',
    'pc-daily-unknown-key',
    'pc-static-unknown-key',
  ],
  [
    '[PC-4] tags of a key stand above the author’s',
    'pc-reserved-tag',
    'pc-user-tag-overrides-partition',
  ],
  [
    '[PC-5] each decorator calls its function with a window or a key',
    'pc-rand-*',
    'pc-static',
    'pc-dynamic-fn',
    'pc-generic-*',
  ],
  [
    '[PC-7] a day that begins at a quarter past is named by its date',
    'pc-seed-offset',
    'seed-b-offset-config-*',
  ],
  [
    '[SCH-1] only some definitions give a schedule',
    'sj-dynamic*',
    'sj-multi-*',
    'sj-unpartitioned-*',
  ],
  [
    '[SCH-2] name and zone of a schedule follow from its job',
    'sj-daily',
    'sj-daily-ny-dst',
    'sj-static*',
  ],
  [
    '[SCH-3] parts replace those of the definition’s own cron',
    'sj-hourly*',
    'sj-weekly*',
    'sj-monthly*',
    'sj-custom-*',
    'sj-cron-and-part',
  ],
  ['[SCH-4] a tick asks for the last key', 'sj-daily*', 'sj-after-end'],
  ['[SCH-5] without partitions a tick is skipped', 'sj-no-partitions-yet'],
  ['[SCH-6] a tick whose window is left out is skipped', 'sj-exclusions-*'],
  [
    '[SCH-7] a tick asks for each key of the other dimension',
    'sj-multi-time*',
    'st-built-from-job-multi-dynamic',
  ],
  ['[SCH-8] of a fixed list a tick asks for all', 'sj-static*', 'sj-asset-static*'],
  ['[SCH-9] a job over assets is known when they are', 'sj-asset-*'],
  [
    '[SCH-10] nothing, or a reason, is a skipped tick',
    'st-none',
    'st-empty-list',
    'st-skip*',
    'st-yield-*',
  ],
  [
    '[SCH-11] several requests of a tick need run keys',
    'st-seed-daily-customer',
    'st-three-with-run-key',
    'st-mixed-keys',
    'st-empty-run-key',
  ],
  [
    '[SCH-12] a run key of a schedule counts within a tick',
    'st-one-with-key-two-ticks',
    'st-same-key-twice-one-tick',
    'st-daemon-twice-same-tick',
  ],
  [
    '[SCH-13] keys are those of the scheduled instant',
    'st-unknown-*',
    'st-daily-*',
    'st-midnight-boundary',
    'st-bad-run-config',
  ],
  [
    '[SCH-14] several expressions tick together',
    'st-cron-union',
    'st-timezone',
    'st-should-execute-false',
  ],
  ['[SCH-15] only the latest missed tick is made up for', 'st-catchup-*', 'st-failed-then-good'],
  [
    '[RR-1] a run key of a sensor is used once',
    'se-run-key-*',
    'se-no-run-key-repeat',
    'se-two-without-keys',
  ],
  [
    '[RR-2] tags of the key stand above the request’s',
    'se-tags-and-config',
    'st-user-tags',
    'st-tag-collides-with-partition',
  ],
  ['[RR-4] a request may narrow its job', 'se-asset-selection', 'st-asset-selection*'],
  ['[RR-5] a range is launched as it is asked for', 'se-range*', 'st-range-request'],
  ['[RR-6] a skip needs no message', 'st-skip-no-message', 'st-yield-two-skips', 'se-skip'],
  ['[RR-7] a result may not skip and ask at once', 'se-skip-and-*', 'se-empty-result'],
  [
    '[RR-8] a tick keeps its cursor only if it succeeds',
    'se-cursor*',
    'se-update-cursor-then-raise',
    'se-order',
  ],
  ['[RR-9] runs bear the names of what asked for them', 'se-seed-images', 'st-daily-yesterday'],
  [
    '[RR-10] a key is not added and deleted at once',
    'se-add-then-delete',
    'se-delete-then-add',
    'se-add-duplicate-in-request',
  ],
  [
    '[CFG-1] run config names steps, and nothing else',
    'cf-unknown-op',
    'cf-unknown-section',
    'cf-misspelled-config',
  ],
  ['[CFG-3] assets of one schema have their own config each', 'seed-a-config-*'],
  [
    '[CFG-6] a default makes a field optional',
    'cf-optional-*',
    'cf-no-config-all-defaults',
    'cf-nested-defaults-absent',
  ],
  [
    '[CFG-8] only a permissive shape takes other entries',
    'cf-permissive-extra',
    'cf-extra-*',
    'cf-nested-extra',
  ],
  [
    '[CFG-9] form is checked before the run, ranges when the step starts',
    'cf-con-*',
    'cf-validator*',
    'mt-config*',
  ],
  [
    '[CFG-11] errors have Dagster’s reasons, paths and messages',
    'cf-union-*',
    'cf-list-*',
    'cf-dict-*',
    'cf-enum-*',
  ],
  [
    '[CFG-12] errors of one shape come in order',
    'cf-many-errors-order',
    'cf-extra-and-missing-and-wrong',
  ],
  ['[CFG-13] a sample stands for what is missing', 'cf-all-required-samples', 'cf-missing-*'],
  ['[CFG-14] a config that fits comes back with its defaults', 'seed-b-validate-run-config*'],
  ['[CFG-16] key and config go together', 'seed-a-hybrid-*', 'jb-both-configs'],
  [
    '[IO-2] a value’s path is asset and key',
    'io-key-parts',
    'io-partition',
    'io-hourly',
    'io-multi',
    'io-multi-order',
    'io-multi-key-parts',
  ],
  [
    '[IO-4] an input is nothing, a value or a record',
    'io-load-one',
    'io-load-many',
    'io-load-none',
    'io-load-unpartitioned',
  ],
  [
    '[IO-5] what is not stored fails its reader, unless that is allowed',
    'io-load-missing-*',
    'io-null',
  ],
  ['[IO-6] a value is stored for one key', 'io-range-*', 'mt-range-value'],
  ['[IO-7] a value is stored over the one before', 'io-overwrite', 'io-becomes-partitioned'],
  ['[IO-8] what is stored tells its path', 'io-unpartitioned', 'io-null'],
  [
    '[IO-9] a result without value is recorded, not stored',
    'io-none-annotated',
    'io-materialize-result*',
  ],
  [
    '[IO-10] a record is given by the keys that are mapped',
    'io-load-two-one-stored-allowed',
    'io-load-missing-all-allowed',
  ],
  [
    '[IO-11] keys are used in paths as they are',
    'io-static-odd-keys',
    'io-static-dotdot',
    'io-prefix-clash',
    'io-becomes-unpartitioned',
  ],
  [
    '[BP-1] a policy of one is not the same as none',
    'bf-single-run',
    'bf-single-run-one-key',
    'bf-multi-run-1',
    'bf-chain-no-policy-vs-multi1',
  ],
  ['[BP-3] a run never crosses a gap', 'bf-single-run-gap', 'bf-multi-run-gap', 'bf-multi-run-2'],
  ['[BF-1] all keys are targeted, or ranges of each asset', 'bf-single-asset-all', 'bf-by-asset-*'],
  [
    '[BF-2] what the keys of the roots map down to is targeted',
    'bf-two-roots-same-def',
    'bf-roots-*',
    'bf-chain-subset-selection',
    'bf-only-unpartitioned-*',
  ],
  ['[BF-3] targets stay as they were at the start', 'bf-dynamic-key-added', 'bf-end-offset'],
  ['[BF-4] a backfill fails if a targeted key is gone', 'bf-dynamic-key-removed', 'bf-unknown-*'],
  [
    '[BF-5] what fails takes what reads it along',
    'bf-chain-middle-fails',
    'bf-diamond-branch-fails',
    'bf-root-fails-all',
  ],
  [
    '[BF-6] looks go from the roots to what reads them',
    'bf-chain-same-def',
    'bf-diamond',
    'bf-long-chain-alternating',
  ],
  [
    '[BF-7] a key waits for what it reads',
    'bf-hourly-to-daily',
    'bf-hourly-partial-to-daily',
    'bf-slow-runs-cross-cadence',
  ],
  [
    '[BF-8] assets share a run if nothing tells them apart',
    'bf-chain-policies-differ',
    'bf-lag-multi-run-limit-*',
    'bf-multi-asset',
  ],
  [
    '[BF-9] what cannot share a run with what is chosen waits as a whole',
    'bf-lag-one-day',
    'bf-lag-window-2',
    'bf-fan-in-mixed',
  ],
  ['[BF-10] an asset that reads itself goes on in order', 'bf-self-dep*'],
  [
    '[BF-12] runs go by definition, keys and policy',
    'bf-static-single-run-order',
    'bf-static-multi-run-2',
    'bf-multi-single-run*',
  ],
  [
    '[BF-14] a backfill ends when nothing is left, or nothing changes',
    'bf-omitted-output',
    'bf-range-run-fails*',
  ],
  [
    '[BF-16] a backfill ends as completed, failed or canceled',
    'bf-single-asset-all',
    'bf-root-fails-all',
    'bf-cancel-backfill',
  ],
  ['[BF-17] keys of canceled runs have failed, what reads them has not', 'bf-cancel-*'],
  [
    '[BF-18] each asset’s keys are counted by how they stand',
    'bf-unpartitioned-*',
    'bf-diamond-branch-fails',
  ],
  ['[BF-19] a failed run is tried again as often as its tag says', 'bf-retry-*'],
  [
    '[JB-1] keys of a job run in the order given',
    'jb-order',
    'jb-unknown-key',
    'jb-duplicate-key',
    'jb-27-keys',
  ],
  [
    '[JB-3] a key has its own config, else that of the launch',
    'jb-no-partition-config',
    'jb-both-configs',
  ],
  ['[JB-5] one failed run fails the backfill of a job', 'jb-fail', 'jb-cancel'],
  [
    '[PS-1] a key stands as its newest attempt does',
    'ps-success',
    'ps-failure',
    'ps-green-then-fail',
    'ps-planned-not-started',
  ],
  [
    '[PS-2] a canceled run changes nothing',
    'ps-cancel*',
    'ps-green-then-cancel',
    'ps-success-without-materialization',
  ],
  ['[PS-3] a materialization clears a failure', 'ps-two-runs-overlap*', 'ps-report-after-fail'],
  [
    '[PS-4] only keys that exist count',
    'ps-report-unknown-key',
    'ps-report-no-key',
    'ps-time-passes',
    'ps-wipe*',
  ],
  ['[PS-5] a run over a range records each key', 'ps-range*', 'ps-execute-range-fails'],
  [
    '[PS-7] statuses come as ranges, rows or lists',
    'ps-ranges-mixed',
    'ps-multi*',
    'ps-static',
    'ps-exclusions',
  ],
  [
    '[STALE-1] a key is missing, stale or fresh',
    'sl-basic',
    'sl-child-first',
    'sl-both-in-one-run',
  ],
  ['[STALE-2] causes say what changed', 'sl-code-version*', 'sl-add-dep', 'sl-remove-dep'],
  [
    '[STALE-3] a data version follows from code and what was read',
    'sl-data-version-same',
    'sl-partitioned-data-version',
  ],
  ['[STALE-4] of a partitioned dependency each key is looked at', 'sl-partitioned*', 'sl-fan-in'],
  ['[STALE-5] a stale key makes no other stale', 'sl-chain*'],
  ['[STALE-6] an external asset is fresh', 'sl-external*'],
  ['[STALE-7] an edge over a hundred keys is not looked at', 'sl-limit-*', 'sl-self*'],
  ['[STALE-8] an edge to all of time is not looked at', 'sl-fan-in-daily-all'],
  ['[STALE-11] causes go by name', 'sl-two-causes', 'sl-wipe', 'sl-report*'],
  [
    '[MAP-0] what is required and does not exist fails its reader',
    'mt-hourly-to-daily',
    'mt-end-offset-future',
  ],
  [
    '[CTX-2] a run over one key by a policy has a range',
    'mt-range-one-value',
    'bf-single-run-one-key',
  ],
  [
    '[CTX-12] a result in a range is recorded for every key',
    'mt-range-materialize-result',
    'mt-materialize-result*',
  ],
];

function casesNamed(patterns: readonly string[]): readonly Recorded[] {
  return patterns.flatMap((pattern) => {
    const found = orchestration.filter(({ one: { id } }) =>
      pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern,
    );
    if (found.length === 0) throw new Error(`No case is named ${pattern}.`);
    return found;
  });
}

describe('each rule, by the cases that probe it', () => {
  it.each(RULES_OF_PARTITIONS)('%s', async (title) => {
    const rule = /^\[(.*?)\]/.exec(title)?.[1] ?? '';
    const probed = PROBED_BY[rule] ?? rule;
    await expectSame(
      partitions.filter(({ one }) =>
        (one.rules as readonly string[] | undefined)?.includes(probed),
      ),
    );
  });

  it.each(RULES_OF_ORCHESTRATION)('%s', async (_, ...patterns) => {
    await expectSame(casesNamed(patterns));
  });
});
