import type { ActionSpec } from '../definitions/definitions.ts';
import { nearestName } from '../nearest-name.ts';
import type { EpochMs } from '../time/time-window.ts';

/** One thing that is done in every world, understood. Plain data. */
export type ActionStep =
  /** Runs a world's assets for a piece: its key, or what the config is told. */
  | {
      readonly kind: 'run';
      readonly piece: string;
      readonly options: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'until'; readonly to: 'next tick' | EpochMs }
  | { readonly kind: 'replace'; readonly from: string; readonly to: string }
  | { readonly kind: 'appears'; readonly piece: string }
  | { readonly kind: 'redoFailed' }
  | { readonly kind: 'redoSince'; readonly since: EpochMs };

/** An action as it is played. */
export interface Action {
  readonly cellId: string;
  readonly title: string;
  readonly steps: readonly ActionStep[];
  /** Why no world can take it: a step that means nothing; null if every step is understood. */
  readonly fault: string | null;
}

/** What an author's action means. */
export function readAction({ cellId, title, steps }: ActionSpec): Action {
  const read = steps.map(readStep);
  const fault = steps.length === 0 ? 'It says nothing to do.' : read.find(isFault);
  return {
    cellId,
    title,
    steps: fault === undefined ? read.filter(isStep) : [],
    fault: fault ?? null,
  };
}

function isFault(step: ActionStep | string): step is string {
  return typeof step === 'string';
}

function isStep(step: ActionStep | string): step is ActionStep {
  return typeof step !== 'string';
}

/** Each kind of step by the field that says it. */
const READERS: Readonly<
  Record<string, (step: Readonly<Record<string, unknown>>) => ActionStep | string>
> = {
  run: ({ run, with: options = {} }) => {
    if (typeof run !== 'string') return 'run must name a piece, as text.';
    if (!isRecord(options)) return 'with must be an object of config fields.';
    return { kind: 'run', piece: run, options };
  },
  write: ({ write, text }) =>
    typeof write === 'string' && typeof text === 'string'
      ? { kind: 'write', path: write, text }
      : 'write must name a file, and text must say what it holds.',
  remove: ({ remove }) =>
    typeof remove === 'string'
      ? { kind: 'remove', path: remove }
      : 'remove must name a file, as text.',
  until: ({ until }) => {
    const to = until === 'next tick' ? until : instantOf(until);
    return to === null
      ? "until must be 'next tick' or an instant with its offset, as 2026-03-11T01:00:00Z."
      : { kind: 'until', to };
  },
  replace: ({ replace }) => {
    const [from, to] = Array.isArray(replace) ? (replace as unknown[]) : [];
    return typeof from === 'string' && from !== '' && typeof to === 'string'
      ? { kind: 'replace', from, to }
      : 'replace must be two texts: what the code says, and what it is to say.';
  },
  appears: ({ appears }) =>
    typeof appears === 'string' && appears !== ''
      ? { kind: 'appears', piece: appears }
      : 'appears must name a piece, as text.',
  redo: ({ redo }) =>
    redo === 'failed' ? { kind: 'redoFailed' } : "redo must be 'failed': what failed is redone.",
  redoSince: ({ redoSince }) => {
    const since = instantOf(redoSince);
    return since === null
      ? 'redoSince must be an instant with its offset, as 2026-03-10T00:00:00Z.'
      : { kind: 'redoSince', since };
  },
};

function readStep(step: Readonly<Record<string, unknown>>): ActionStep | string {
  const kinds = Object.keys(READERS).filter((kind) => Object.hasOwn(step, kind));
  const known = [...Object.keys(READERS), 'with', 'text'];
  const unknown = Object.keys(step).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, known);
    return `A step has no "${unknown}".${nearest === null ? '' : ` Did you mean ${nearest}?`}`;
  }
  const [kind, second] = kinds;
  if (kind === undefined) return `A step does one of these: ${Object.keys(READERS).join(', ')}.`;
  if (second !== undefined) return `A step does one thing; this one has ${kind} and ${second}.`;
  return READERS[kind]?.(step) ?? 'A step means nothing.';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

function instantOf(value: unknown): EpochMs | null {
  if (typeof value !== 'string' || !INSTANT.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}
