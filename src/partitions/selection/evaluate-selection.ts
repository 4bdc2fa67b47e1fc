import { subsetOfColumns, subsetOfRows } from '../mapping/product-mapping.ts';
import { messageOf } from '../../errors.ts';
import type { PartitionIndex } from '../partition-index.ts';
import { explainKey } from '../reasons/key-reason.ts';
import { keySentence } from '../reasons/reason-sentences.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import {
  complement,
  countOf,
  intersect,
  subsetOfSpan,
  subtract,
  unionAll,
} from '../subset/subset-algebra.ts';
import { equalPartitionsDefinitions } from '../definition/identity.ts';
import { calendarSubset } from './calendar-subset.ts';
import type { KeyScan } from './key-scans.ts';
import { matchRegex, matchWildcard } from './match-keys.ts';
import { parseSelection, type ParsedText } from './parse-selection.ts';
import { dimensionNamed, scopeWithin, type SelectionScope } from './selection-scope.ts';
import type { Place, RangeEnd, SelectionNode, SelectionProblem } from './selection-tree.ts';
import { writeKey } from './write-key.ts';

/** A part of a selection with the keys that it means. */
export interface EvaluatedNode {
  readonly node: SelectionNode;
  /** Of the ordinals of the scope; for a part within a dimension, of that. */
  readonly subset: PartitionsSubset;
  readonly count: number;
  /** In the order of the text. */
  readonly parts: readonly EvaluatedNode[];
  /** Keys of a pattern that were looked at, while not all are; null when all are. */
  readonly scanned: number | null;
}

/** A text with the keys that it means. */
export interface EvaluatedSelection extends ParsedText {
  readonly root: EvaluatedNode;
  /** What could be understood. */
  readonly subset: PartitionsSubset;
  /** In the order of the text; empty if all is well. */
  readonly problems: readonly SelectionProblem[];
  /** Whether patterns are still looked for: advance the scans of the scope, and evaluate again. */
  readonly isPending: boolean;
}

/**
 * The keys that a text means. It takes time by the stretches of keys that take part, not by their
 * number; patterns for which there is no shorter way are looked for in parts (`isPending`).
 */
export function evaluateSelection(text: string, scope: SelectionScope): EvaluatedSelection {
  return evaluateWithin(text, scope, []);
}

function evaluateWithin(
  text: string,
  scope: SelectionScope,
  names: readonly string[],
): EvaluatedSelection {
  const parsed = parseSelection(text, scope);
  const evaluation = new Evaluation(names);
  const root = evaluation.evaluate(parsed.tree, scope);
  return {
    ...parsed,
    root,
    subset: root.subset,
    problems: [...parsed.problems, ...evaluation.problems].sort((a, b) => a.from - b.from),
    isPending: evaluation.isPending,
  };
}

class Evaluation {
  readonly problems: SelectionProblem[] = [];
  isPending = false;
  /** The names that are being read, so that none means itself. */
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  evaluate(node: SelectionNode, scope: SelectionScope): EvaluatedNode {
    const whole = (
      subset: PartitionsSubset,
      parts: readonly EvaluatedNode[] = [],
      scanned: number | null = null,
    ): EvaluatedNode => ({ node, subset, count: countOf(subset), parts, scanned });
    const { index } = scope;
    switch (node.kind) {
      case 'nothing':
        return whole([]);
      case 'all':
        return whole(subsetOfSpan(0, index.count));
      case 'key':
        return whole(this.#oneKey(node.key, node, index));
      case 'range':
        return whole(this.#range(node, index));
      case 'wildcard': {
        const scan = matchWildcard(node.pattern, index, scope.scans);
        if (scan.isDone && scan.subset.length === 0) {
          this.#blame(node, `No key matches ${node.pattern}.`);
        }
        return this.#scanned(node, scan);
      }
      case 'regex':
        return this.#regex(node, scope);
      case 'status':
        return whole(this.#status(node, scope));
      case 'latest':
        return whole(onTimes(index, (times) => latestOf(times, node.count)));
      case 'calendar': {
        if (timeDimension(index) === null && index.definition.kind !== 'timeWindow') {
          this.#blame(node, `${node.words} is a time, and these keys are not.`);
          return whole([]);
        }
        return whole(onTimes(index, (times) => calendarSubset(node.words, times, scope.now)));
      }
      case 'lineage':
        return whole(this.#lineage(node, scope));
      case 'named':
        return whole(this.#named(node, scope));
      case 'dimension': {
        const found = dimensionNamed(index, node.name);
        if (found === null) return whole([]);
        const part = this.evaluate(node.of, scopeWithin(scope, found.index, null));
        const extend = found.position === 0 ? subsetOfRows : subsetOfColumns;
        return whole(extend(index, part.subset), [part]);
      }
      case 'not': {
        const part = this.evaluate(node.of, scope);
        return whole(complement(part.subset, index.count), [part]);
      }
      case 'either': {
        const parts = node.parts.map((part) => this.evaluate(part, scope));
        return whole(keptUnion(parts.map(({ subset }) => subset)), parts);
      }
      case 'both':
      case 'without': {
        const left = this.evaluate(node.left, scope);
        const right = this.evaluate(node.right, scope);
        const join = node.kind === 'both' ? intersect : subtract;
        return whole(join(left.subset, right.subset), [left, right]);
      }
    }
  }

  #oneKey(key: string, place: Place, index: PartitionIndex): PartitionsSubset {
    const ordinal = index.ordinalOf(key);
    if (ordinal >= 0) return subsetOfSpan(ordinal, ordinal + 1);
    this.#unknownKey(key, place, index);
    return [];
  }

  #range(node: SelectionNode & { kind: 'range' }, index: PartitionIndex): PartitionsSubset {
    const { first, last } = node;
    if (index.count === 0 && first === null && last === null) return [];
    const isMulti = index.dimensions !== undefined;
    if (isMulti && [first, last].some((end) => end?.isIncluded === false)) {
      this.#blame(node, 'In two dimensions a range has both its ends: write [a...b].');
      return [];
    }
    const from = this.#ordinalOfEnd(first, 0, index);
    const to = this.#ordinalOfEnd(last, index.count - 1, index);
    if (from === null || to === null) return [];
    const start = first?.isIncluded === false ? from + 1 : from;
    const end = last?.isIncluded === false ? to : to + 1;
    const range = isMulti ? rectangle(index, from, to) : subsetOfSpan(start, end);
    if (range.length === 0) {
      this.#blame(
        node,
        from > to || isMulti
          ? `This range is empty: ${index.keyAt(to)} comes before ${index.keyAt(from)}.`
          : 'This range is empty: nothing stands between its ends.',
      );
    }
    return range;
  }

  #ordinalOfEnd(end: RangeEnd | null, open: number, index: PartitionIndex): number | null {
    if (end === null) return open;
    const ordinal = index.ordinalOf(end.key);
    if (ordinal >= 0) return ordinal;
    this.#unknownKey(end.key, end, index);
    return null;
  }

  #regex(node: SelectionNode & { kind: 'regex' }, scope: SelectionScope): EvaluatedNode {
    const stray = node.flags.replace(/[isu]/g, '');
    let regex: RegExp | null = null;
    try {
      regex = new RegExp(node.source, node.flags.replace(/[^isu]/g, ''));
    } catch (thrown) {
      // The author's pattern: the platform says what is wrong with it.
      this.#blame(node, `${messageOf(thrown)}.`);
    }
    if (stray !== '')
      this.#blame(node, `A pattern may end with i, s or u; ${stray} means nothing here.`);
    if (regex === null) return this.#scanned(node, { subset: [], scanned: 0, isDone: true });
    const scan = matchRegex(regex, scope.index, scope.scans);
    if (scan.isDone && scan.subset.length === 0) {
      this.#blame(node, `No key matches /${node.source}/.`);
    }
    return this.#scanned(node, scan);
  }

  #scanned(node: SelectionNode, { subset, scanned, isDone }: KeyScan): EvaluatedNode {
    this.isPending ||= !isDone;
    const count = countOf(subset);
    return { node, subset, count, parts: [], scanned: isDone ? null : scanned };
  }

  #status(
    node: SelectionNode & { kind: 'status' },
    { index, statuses, assets }: SelectionScope,
  ): PartitionsSubset {
    if (node.asset === null) {
      if (statuses !== null) return statuses[node.status];
      this.#blame(node, `Nothing tells which keys are ${node.status} here.`);
      return [];
    }
    const other = assets?.find(node.asset) ?? null;
    if (other === null) return [];
    if (
      other.index !== null &&
      equalPartitionsDefinitions(other.index.definition, index.definition)
    ) {
      return intersect(other.statuses[node.status], subsetOfSpan(0, index.count));
    }
    this.#blame(
      node,
      `${node.asset} has other partitions. Its ${node.status} keys are upstream-of(${node.asset}: ${node.status}) or downstream-of(${node.asset}: ${node.status}).`,
    );
    return [];
  }

  #lineage(node: SelectionNode & { kind: 'lineage' }, scope: SelectionScope): PartitionsSubset {
    const { assets } = scope;
    const other = assets?.find(node.asset) ?? null;
    if (assets === null || other === null) return [];
    const { index } = other;
    const all = subsetOfSpan(0, index?.count ?? 1);
    const subset =
      node.of === null || index === null
        ? all
        : this.evaluate(node.of, scopeWithin(scope, index, other.statuses)).subset;
    const found =
      node.direction === 'upstream-of'
        ? assets.upstreamOf(node.asset, subset)
        : assets.downstreamOf(node.asset, subset);
    if (found !== null) return found;
    this.#blame(
      node,
      node.direction === 'upstream-of'
        ? `${node.asset} reads nothing of this asset.`
        : `Nothing of this asset reads ${node.asset}.`,
    );
    return [];
  }

  #named(node: SelectionNode & { kind: 'named' }, scope: SelectionScope): PartitionsSubset {
    const text = scope.named.get(node.name);
    if (text === undefined) {
      const names = [...scope.named.keys()].map((name) => `@${name}`);
      const known =
        names.length === 0 ? 'No selection has a name yet.' : `There is ${names.join(', ')}.`;
      this.#blame(node, `No selection is called @${node.name}. ${known}`);
      return [];
    }
    if (this.#names.includes(node.name)) {
      this.#blame(node, `@${node.name} means itself.`);
      return [];
    }
    const inner = evaluateWithin(text, scope, [...this.#names, node.name]);
    this.isPending ||= inner.isPending;
    const [problem] = inner.problems;
    if (problem !== undefined) this.#blame(node, `In @${node.name}: ${problem.message}`);
    return inner.subset;
  }

  #unknownKey(key: string, { from, to }: Place, index: PartitionIndex): void {
    const answer = explainKey(index, key);
    const nearest = answer.exists ? null : answer.nearest;
    this.problems.push({
      from,
      to,
      message: keySentence(key, answer),
      ...(nearest === null ? {} : { nearest: writeKey(nearest, index) }),
    });
  }

  #blame({ from, to }: Place, message: string): void {
    this.problems.push({ from, to, message });
  }
}

/** What unions are of, by the first of their subsets. */
const unions = new WeakMap<
  PartitionsSubset,
  { readonly of: readonly PartitionsSubset[]; readonly union: PartitionsSubset }
>();

/** From so many boundaries an ordinal on it is quicker to count at each ordinal than to sweep the subsets two by two. */
const CROWDED = 1 / 8;

/** What is in any of them; all their ordinals are below `extent`. */
function unionByCount(subsets: readonly PartitionsSubset[], extent: number): PartitionsSubset {
  // How many more subsets hold an ordinal than the one before it.
  const changes = new Int16Array(extent + 1);
  for (const subset of subsets) {
    for (let at = 0; at < subset.length; at += 2) {
      changes[subset[at] as number]! += 1;
      changes[subset[at + 1] as number]! -= 1;
    }
  }
  const union: number[] = [];
  let holding = 0;
  for (let ordinal = 0; ordinal <= extent; ordinal += 1) {
    const before = holding;
    holding += changes[ordinal] as number;
    if ((before === 0) !== (holding === 0)) union.push(ordinal);
  }
  return union;
}

/** What is in any of them. Of the very same subsets it is made once: patterns can have found a million stretches. */
function keptUnion(subsets: readonly PartitionsSubset[]): PartitionsSubset {
  const [first] = subsets;
  const kept = first && unions.get(first);
  if (kept?.of.length === subsets.length && kept.of.every((one, at) => one === subsets[at])) {
    return kept.union;
  }
  const boundaries = subsets.reduce((sum, { length }) => sum + length, 0);
  const extent = Math.max(0, ...subsets.map((subset) => subset.at(-1) ?? 0));
  const union = boundaries > extent * CROWDED ? unionByCount(subsets, extent) : unionAll(subsets);
  if (first) unions.set(first, { of: subsets, union });
  return union;
}

/** The rectangle from one ordinal to another, both included; nothing if they are in reverse (MULTI-9). */
function rectangle(index: PartitionIndex, first: number, last: number): PartitionsSubset {
  const width = index.dimensions?.[1]?.count ?? 1;
  const rows = subsetOfSpan(Math.floor(first / width), Math.floor(last / width) + 1);
  const columns = subsetOfSpan(first % width, (last % width) + 1);
  if (rows.length === 0 || columns.length === 0) return [];
  return intersect(subsetOfRows(index, rows), subsetOfColumns(index, columns));
}

/** The one dimension of times, and its place; null if there is none, or two. */
function timeDimension({
  dimensions = [],
}: PartitionIndex): { readonly times: PartitionIndex; readonly position: number } | null {
  const found = dimensions.flatMap((times, position) =>
    times.definition.kind === 'timeWindow' ? [{ times, position }] : [],
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** What `choose` takes of the keys; of two dimensions of which one is time, of that, with every key of the other. */
function onTimes(
  index: PartitionIndex,
  choose: (times: PartitionIndex) => PartitionsSubset,
): PartitionsSubset {
  const time = timeDimension(index);
  if (time === null) return choose(index);
  const extend = time.position === 0 ? subsetOfRows : subsetOfColumns;
  return extend(index, choose(time.times));
}

function latestOf({ count }: PartitionIndex, latest: number): PartitionsSubset {
  return subsetOfSpan(Math.max(0, count - latest), count);
}
