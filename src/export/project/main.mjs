/*
 * Runs the functions of the notebook, for Dagster. `node main.mjs REQUEST ANSWER` reads what is asked from a
 * file and writes the answer to another; run by Dagster Pipes, it writes the log to it as well.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { inflateSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const read = (name) => readFileSync(join(here, name), 'utf8');
const filesFolder = resolve(process.env.PARTITA_FILES ?? join(here, 'files'));
const [requestPath, answerPath] = process.argv.slice(2);
const request = JSON.parse(readFileSync(requestPath, 'utf8'));
const writeAnswer = (answer) => writeFileSync(answerPath, JSON.stringify(answer));

/** A parameter of Dagster Pipes: JSON, deflated, in base64. */
function pipesParameter(name) {
  const text = process.env[name];
  return text ? JSON.parse(inflateSync(Buffer.from(text, 'base64')).toString()) : null;
}
const messagesPath = pipesParameter('DAGSTER_PIPES_MESSAGES')?.path ?? null;
function toPipes(method, params) {
  if (messagesPath === null) return;
  const message = { __dagster_pipes_version: '0.1', method, params };
  appendFileSync(messagesPath, `${JSON.stringify(message)}\n`);
}

const notebook = JSON.parse(read('notebook.json'));
runInThisContext(read('runtime.js'), { filename: 'runtime.js' });
const head =
  '(function (dg, z, DateTime, Duration, Interval, files, assert, __cell, __name) { "use strict";\n';
const program = runInThisContext(`${head}${read('cells.js')}\n})`, { filename: 'cells.js' });
const { guestOf, toTaggedJson, fromTaggedJson } = globalThis.partitaRuntime;

/** Where a frame of a stack stands in the notebook: in the innermost cell that it passes. */
function placeOf(stack) {
  for (const [, line, column] of (stack ?? '').matchAll(/cells\.js:(\d+):(\d+)/g)) {
    const at = Number(line) - 1;
    const cell = notebook.cells.find(
      (one) => at >= one.firstLine && at < one.firstLine + one.lineCount,
    );
    if (cell) return `cell ${cell.number}, line ${at - cell.firstLine + 1}`;
  }
  return null;
}
function errorOf({ name, code, kind, message, stack, cause }) {
  return {
    name: kind ?? name,
    code,
    message,
    place: placeOf(stack),
    cause: cause && errorOf(cause),
  };
}

function fileAt(path) {
  const full = resolve(filesFolder, path);
  if (full !== filesFolder && !full.startsWith(filesFolder + sep))
    throw new Error(`${path} is outside of the files.`);
  return full;
}
function listedFiles() {
  if (!existsSync(filesFolder)) return [];
  return readdirSync(filesFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(filesFolder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort();
}
function answerTo(ask) {
  const path = fileAt(ask.path);
  switch (ask.kind) {
    case 'readFile':
      return { status: 'ok', bytes: existsSync(path) ? new Uint8Array(readFileSync(path)) : null };
    case 'writeFile':
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, ask.bytes);
      return { status: 'ok', bytes: null };
    case 'removeFile':
      rmSync(path, { force: true });
      return { status: 'ok', bytes: null };
  }
}

const changes = [];
function hear(message) {
  switch (message.kind) {
    case 'log':
      if (messagesPath === null) console.error(`${message.level} ${message.text}`);
      return toPipes('log', { level: message.level, message: message.text });
    case 'dynamicPartitions':
      return changes.push(message.change);
    case 'latestMaterialization':
      return queueMicrotask(() =>
        guest.settle(message.requestId, {
          status: 'error',
          message:
            'context.instance.getLatestMaterialization is not available outside of the notebook.',
        }),
      );
    case 'request':
      return queueMicrotask(() => {
        let answer;
        try {
          answer = answerTo(message.ask);
        } catch (thrown) {
          answer = { status: 'error', message: String(thrown.message ?? thrown) };
        }
        guest.settle(message.requestId, answer);
      });
  }
}

const guest = guestOf(program, hear);
const world = {
  now: request.now,
  seed: `${notebook.seed} ${request.seed ?? ''}`,
  dynamicPartitions: request.dynamicPartitions ?? [],
  ...(request.materializedPartitions
    ? { materializedPartitions: request.materializedPartitions }
    : {}),
  files: listedFiles(),
};

/** An input as the notebook's functions get it. */
function inputOf(input, byKey) {
  const named = { name: input.name, ...(input.keys ? { keys: input.keys } : {}) };
  const [only] = input.keys ?? [];
  if (input.kind === 'single' && byKey && only !== undefined) {
    return { ...named, kind: 'byKey', entries: [[only, fromTaggedJson(input.value)]] };
  }
  if (input.kind === 'single')
    return { ...named, kind: 'single', value: fromTaggedJson(input.value) };
  if (input.kind === 'none' && byKey) return { ...named, kind: 'byKey', entries: [] };
  if (input.kind !== 'byKey') return { ...named, kind: 'none' };
  const entries = input.entries.map(([key, value]) => [key, fromTaggedJson(value)]);
  // A stored null is left out where there may be several.
  return {
    ...named,
    kind: 'byKey',
    entries: entries.filter(([, value]) => value !== null && value !== undefined),
  };
}

const valueText = ({ hasValue, value }) =>
  hasValue && value !== undefined ? toTaggedJson(value) : null;

async function answered() {
  switch (request.kind) {
    case 'step': {
      const byKey = new Set(notebook.byKey[request.assetKey] ?? []);
      const answer = await guest.execute({
        stepId: 1,
        assetKey: request.assetKey,
        ...(request.op ? { op: request.op } : {}),
        runId: request.runId,
        runTags: request.runTags,
        partitionKeys: request.partitionKeys,
        retryNumber: request.retryNumber,
        config: request.config,
        inputs: request.inputs.map((input) => inputOf(input, byKey.has(input.name))),
        world,
      });
      if (answer.status !== 'success') return answer;
      return {
        ...answer,
        value: valueText(answer),
        ...(answer.opOutputs
          ? { opOutputs: answer.opOutputs.map((one) => ({ ...one, value: valueText(one) })) }
          : {}),
      };
    }
    case 'schedule':
      return guest.evaluateSchedule({
        stepId: 1,
        scheduleName: request.name,
        scheduledAt: request.now,
        world,
      });
    case 'sensor':
      return guest.evaluateSensor({
        stepId: 1,
        sensorName: request.name,
        cursor: request.cursor,
        lastTickAt: request.lastTickAt,
        world,
      });
    case 'partitionedConfig':
      return guest.evaluatePartitionedConfig({
        stepId: 1,
        jobName: request.jobName,
        partitionKeys: request.partitionKeys,
        world,
      });
    case 'partitionKeys': {
      const loaded = guest.load(world);
      if (loaded.status !== 'loaded') return { ...loaded, status: 'failure' };
      const job = loaded.definitions.jobs.find((one) => one.jobName === request.jobName);
      return { status: 'evaluated', partitionKeys: job?.partitionsDef?.keys ?? [] };
    }
    default:
      return guest.load(world);
  }
}

toPipes('opened', { extras: {} });
try {
  const answer = await answered();
  if (answer.error) answer.error = errorOf(answer.error);
  for (const config of answer.configs ?? []) {
    for (const given of [config.runConfig, config.tags])
      if (given.error) given.error = errorOf(given.error);
  }
  writeAnswer({ ...answer, changes });
} catch (thrown) {
  writeAnswer({
    status: 'failure',
    error: errorOf({
      cause: null,
      name: thrown.name,
      message: thrown.message,
      stack: thrown.stack,
    }),
    changes,
  });
}
toPipes('closed', {});
