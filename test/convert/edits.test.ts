import { describe, expect, it } from 'vitest';
import { exampleFile, turned } from './notebook-turned.ts';

describe('the edits (CV)', () => {
  it('[CV-4] the class goes that held the field alone, and the key is read from the context', () => {
    const config = turned(exampleFile('partitions'), 'config');
    expect(config).toContain('const { customer_id } = context.config;');
    const keyed = turned(config, 'partitions');
    expect(keyed).not.toContain('CustomerConfig');
    expect(keyed).toContain('partitionsDef: customer_partitions');
    expect(keyed).toContain('const customer_id = context.partitionKey;');
  });

  it('[CV-6] options that the function reads stand at their defaults, and come back', () => {
    const file = exampleFile('hybrid');
    const keyed = turned(file, 'partitions');
    expect(keyed).toContain('  include_archived: false,\n  limit: 1000,\n');
    expect(keyed).toContain('const { include_archived } = ProcessingDefaults;');
    expect(turned(keyed, 'hybrid')).toBe(file);
  });

  it('[CV-8] run requests give the key as the field of each asset, and the other way round', () => {
    const config = turned(exampleFile('partitions'), 'config');
    for (const asset of ['customer_orders', 'customer_summary']) {
      expect(config).toContain(`${asset}: { config: { customer_id: partitionKey } },`);
    }
    expect(config).not.toContain('partitionsDef');
    const requests = (text: string) => text.match(/yield dg\.RunRequest\(\{[^}]*\}\)/g);
    expect(requests(turned(config, 'partitions'))).toEqual(requests(exampleFile('partitions')));
    expect(requests(exampleFile('partitions'))).toHaveLength(1);
  });
});
