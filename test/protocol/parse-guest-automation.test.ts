import { describe, expect, it } from 'vitest';
import {
  parseAutomationAnswer,
  parsePartitionedConfigAnswer,
} from '../../src/protocol/parse-guest-automation.ts';
import { parseGuestMessages } from '../../src/protocol/parse-guest-message.ts';

const nowhere = () => null;

const REQUEST = {
  runKey: null,
  partitionKey: 'a',
  runConfig: { ops: {} },
  tags: {},
  jobName: null,
  assetSelection: ['x'],
  staleAssetsOnly: false,
};

const ERROR = { name: 'Error', code: null, kind: null, message: 'no', stack: null, cause: null };

const evaluated = (...results: unknown[]) => ({
  status: 'evaluated',
  posted: 3,
  evaluation: { results },
});

describe('what an evaluation of the guest came to', () => {
  it('[RT-3] is rebuilt with our names only', () => {
    const answer = evaluated(
      { kind: 'runRequest', request: { ...REQUEST, more: 1 } },
      { kind: 'skipReason', message: null },
      {
        kind: 'sensorResult',
        runRequests: [REQUEST],
        skipReason: { message: 'x' },
        cursor: 'c',
        dynamicPartitionsRequests: [
          { action: 'add', partitionsDefName: 'images', partitionKeys: ['a', 'a'] },
        ],
      },
    );
    const { posted, outcome } = parseAutomationAnswer(answer, nowhere);
    expect(posted).toBe(3);
    expect(outcome).toEqual({
      status: 'evaluated',
      evaluation: {
        results: [{ kind: 'runRequest', request: REQUEST }, ...answer.evaluation.results.slice(1)],
      },
    });
  });

  it('keeps what a partitioned config gave or threw for each key', () => {
    const given = { status: 'given', value: { ops: {} } };
    const configs = [{ runConfig: given, tags: { status: 'threw', error: ERROR } }];
    const { outcome } = parsePartitionedConfigAnswer(
      { status: 'evaluated', posted: 0, configs },
      nowhere,
    );
    expect(outcome).toMatchObject({
      configs: [{ runConfig: given, tags: { status: 'threw', error: { message: 'no' } } }],
    });
  });

  it.each([
    ['a kind of its own', evaluated({ kind: 'launch' })],
    [
      'a key that is none',
      evaluated({ kind: 'runRequest', request: { ...REQUEST, partitionKey: 1 } }),
    ],
    [
      'config that is no data',
      evaluated({ kind: 'runRequest', request: { ...REQUEST, runConfig: { a: () => 1 } } }),
    ],
    [
      'tags that are no text',
      evaluated({ kind: 'runRequest', request: { ...REQUEST, tags: { a: 1 } } }),
    ],
    ['no results', { status: 'evaluated', posted: 0, evaluation: {} }],
  ])('[RT-3] is refused with %s', (_, answer) => {
    expect(() => parseAutomationAnswer(answer, nowhere)).toThrow('something unexpected');
  });

  it('[RT-3] changes of dynamic keys are read as what they are', () => {
    const change = { action: 'delete', partitionsDefName: 'images', partitionKeys: ['a'] };
    expect(parseGuestMessages([{ kind: 'dynamicPartitions', change }])).toEqual([
      { kind: 'dynamicPartitions', change },
    ]);
    expect(() =>
      parseGuestMessages([{ kind: 'dynamicPartitions', change: { ...change, action: 'wipe' } }]),
    ).toThrow('something unexpected');
  });
});
