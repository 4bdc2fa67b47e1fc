import { describe, expect, it } from 'vitest';
import type { AssetSpec, JobSpec, SensorSpec } from '../../src/definitions/definitions.ts';
import { validateDefinitions } from '../../src/definitions/validate.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { asset, customers, days, dep, load } from '../orchestration/sample-assets.ts';
import { noDefinitions } from '../scenarios/fake-runner.ts';

const context = { effectiveAt: Date.parse('2024-03-01T00:00:00Z'), dynamicPartitions: new Map() };
const job = (jobName: string, assetKeys: readonly string[]): JobSpec => ({
  cellId: 'cell',
  name: jobName,
  jobName,
  assetKeys,
  partitionsDef: null,
  description: null,
});

function problemsOf(assets: readonly AssetSpec[], jobs: readonly JobSpec[] = []) {
  const { problems } = validateDefinitions({ ...noDefinitions, assets, jobs }, context);
  return problems.map(
    ({ name, severity, code, message }) => `${severity} ${name} ${code}: ${message}`,
  );
}

describe('the validation of definitions', () => {
  it('[AG-2, DEF-1] a dependency of elsewhere is fine, loading it is a warning', () => {
    expect(problemsOf([asset('a', null, [dep('elsewhere')])])).toEqual([]);
    expect(problemsOf([asset('a', null, [load('elsewhere')])])).toEqual([
      'warning a unknown_input: a loads elsewhere, which is not an asset of this notebook.',
    ]);
  });

  it('[AG-3, AG-4] cycles and second assets of one key are told', () => {
    const problems = problemsOf([
      asset('a', null, [dep('b')]),
      asset('b', null, [dep('a')]),
      asset('a', null, [], { name: 'again' }),
    ]);
    expect(problems.map((text) => text.split(':')[0])).toEqual([
      'error again duplicate_asset_key',
      'error a asset_cycle',
      'error b asset_cycle',
    ]);
  });

  it('[INF-6, INF-11] mappings must fit, also that of an asset to itself', () => {
    const mapping = problemsOf([asset('up', customers), asset('down', days(), [dep('up')])]);
    expect(mapping).toHaveLength(1);
    expect(mapping[0]).toMatch(
      /^error down invalid_mapping: Invalid partition mapping from down to up: /,
    );
    expect(problemsOf([asset('me', days(), [dep('me')])])[0]).toMatch(
      /^error me invalid_self_dependency: .*can only depend on themselves/,
    );
    const external = asset('up', customers, [], { external: true });
    expect(problemsOf([external, asset('down', days(), [dep('up')])])).toEqual([]);
  });

  it('[TW-13] an asset whose keys cannot be told apart is left out', () => {
    const hourly = makeTimeWindowPartitionsDefinition({
      className: 'hourly',
      start: '2024-01-01',
      fmt: '%Y-%m-%d',
    });
    const assets = [asset('a', hourly), asset('b')];
    const { definitions, problems } = validateDefinitions({ ...noDefinitions, assets }, context);
    expect(definitions.assets.map(({ assetKey }) => assetKey)).toEqual(['b']);
    expect(problems[0]?.message).toMatch(/^Invalid partition definition for a: /);
  });

  it('[JOB-2, DEF-2, DEF-3] a job holds known assets of one definition, under a name of its own', () => {
    const assets = [asset('a', customers), asset('b', days()), asset('c')];
    expect(problemsOf(assets, [job('one', ['a', 'c'])])).toEqual([]);
    const problems = problemsOf(assets, [job('two', ['a', 'b']), job('two', ['x'])]);
    expect(problems[0]).toContain(
      'Error resolving selection for asset job "two": Selected assets must have the same partitions definitions',
    );
    expect(problems.slice(1)).toEqual([
      'error two invalid_job: Error resolving selection for asset job "two": x is not an asset of this notebook.',
      'error two duplicate_job: There is more than one job named two.',
    ]);
  });

  it('[DEF-4] a sensor launches a job that there is, or assets that go together unless it selects them', () => {
    const assets = [asset('a', customers), asset('b', days())];
    const messages = (launched: Pick<SensorSpec, 'jobName' | 'target'>) => {
      const sensor: SensorSpec = {
        cellId: 'cell',
        name: 'watch',
        sensorName: 'watch',
        minimumIntervalMs: 30_000,
        description: null,
        ...launched,
      };
      const jobs = [job('one', ['a'])];
      const notebook = { ...noDefinitions, assets, jobs, sensors: [sensor] };
      return validateDefinitions(notebook, context).problems.map(({ message }) => message);
    };
    const all = { assetKeys: ['a', 'b'] };
    expect(messages({ jobName: 'one' })).toEqual([]);
    expect(messages({ jobName: 'two' })).toEqual([
      'watch targets job "two", which is not a job of this notebook.',
    ]);
    expect(messages({ jobName: null, target: { ...all, mixesPartitions: true } })).toEqual([]);
    expect(messages({ jobName: null, target: { ...all, mixesPartitions: false } })).toEqual([
      expect.stringContaining('Selected assets must have the same partitions definitions'),
    ]);
  });

  it('[JOB-4] config by partition needs an asset that takes one partition a run', () => {
    const policies = (...sizes: readonly (number | null)[]) =>
      sizes.map((maxPartitionsPerRun, at) =>
        asset(`a${at}`, customers, [], { backfillPolicy: { maxPartitionsPerRun } }),
      );
    const problems = (assets: readonly AssetSpec[]) =>
      problemsOf(assets, [
        {
          ...job(
            'one',
            assets.map(({ assetKey }) => assetKey),
          ),
          partitionedConfig: true,
        },
      ]);
    expect(problems(policies(1, null))).toEqual([]);
    expect(problems([asset('plain', customers), ...policies(null)])).toEqual([]);
    expect(problems(policies(2, null))).toEqual([
      expect.stringContaining('a BackfillPolicy targeting multiple partitions per run'),
    ]);
  });
});
