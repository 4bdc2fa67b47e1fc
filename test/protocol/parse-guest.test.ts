import { describe, expect, it } from 'vitest';
import { toErrorInfo } from '../../src/protocol/error-info.ts';
import { parseDefinitions } from '../../src/protocol/parse-definitions.ts';
import {
  framesOf,
  parseLoadAnswer,
  parseStepAnswer,
} from '../../src/protocol/parse-guest-answer.ts';
import { parseGuestMessages } from '../../src/protocol/parse-guest-message.ts';

const nowhere = () => null;

const EMPTY = {
  partitionsDefinitions: [],
  configs: [],
  assets: [],
  jobs: [],
  schedules: [],
  sensors: [],
  tests: [],
};

const ASSET = {
  cellId: 'c1',
  name: 'orders',
  assetKey: 'orders',
  group: 'default',
  description: null,
  partitionsDef: { kind: 'static', keys: ['a', '__proto__'] },
  deps: [],
  config: null,
  configName: null,
  codeVersion: null,
  tags: {},
  owners: [],
  kinds: [],
  external: false,
};

describe('messages of the guest', () => {
  it('a line of a schedule or a sensor bears a number below 0', () => {
    const line = { kind: 'log', stepId: -3, level: 'INFO', text: 'looked' } as const;
    expect(parseGuestMessages([line])).toEqual([line]);
  });

  it('[RT-3] are rebuilt with our names only', () => {
    const sent = JSON.parse(
      '[{"kind":"log","stepId":1,"level":"INFO","text":"x","__proto__":{"a":1},"more":2}]',
    ) as unknown;
    const [message] = parseGuestMessages(sent);
    expect(message).toEqual({ kind: 'log', stepId: 1, level: 'INFO', text: 'x' });
    expect(Object.keys(message ?? {})).toEqual(['kind', 'stepId', 'level', 'text']);
  });

  it.each([
    ['no list', { kind: 'ready' }],
    ['an unknown kind', [{ kind: 'execute' }]],
    ['a level of its own', [{ kind: 'log', stepId: 1, level: 'FATAL', text: '' }]],
    ['a text that is none', [{ kind: 'log', stepId: 1, level: 'INFO', text: { length: 3 } }]],
    ['a number that is none', [{ kind: 'progress', stepId: 1, done: NaN, total: 2 }]],
    ['a kind by inheritance', [Object.create({ kind: 'ready' })]],
    ['too many', Array.from({ length: 1001 }, () => ({ kind: 'ready' }))],
    [
      'a file without bytes',
      [{ kind: 'request', requestId: 1, ask: { kind: 'writeFile', path: 'a' } }],
    ],
  ])('[RT-3] are refused: %s', (_what, sent) => {
    expect(() => parseGuestMessages(sent)).toThrow('The sandbox sent something unexpected');
  });

  it('[RT-7] of a long line the beginning is kept', () => {
    const [line] = parseGuestMessages([
      { kind: 'log', stepId: 1, level: 'INFO', text: 'x'.repeat(200_000) },
    ]);
    expect(line?.kind === 'log' && line.text.length).toBe(100_001);
  });
});

describe('definitions from the guest', () => {
  it('[RT-3] are rebuilt, and a definition that assets share stays one', () => {
    const shared = { kind: 'static', keys: ['a'] };
    const definitions = parseDefinitions({
      ...EMPTY,
      assets: [
        { ...ASSET, partitionsDef: shared },
        { ...ASSET, partitionsDef: shared },
      ],
    });
    expect(definitions.assets[0]?.partitionsDef).toEqual(shared);
    expect(definitions.assets[0]?.partitionsDef).not.toBe(shared);
    expect(definitions.assets[0]?.partitionsDef).toBe(definitions.assets[1]?.partitionsDef);
  });

  it('[RT-3] keep keys such as __proto__ as data', () => {
    const tags = JSON.parse('{"__proto__": "x"}') as unknown;
    const [asset] = parseDefinitions({ ...EMPTY, assets: [{ ...ASSET, tags }] }).assets;
    expect(Object.keys(asset?.tags ?? {})).toEqual(['__proto__']);
    expect(asset?.partitionsDef).toEqual({ kind: 'static', keys: ['a', '__proto__'] });
  });

  it('[RT-3] keep metadata and run config as plain data, and nothing else', () => {
    const metadata = JSON.parse(
      '{"__proto__": 1, "rows": {"type": "json", "value": [1]}}',
    ) as object;
    const job = { cellId: 'c1', name: null, jobName: 'all', assetKeys: [], partitionsDef: null };
    const runConfig = { ops: { orders: { config: { limit: 5 } } } };
    const parse = (parts: object) =>
      parseDefinitions({
        ...EMPTY,
        assets: [{ ...ASSET, metadata }],
        jobs: [{ ...job, description: null, runConfig, tags: { team: 'a' }, ...parts }],
      });
    const { assets, jobs } = parse({});
    expect(Object.entries(assets[0]?.metadata ?? {})).toEqual(Object.entries(metadata));
    expect(jobs[0]).toEqual({ ...job, description: null, runConfig, tags: { team: 'a' } });
    expect(() => parse({ runConfig: new Map() })).toThrow('runConfig is not plain data');
    expect(() => parse({ tags: { team: 1 } })).toThrow('tags.team is not text');
    expect(() => parse({ runConfig: { a: new Array(300_000).fill(0) } })).toThrow('small enough');
  });

  it.each([
    ['a zone that is none', { kind: 'timeWindow', timezone: 'Mars/Base' }, 'a time zone'],
    ['a cron with other characters', { kind: 'timeWindow', cronSchedule: '$(x)' }, 'a cron'],
    ['an instant out of range', { kind: 'timeWindow', startAt: 1e300 }, 'a number from'],
    ['a multi definition in a multi definition', multiWithin(), 'of one dimension'],
  ])('[RT-3] are refused: %s', (_what, part, expected) => {
    const window = {
      className: 'daily',
      startAt: 0,
      endAt: null,
      timezone: 'UTC',
      fmt: '%Y',
      endOffset: 0,
      cronSchedule: '0 0 * * *',
      exclusions: [],
    };
    const partitionsDef = { ...window, ...part };
    expect(() => parseDefinitions({ ...EMPTY, assets: [{ ...ASSET, partitionsDef }] })).toThrow(
      expected,
    );
  });

  it('[RT-3] take at most 10 MB and 10,000 assets', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `${i}`.padStart(900, 'x'));
    const partitionsDef = { kind: 'static', keys };
    expect(() => parseDefinitions({ ...EMPTY, assets: [{ ...ASSET, partitionsDef }] })).toThrow(
      '10 MB',
    );
    const assets = Array.from({ length: 10_001 }, () => ASSET);
    expect(() => parseDefinitions({ ...EMPTY, assets })).toThrow('at most 10000 items');
  });
});

function multiWithin(): object {
  const multi = (inner: object) => ({
    kind: 'multi',
    dimensions: [{ name: 'a', definition: inner }],
  });
  return multi(multi({ kind: 'static', keys: [] }));
}

describe('answers of the guest', () => {
  const error = {
    name: 'TypeError',
    code: null,
    kind: null,
    message: 'no',
    stack: null,
    cause: null,
  };

  it('[RT-3] must be of their shape', () => {
    expect(() => parseStepAnswer({ status: 'success', posted: 0 }, nowhere)).toThrow();
    expect(() => parseStepAnswer(() => 1, nowhere)).toThrow();
    expect(() => parseLoadAnswer({ status: 'loaded', posted: -1 }, nowhere)).toThrow();
    expect(
      parseStepAnswer({ status: 'failure', posted: 2, error: { ...error, cause: error } }, nowhere),
    ).toMatchObject({ posted: 2, outcome: { error: { message: 'no', cause: { cause: null } } } });
  });

  it('[RT-8] may not hold a value that storage does not take', () => {
    const answer = {
      status: 'success',
      posted: 0,
      value: { port: new MessageChannel().port1 },
      hasValue: true,
      handled: true,
      metadata: {},
      dataVersion: null,
    };
    expect(() => parseStepAnswer(answer, nowhere)).toThrow('value.port is a MessagePort');
  });

  it('frames are read in the forms of Chromium and Firefox', () => {
    const locate = (line: number, column: number) =>
      line > 100 ? { cellId: 'c', line: line - 100, column } : null;
    const chromium = `TypeError: no
    at f (blob:null/0b1e:103:9)
    at blob:null/0b1e:104:3
    at Guest.execute (blob:null/0b1e:2:44)`;
    const firefox = `f@blob:null/0b1e:103:9
@blob:null/0b1e:104:3
execute@blob:null/0b1e:2:44
`;
    const frames = [
      { cellId: 'c', line: 3, column: 9 },
      { cellId: 'c', line: 4, column: 3 },
    ];
    expect(framesOf(chromium, locate)).toEqual(frames);
    expect(framesOf(firefox, locate)).toEqual(frames);
  });
});

describe('an error as data', () => {
  it('keeps its causes, as many as matter', () => {
    const circle = new Error('a');
    circle.cause = circle;
    const info = toErrorInfo(circle);
    let depth = 0;
    for (let at = info.cause; at; at = at.cause) depth += 1;
    expect(depth).toBe(8);
    expect(toErrorInfo(new TypeError('x', { cause: 'why' })).cause).toMatchObject({
      message: 'why',
    });
  });

  it('can be made of anything that was thrown', () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('no');
        },
      },
    );
    expect(toErrorInfo(hostile).message).toContain('cannot be looked at');
    expect(toErrorInfo('text').message).toBe('text');
    expect(toErrorInfo(undefined).message).toBe('undefined');
    expect(toErrorInfo({ reason: 1 }).message).toBe('{"reason":1}');
  });
});
