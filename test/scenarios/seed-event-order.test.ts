import { describe, expect, it } from 'vitest';
import record from '../fixtures/seed-run-record.json' with { type: 'json' };
import { asset, customers, dep } from '../orchestration/sample-assets.ts';
import type { Compute } from './fake-runner.ts';
import { NotebookScenario } from './notebook-scenario.ts';

const NOT_OURS = /^(ENGINE_EVENT|STEP_WORKER_|RESOURCE_INIT_|LOGS_CAPTURED)/;

const assets = [
  asset('customer_orders', customers),
  asset('customer_summary', customers, [dep('customer_orders')]),
];

const compute: Readonly<Record<string, Compute>> = {
  customer_orders: ({ stepId, partitionKeys: [key] }, { log }) => {
    log(stepId, 'INFO', `Fetching orders for customer: ${key}`);
    if (key === 'customer_c') throw new Error('boom');
    log(stepId, 'INFO', `Processed 3 orders for ${key}`);
    return [{ order_id: `${key}-001`, amount: 150 }];
  },
  customer_summary: ({ stepId, partitionKeys: [key] }, { log }) => {
    log(stepId, 'INFO', `Generating summary for customer: ${key}`);
    log(stepId, 'INFO', `Summary for ${key}: {}`);
    return { customer_id: key };
  },
};

async function eventsOf(key: string) {
  const scenario = new NotebookScenario(assets, compute);
  const outcome = await scenario.run(['customer_orders', 'customer_summary'], [key], {
    jobName: 'all_customers_job',
  });
  return scenario.eventsOf(outcome.status === 'launched' ? outcome.runIds[0] : undefined);
}

const recorded = (events: typeof record.events.RUN_A | typeof record.events.RUN_C) =>
  events
    .filter(({ type }) => !NOT_OURS.test(type ?? ''))
    .map(({ type, level, step }) => [type ?? 'LOG', level, step]);

describe('the events of one run', () => {
  it('[§12] of a success are those that Dagster recorded, in order', async () => {
    const events = await eventsOf('customer_a');
    expect(events.map(({ type, level, stepKey }) => [type, level, stepKey])).toEqual(
      recorded(record.events.RUN_A),
    );
    const messages = events.map(({ message }) => message);
    expect(messages[0]).toBe(record.events.RUN_A[0]?.message);
    expect(messages).toContain('Yielded output "result" of type "Any". (Type check passed).');
    expect(messages.at(-1)).toBe('Finished execution of run for "all_customers_job".');
    expect(events.map(({ eventId }) => eventId)).toEqual(events.map((_, at) => at + 1));
  });

  it('[§12] of a failure too; what depends on it says that it was not executed', async () => {
    const events = await eventsOf('customer_c');
    expect(events.map(({ type, level, stepKey }) => [type, level, stepKey])).toEqual(
      recorded(record.events.RUN_C),
    );
    expect(events.at(-2)?.message).toBe(
      "Dependencies for step customer_summary failed: ['customer_orders']. Not executing.",
    );
    expect(events.at(-1)?.message).toBe(
      `Execution of run for "all_customers_job" failed. Steps failed: ['customer_orders'].`,
    );
    expect(events.find(({ type }) => type === 'STEP_FAILURE')?.error?.message).toBe('boom');
  });
});
