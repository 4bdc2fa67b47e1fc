import { addConvertShown, parseConvertShown, type ConvertShown } from './convert-shown.ts';
import { addGraphShown, parseGraphShown, type GraphShown } from './graph-shown.ts';
import { addMappingsShown, parseMappingsShown, type MappingsShown } from './mappings-shown.ts';
import {
  addFocus,
  addPartitionsShown,
  parseFocus,
  parsePartitionsShown,
  type Focus,
  type PartitionsShown,
} from './partitions-shown.ts';
import { addRunsShown, parseRunsShown, type RunsShown } from './runs-shown.ts';
import { addTwinShown, parseTwinShown, type TwinShown } from './twin-shown.ts';

/** What the address says to open. */
export type Target =
  | { readonly kind: 'start' }
  | { readonly kind: 'new' }
  | { readonly kind: 'notebook'; readonly notebookId: string }
  | { readonly kind: 'example'; readonly name: string }
  /** The text after `#p=`. */
  | { readonly kind: 'link'; readonly payload: string }
  | { readonly kind: 'source'; readonly url: string };

export const workbenchViews = [
  'graph',
  'partitions',
  'runs',
  'backfills',
  'automation',
  'mappings',
  'jobs',
  'twin',
] as const;

export type WorkbenchView = (typeof workbenchViews)[number];

/** An address, read. What it does not know it leaves alone. */
export interface Address {
  readonly target: Target;
  /** Null if the address does not say. */
  readonly view: WorkbenchView | null;
  readonly runId: string | null;
  /** The backfill that is read in its view; null for the newest. */
  readonly backfillId: string | null;
  /** The job that is read in its view; null for the first. */
  readonly jobName: string | null;
  /** The job whose launchpad is open; null if none is. */
  readonly launchpad: string | null;
  /** The open dialog of Convert, or of its advisor; null if none is. */
  readonly convert: ConvertShown | null;
  /** The key that every view shows as chosen; null if none is. */
  readonly focus: Focus | null;
  readonly partitions: PartitionsShown;
  readonly runs: RunsShown;
  readonly mappings: MappingsShown;
  readonly graph: GraphShown;
  readonly twin: TwinShown;
  /** Hides the chrome and keeps no storage. */
  readonly embed: boolean;
  /** Opens without evaluating anything. */
  readonly safe: boolean;
}

/** Reads the query and the fragment of an address, each with its `?` or `#`, or empty. */
export function parseAddress(search: string, hash: string): Address {
  const query = new URLSearchParams(search);
  const view = query.get('view');
  return {
    target: parseTarget(query, hash),
    view: workbenchViews.find((known) => known === view) ?? null,
    runId: query.get('run'),
    backfillId: query.get('backfill'),
    jobName: query.get('job'),
    launchpad: query.get('launchpad'),
    convert: parseConvertShown(query),
    focus: parseFocus(query),
    partitions: parsePartitionsShown(query),
    runs: parseRunsShown(query),
    mappings: parseMappingsShown(query),
    graph: parseGraphShown(query),
    twin: parseTwinShown(query),
    embed: query.has('embed'),
    safe: query.has('safe'),
  };
}

function parseTarget(query: URLSearchParams, hash: string): Target {
  const payload = /^#p=(.*)$/s.exec(hash)?.[1];
  if (payload !== undefined) return { kind: 'link', payload };
  const example = query.get('example');
  if (example) return { kind: 'example', name: example };
  const notebookId = query.get('notebook');
  if (notebookId) return { kind: 'notebook', notebookId };
  const url = query.get('src');
  if (url) return { kind: 'source', url };
  return query.has('new') ? { kind: 'new' } : { kind: 'start' };
}

/** The query and fragment of an address, to be put after the path; the inverse of `parseAddress`. */
export function formatAddress(address: Address): string {
  const query = new URLSearchParams();
  const { target } = address;
  if (target.kind === 'example') query.set('example', target.name);
  if (target.kind === 'notebook') query.set('notebook', target.notebookId);
  if (target.kind === 'source') query.set('src', target.url);
  if (target.kind === 'new') query.set('new', '');
  if (address.view) query.set('view', address.view);
  if (address.runId) query.set('run', address.runId);
  if (address.backfillId) query.set('backfill', address.backfillId);
  if (address.jobName) query.set('job', address.jobName);
  if (address.launchpad) query.set('launchpad', address.launchpad);
  addConvertShown(query, address.convert);
  addFocus(query, address.focus);
  addPartitionsShown(query, address.partitions);
  addRunsShown(query, address.runs);
  addMappingsShown(query, address.mappings);
  addGraphShown(query, address.graph);
  addTwinShown(query, address.twin);
  if (address.embed) query.set('embed', '');
  if (address.safe) query.set('safe', '');
  const text = query.toString().replaceAll(/=(?=&|$)/g, '');
  const fragment = target.kind === 'link' ? `#p=${target.payload}` : '';
  return (text ? `?${text}` : '') + fragment;
}
