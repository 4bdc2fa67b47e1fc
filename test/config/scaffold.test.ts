import { describe, expect, it } from 'vitest';
import type { ConfigShape } from '../../src/config/config-schema.ts';
import {
  addMissingConfig,
  removeUnexpectedConfig,
  scaffoldConfig,
} from '../../src/config/scaffold.ts';

const shape: ConfigShape = {
  kind: 'shape',
  permissive: false,
  fields: [
    { name: 'customer_id', schema: { kind: 'string' }, required: true, description: null },
    {
      name: 'limit',
      schema: { kind: 'int' },
      required: false,
      defaultValue: 1000,
      description: null,
    },
    {
      name: 'note',
      schema: { kind: 'noneable', inner: { kind: 'string' } },
      required: false,
      description: null,
    },
    {
      name: 'source',
      required: true,
      description: null,
      schema: {
        kind: 'shape',
        permissive: false,
        fields: [
          {
            name: 'mode',
            schema: { kind: 'enum', values: ['fast', 'slow'] },
            required: true,
            description: null,
          },
        ],
      },
    },
  ],
};

describe('a scaffold of a config', () => {
  it('[CFG-13, CFG-15] holds defaults, and samples where a value is required', () => {
    expect(scaffoldConfig(shape)).toEqual({
      customer_id: '...',
      limit: 1000,
      source: { mode: 'fast' },
    });
  });

  it('[CFG-15] keeps what is given, also what is not a field', () => {
    expect(scaffoldConfig(shape, { limit: 5, customer_id: 'a', lmit: 7 })).toEqual({
      customer_id: 'a',
      limit: 5,
      source: { mode: 'fast' },
      lmit: 7,
    });
  });

  it('[CFG-15] of what is missing alone adds required entries, behind what is given', () => {
    expect(addMissingConfig(shape, { limit: 5, lmit: 7 })).toEqual({
      limit: 5,
      lmit: 7,
      customer_id: '...',
      source: { mode: 'fast' },
    });
    expect(addMissingConfig(shape, { customer_id: 'a', source: {} })).toEqual({
      customer_id: 'a',
      source: { mode: 'fast' },
    });
  });

  it('[CFG-15] less what is not expected says what went, however deep it stood', () => {
    const list: ConfigShape = {
      kind: 'shape',
      permissive: false,
      fields: [
        {
          name: 'sources',
          schema: { kind: 'array', item: shape },
          required: true,
          description: null,
        },
      ],
    };
    const given = { sources: [{ customer_id: 'a', source: { mode: 'fast', mood: 1 } }], sorces: 2 };
    expect(removeUnexpectedConfig(list, given)).toEqual({
      config: { sources: [{ customer_id: 'a', source: { mode: 'fast' } }] },
      removed: [['sources', 0, 'source', 'mood'], ['sorces']],
    });
  });
});
