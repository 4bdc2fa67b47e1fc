import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { eachAlone, notebookOf } from '../notebook/notebook-of.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const LANGUAGE = `${ROOT}src/sdk/dg.d.ts`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.webworker.d.ts'],
  types: [],
  strict: true,
  noEmit: true,
};

const host = ts.createCompilerHost(OPTIONS);
const cells = new Map<string, string>();
let program: ts.Program | null = null;

/** Has `cell` compiled with all the others, which takes as long as for one. */
function compiled(cell: string): () => readonly string[] {
  const path = `${ROOT}test/sdk/cell-${cells.size + 1}.ts`;
  cells.set(path, `${cell}\nexport {};`);
  return () => problemsIn(path);
}

/** What the compiler says of a file, a line for each. */
function problemsIn(path: string): readonly string[] {
  host.fileExists = (file) => cells.has(file) || ts.sys.fileExists(file);
  host.readFile = (file) => cells.get(file) ?? ts.sys.readFile(file);
  program ??= ts.createProgram([LANGUAGE, ...cells.keys()], OPTIONS, host);
  const file = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

const DOCUMENTED = new Set([
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.PropertySignature,
  ts.SyntaxKind.MethodSignature,
  ts.SyntaxKind.VariableStatement,
  ts.SyntaxKind.FunctionDeclaration,
]);

/** The declarations of the language that say nothing of themselves; of overloads, one speaks for all. */
function namesWithoutSentence(): readonly string[] {
  const source = ts.createSourceFile(
    LANGUAGE,
    readFileSync(LANGUAGE, 'utf8'),
    ts.ScriptTarget.ES2023,
    true,
  );
  const silent: string[] = [];
  const spoken = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (DOCUMENTED.has(node.kind)) {
      const text = node.getText().split(/[(;{]/)[0] ?? '';
      if (ts.getJSDocCommentsAndTags(node).length > 0) spoken.add(text);
      else if (!spoken.has(text)) silent.push(text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return silent;
}

/** A check that two types are the same, for use in cells. */
const SAME = `
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
declare function same<A, B>(yes: Same<A, B>): void;
const customers = dg.StaticPartitionsDefinition(['customer_a', 'customer_b']);
const daily = dg.DailyPartitionsDefinition({ startDate: '2023-01-21' });
interface Order { order_id: string; amount: number }
const orders = dg.asset({ partitionsDef: customers }, (context): Order[] => [{ order_id: context.partitionKey, amount: 1 }]);
const events = dg.asset({ partitionsDef: daily }, async (context) => [context.partitionTimeWindow.start.toISO()]);
const total = dg.asset(() => 42);
`;

/** A test that `cell` compiles, its `@ts-expect-error`s included. */
function rule(title: string, cell: string): void {
  const problems = compiled(cell);
  it(title, { timeout: 120_000 }, () => {
    expect(problems()).toEqual([]);
  });
}

describe('the types of the cell language', () => {
  rule(
    '[SDK-20] a static key is one of the union of its keys',
    `${SAME}
dg.asset({ partitionsDef: customers }, (context) => { same<typeof context.partitionKey, 'customer_a' | 'customer_b'>(true); });
dg.asset({ partitionsDef: daily }, (context) => { same<typeof context.partitionKey, string>(true); });
same<ReturnType<typeof customers.getPartitionKeys>, ('customer_a' | 'customer_b')[]>(true);
dg.asset({ partitionsDef: dg.MultiPartitionsDefinition({ customer: customers, day: daily }) }, (context) => {
  same<typeof context.partitionKey.keysByDimension.customer, 'customer_a' | 'customer_b'>(true);
  same<typeof context.partitionKey.keysByDimension.day, string>(true);
});`,
  );

  rule(
    '[SDK-21] config is what the schema yields',
    `${SAME}
const Settings = dg.Config({ limit: z.int().default(1000), name: z.string(), archived: z.boolean().optional(), inner: dg.Config({ a: z.number() }) });
dg.asset({ config: Settings }, (context) => {
  same<typeof context.config.limit, number>(true);
  same<typeof context.config.name, string>(true);
  same<typeof context.config.archived, boolean | undefined>(true);
  same<typeof context.config.inner.a, number>(true);
  // @ts-expect-error config does not change
  context.config.limit = 2;
  // @ts-expect-error there is no such field
  context.config.limits;
});`,
  );

  rule(
    '[SDK-22] an input has the type of its upstream, by the mapping',
    `${SAME}
dg.asset({ partitionsDef: customers, ins: { orders, total } }, (context, inputs) => {
  same<typeof inputs.orders, Order[]>(true);
  same<typeof inputs.total, number>(true);
  inputs.orders.reduce((sum, order) => sum + order.amount, 0);
});
const yesterday = dg.TimeWindowPartitionMapping({ startOffset: -1, endOffset: -1 });
dg.asset({ partitionsDef: daily, ins: { events: dg.AssetIn(events, { partitionMapping: yesterday }) } }, (context, inputs) => {
  same<typeof inputs.events, (string | null)[] | null>(true);
});
dg.asset({ ins: { all: dg.AssetIn(orders, { partitionMapping: dg.AllPartitionMapping() }) } }, (context, inputs) => {
  same<typeof inputs.all, Order[] | Readonly<Record<string, Order[]>> | null>(true);
});
dg.asset({ ins: { all: dg.AssetIn(orders, { byKey: true }), other: 'some/key' } }, (context, inputs) => {
  same<typeof inputs.all, Readonly<Record<string, Order[]>>>(true);
  same<typeof inputs.other, unknown>(true);
});`,
  );

  rule(
    '[SDK-22] an offset, a range and a single key give what they can',
    `${SAME}
const hourly = dg.HourlyPartitionsDefinition({ startDate: '2023-01-21-00:00' });
const offsets = dg.TimeWindowPartitionMapping({ startOffset: -1, endOffset: 0 });
dg.asset({ partitionsDef: daily, ins: {
  week: dg.AssetIn(events, { partitionMapping: offsets }),
  last: dg.AssetIn(events, { partitionMapping: dg.LastPartitionMapping() }),
  same: dg.AssetIn(total, { partitionMapping: dg.IdentityPartitionMapping() }),
  records: dg.AssetIn(events, { partitionMapping: offsets, byKey: true }),
} }, (context, inputs) => {
  type Texts = (string | null)[];
  same<typeof inputs.week, Texts | Readonly<Record<string, Texts>> | null>(true);
  same<typeof inputs.last, Texts | null>(true);
  same<typeof inputs.same, number>(true);
  same<typeof inputs.records, Readonly<Record<string, Texts>>>(true);
  // @ts-expect-error there may be none
  inputs.last.length;
  const keys: readonly (string | dg.MultiPartitionKey)[] = context.assetPartitionKeysForInput('week');
  return keys;
});`,
  );

  rule(
    '[MAP-FN-1] a function gives one key, or a list of any number',
    `${SAME}
const before = new dg.FunctionPartitionMapping((key) => key.slice(0, 7));
const some = dg.FunctionPartitionMapping((key: string) => [key, key + '!']);
const grid = dg.FunctionPartitionMapping((key: dg.MultiPartitionKey) => String(key.keysByDimension.day));
dg.asset({ partitionsDef: daily, ins: {
  one: dg.AssetIn(total, { partitionMapping: before }),
  any: dg.AssetIn(events, { partitionMapping: some }),
} }, (context, inputs) => {
  same<typeof inputs.one, number>(true);
  type Texts = (string | null)[];
  same<typeof inputs.any, Texts | Readonly<Record<string, Texts>> | null>(true);
});
// @ts-expect-error a number is no key
dg.FunctionPartitionMapping((key) => key.length);`,
  );

  rule(
    '[SDK-28] ops take what others give back, and their functions can be called',
    `${SAME}
const Day = dg.Config({ date: z.string() });
const load = dg.op({ config: Day, retryPolicy: dg.RetryPolicy({ maxRetries: 1 }) }, (context) => {
  same<typeof context.config.date, string>(true);
  return [context.config.date, context.retryNumber];
});
const two = dg.op({ ins: { rows: {} }, out: { a: {}, b: { isRequired: false } } }, (context, { rows }) => ({ a: rows.length }));
const work = dg.job({ tags: { team: 'x' } }, () => {
  const rows = load();
  same<typeof rows, dg.OpOutput>(true);
  const { a, b } = two({ rows });
  two({ rows: [a, b] });
  // @ts-expect-error an input is missing
  two();
  // @ts-expect-error there is no such input
  two({ row: rows });
  // @ts-expect-error a value is no output of an op
  two({ rows: 1 });
});
const rows = load(dg.buildOpContext({ config: { date: '2020-01-01' } }));
same<typeof rows, (string | number)[]>(true);
work.executeInProcess({ partitionKey: 'x' }).then((result) => result.success);
const [order] = orders(dg.buildAssetContext({ partitionKey: 'customer_a' }));
same<typeof order, Order>(true);
// @ts-expect-error a context is needed
orders();`,
  );

  rule(
    '[SDK-28] an I/O manager is told of the asset, and policies are made by their functions',
    `${SAME}
const csv = dg.IOManager({
  handleOutput: async (context, rows) => { await files.write(context.getAssetIdentifier().join('/') + '.csv', rows); context.addOutputMetadata({ rows: rows.length }); },
  loadInput: (context) => files.readCsv(String(context.assetPartitionKey)),
});
const kept = dg.asset({ partitionsDef: daily, ioManager: csv, backfillPolicy: dg.BackfillPolicy.multiRun({ maxPartitionsPerRun: 10 }) }, (context) => {
  context.addAssetMetadata({ n: 1 }, { partitionKey: '2023-01-21' });
  return [{ at: context.partitionKeyRange.start }];
});
dg.materialize([kept, total], { selection: [kept], partitionKey: '2023-01-21', raiseOnError: false }).then((result) => {
  same<typeof result.success, boolean>(true);
  return result.assetMaterializationsForNode('kept')[0]?.metadata;
});
// @ts-expect-error a policy is made by a function
dg.asset({ backfillPolicy: 'single' }, () => 1);`,
  );

  rule(
    '[SDK-28] config by partition knows its keys, and what a tick asks for is typed',
    `${SAME}
const by_key = dg.staticPartitionedConfig({ partitionKeys: ['a', 'b'] }, (key) => { same<typeof key, 'a' | 'b'>(true); return { ops: {} }; });
same<ReturnType<typeof by_key.getPartitionKeys>, ('a' | 'b')[]>(true);
by_key('a');
// @ts-expect-error it takes a key
by_key();
const by_day = dg.dailyPartitionedConfig({ startDate: '2020-01-01', hourOffset: 1, tagsForPartitionFn: (start) => ({ day: start.toISODate() ?? '' }) }, (start, end) => ({ ops: { it: { config: { hours: end.diff(start).hours } } } }));
by_day(DateTime.utc(2020), DateTime.utc(2021));
// @ts-expect-error there is no end
dg.weeklyPartitionedConfig({ startDate: '2020-01-01', endDate: '2021-01-01' }, () => ({}));
const work = dg.job({ config: by_day }, () => {});
dg.buildScheduleFromPartitionedJob(work, { hourOfDay: 2 }).evaluateTick(dg.buildScheduleContext({ scheduledExecutionTime: DateTime.utc(2020) })).then((tick) => {
  same<typeof tick.skipMessage, string | null>(true);
  return tick.runRequests[0]?.runConfig;
});`,
  );

  rule(
    '[SDK-23] what is wrong is an error where it is written',
    `${SAME}
// @ts-expect-error misspelled
dg.asset({ partitionDef: customers }, () => 1);
// @ts-expect-error keys are text
dg.StaticPartitionsDefinition([1, 2]);
// @ts-expect-error a start is needed
dg.DailyPartitionsDefinition({});
// @ts-expect-error there is no such name
dg.nothing;`,
  );

  const examples = JSON.parse(
    readFileSync(`${ROOT}public/examples/index.json`, 'utf8'),
  ) as readonly { readonly name: string }[];
  for (const { name } of examples) {
    const source = readFileSync(`${ROOT}public/examples/${name}.md`, 'utf8');
    eachAlone(notebookOf(source)).forEach(({ cells }, world) => {
      const texts = cells.filter(({ kind }) => kind === 'code').map(({ text }) => text);
      const which = world === 0 ? '' : `, world ${world},`;
      rule(`[SDK-24] the shipped example ${name}${which} compiles`, texts.join('\n'));
    });
  }

  it('[SDK-26] every name has a sentence, which the editor shows', () => {
    expect(namesWithoutSentence()).toEqual([]);
  });

  it('[SDK-25] the declarations are sound in themselves', { timeout: 120_000 }, () => {
    expect(problemsIn(LANGUAGE)).toEqual([]);
  });
});
