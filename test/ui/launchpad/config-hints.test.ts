import { describe, expect, it } from 'vitest';
import type { ConfigShape } from '../../../src/config/config-schema.ts';
import { runConfigSchema } from '../../../src/config/validate.ts';
import { completionsAt } from '../../../src/ui/launchpad/config-completions.ts';
import {
  faultsOf,
  fieldsOf,
  placeOfFault,
  refusedFields,
} from '../../../src/ui/launchpad/config-faults.ts';
import { outlineConfig } from '../../../src/ui/launchpad/config-outline.ts';

const shape: ConfigShape = {
  kind: 'shape',
  permissive: false,
  fields: [
    { name: 'customer_id', schema: { kind: 'string' }, required: true, description: 'Whose.' },
    {
      name: 'limit',
      schema: { kind: 'int' },
      required: false,
      defaultValue: 1000,
      description: null,
    },
    {
      name: 'mode',
      schema: { kind: 'enum', values: ['fast', 'slow'] },
      required: false,
      defaultValue: 'fast',
      description: null,
    },
  ],
};
const schema = runConfigSchema([{ stepKey: 'orders', config: shape }]);

/** The part of the text at which each fault is shown. */
function marked(text: string, value: unknown): readonly string[] {
  const root = outlineConfig(text);
  return faultsOf(schema, value).map((fault) => {
    const { from, to } = placeOfFault(root, fault);
    return `${fault.kind} ${text.slice(from, to)}`;
  });
}

function markedIn(value: unknown): readonly string[] {
  return marked(JSON.stringify(value), value);
}

/** What is offered at the `|`. */
function offered(text: string): readonly string[] | null {
  const found = completionsAt(schema, text.replace('|', ''), text.indexOf('|'));
  return found && found.completions.map(({ label }) => label);
}

describe('what is wrong with a config, where it is written', () => {
  it('[CFG-11] marks the value that is wrong', () => {
    const config = { customer_id: 'a', limit: 'many' };
    expect(markedIn({ ops: { orders: { config } } })).toEqual(['wrong "many"']);
  });

  it('[CFG-11] marks the name that is not expected, and where something is missing', () => {
    expect(markedIn({ ops: { orders: { config: { customer: 'a' } } } })).toEqual([
      'unexpected "customer"',
      'missing "config"',
    ]);
    expect(markedIn({})).toEqual(['missing {']);
    expect(marked('', {})).toEqual(['missing ']);
  });

  it('warns of a required text that is empty, which Dagster would launch', () => {
    const faults = faultsOf(schema, { ops: { orders: { config: { customer_id: '' } } } });
    expect(faults).toMatchObject([
      { severity: 'warning', path: ['ops', 'orders', 'config', 'customer_id'] },
    ]);
  });

  it("[CFG-9] reads the author's conditions from the error of a step", () => {
    const error = (message: string, code: string | null, cause: object | null) =>
      ({ name: 'Error', code, kind: null, message, frames: [], cause }) as never;
    const cause = error(
      '2 validation errors for OrdersConfig: limit: Too small; expected 1; items.0.name: Too short',
      'config_value',
      null,
    );
    expect(refusedFields(error('Error occurred while executing op', null, cause))).toEqual([
      { path: ['limit'], message: 'Too small; expected 1' },
      { path: ['items', 0, 'name'], message: 'Too short' },
    ]);
    expect(refusedFields(error('no', null, null))).toEqual([]);
  });
});

describe('what the schema offers', () => {
  it('names of entries that are not there yet', () => {
    expect(offered('{ | }')).toEqual(['ops', 'execution', 'loggers', 'resources']);
    expect(offered('{ "ops": { "|" } }')).toEqual(['orders']);
    expect(offered('{ "ops": { "orders": { "config": { "limit": 5, | } } } }')).toEqual([
      'customer_id',
      'mode',
    ]);
  });

  it('values of what has few', () => {
    expect(offered('{ "ops": { "orders": { "config": { "mode": | } } } }')).toEqual([
      '"fast"',
      '"slow"',
    ]);
    expect(offered('{ "ops": { "orders": { "config": { "limit": | } } } }')).toBe(null);
  });

  it('an entry with its default, or a sample of what is required', () => {
    const text = '{ "ops": { "orders": { "config": {  } } } }';
    const found = completionsAt(schema, text, text.indexOf('{  }') + 2);
    expect(found?.completions.map(({ insert }) => insert)).toEqual([
      '"customer_id": "..."',
      '"limit": 1000',
      '"mode": "fast"',
    ]);
  });

  it('all its fields, for a list', () => {
    expect(fieldsOf(shape).map(({ path }) => path.join('.'))).toEqual([
      'customer_id',
      'limit',
      'mode',
    ]);
  });
});
