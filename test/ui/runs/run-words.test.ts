import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/orchestration/run.ts';
import { runSubject } from '../../../src/ui/runs/run-words.ts';

const run = (jobName: string, ...assetKeys: readonly string[]) =>
  ({ jobName, assetKeys }) as unknown as Run;

describe('what a run runs', () => {
  it('is the job that the author declared', () => {
    expect(runSubject(run('nightly', 'orders'))).toBe('nightly');
  });

  it('is its assets where the job is none of the author’s: chosen by hand, or by a schedule over assets', () => {
    expect(runSubject(run('__ASSET_JOB', 'orders', 'summary'))).toBe('orders, summary');
    const scheduled = run('__anonymous_asset_job_nightly', 'orders', 'summary', 'report');
    expect(runSubject(scheduled)).toBe('orders and 2 more');
  });
});
