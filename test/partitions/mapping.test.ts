import { describe, expect, it } from 'vitest';
import { equalPartitionsDefinitions } from '../../src/partitions/definition/identity.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { checkMapping, checkSelfDependency } from '../../src/partitions/mapping/check-mapping.ts';
import { defaultMapping } from '../../src/partitions/mapping/default-mapping.ts';
import { mapToDownstream, mapToUpstream } from '../../src/partitions/mapping/map-partitions.ts';
import { keysOf } from '../../src/partitions/subset/subset-keys.ts';
import {
  contextOf,
  definitionOf,
  errorKind,
  isErrorAnswer,
  mappingOf,
  pack,
  readVectors,
  subsetFrom,
  type ErrorAnswer,
  type PackedKeys,
  type WrittenDefinition,
  type WrittenMapping,
} from './vectors.ts';

interface MappingCase {
  readonly id: string;
  readonly rules?: readonly string[];
  readonly marks?: readonly string[];
  readonly upstream: WrittenDefinition | null;
  readonly downstream: WrittenDefinition | null;
  readonly mapping?: WrittenMapping | null;
  readonly now: string;
  readonly dynamic?: Readonly<Record<string, readonly string[]>>;
  readonly direction: 'up' | 'down';
  readonly input: readonly string[] | 'all' | null;
  readonly expect: (PackedKeys & { readonly requiredButNonexistent?: PackedKeys }) | ErrorAnswer;
}

/** Texts of the input that no partition has: Dagster's key sets hold them, ours cannot (SUB-5). */
function strangers(one: MappingCase): readonly string[] {
  const source = one.direction === 'up' ? one.downstream : one.upstream;
  if (source === null || one.input === null) return [];
  try {
    const index = indexPartitions(definitionOf(source), contextOf(one));
    return subsetFrom(index, one.input).unknownKeys;
  } catch {
    // An input that fits no time format: it fails before it is mapped.
    return [...one.input];
  }
}

const packSet = ({ count, keys, head, tail, sha256 }: PackedKeys): PackedKeys =>
  keys === undefined
    ? { count, head: head ?? [], tail: tail ?? [], sha256: sha256 ?? '' }
    : { count, keys: keys.toSorted() };

const mappingCases = readVectors<MappingCase>('mappings').filter(
  (one) => !one.marks?.includes('accident') && strangers(one).length === 0,
);

describe('mappings against the vectors', () => {
  it.each(mappingCases)('$rules $id', (one) => {
    const context = contextOf(one);
    const index = (written: WrittenDefinition | null) =>
      written === null ? null : indexPartitions(definitionOf(written), context);
    const upstream = index(one.upstream);
    const downstream = index(one.downstream);
    const mapping = one.mapping
      ? mappingOf(one.mapping)
      : defaultMapping(upstream?.definition ?? null, downstream?.definition ?? null);
    const [source, target] =
      one.direction === 'up' ? [downstream, upstream] : [upstream, downstream];
    const subset =
      source === null || one.input === null ? [0, 1] : subsetFrom(source, one.input).subset;
    const answer = () =>
      one.direction === 'up'
        ? mapToUpstream({ mapping, upstream, downstream, subset })
        : {
            subset: mapToDownstream({ mapping, upstream, downstream, subset }),
            requiredButNonexistent: [],
          };
    if (isErrorAnswer(one.expect)) {
      expect(errorKind(answer)).toBe(one.expect.error);
      return;
    }
    const result = answer();
    if (target === null) return;
    // Dagster counts the unknown keys of a specific mapping among the found (MAP-SPEC-1).
    const found = [
      ...keysOf(target, result.subset),
      ...(mapping.kind === 'specific' ? result.requiredButNonexistent : []),
    ];
    expect(packSet(pack(found))).toEqual(packSet(one.expect));
    const missing = one.expect.requiredButNonexistent;
    if (missing !== undefined && mapping.kind !== 'specific') {
      expect(packSet(pack(result.requiredButNonexistent))).toEqual(packSet(missing));
    }
  });
});

interface DefaultMappingCase {
  readonly id: string;
  readonly upstream: WrittenDefinition | null;
  readonly downstream: WrittenDefinition | null;
  readonly mapping?: WrittenMapping;
  readonly expect: {
    readonly definitionsEqual: boolean;
    readonly inferred?: WrittenMapping;
    readonly mappingValidation?: 'ok' | ErrorAnswer;
  };
}

describe('default mappings and their validation against the vectors', () => {
  it.each(readVectors<DefaultMappingCase>('default-mapping'))('$rules $id', (one) => {
    const upstream = one.upstream === null ? null : definitionOf(one.upstream);
    const downstream = one.downstream === null ? null : definitionOf(one.downstream);
    const { definitionsEqual, inferred, mappingValidation } = one.expect;
    expect(equalPartitionsDefinitions(upstream, downstream)).toBe(definitionsEqual);
    if (inferred !== undefined) {
      expect(defaultMapping(upstream, downstream)).toEqual(mappingOf(inferred));
    }
    if (mappingValidation === undefined || upstream === null) return;
    const mapping = one.mapping ? mappingOf(one.mapping) : defaultMapping(upstream, downstream);
    expect(errorKind(() => checkMapping(mapping, upstream, downstream)) ?? 'ok').toBe(
      mappingValidation === 'ok' ? 'ok' : mappingValidation.error,
    );
  });
});

interface SelfDependencyCase {
  readonly id: string;
  readonly definition: WrittenDefinition | null;
  readonly mapping?: WrittenMapping | null;
  readonly expect: {
    readonly declare: 'ok' | ErrorAnswer;
    readonly validate?: 'ok' | (ErrorAnswer & { readonly cause?: ErrorAnswer });
  };
}

describe('assets that depend on themselves, against the vectors', () => {
  it.each(readVectors<SelfDependencyCase>('self-dependency'))('$rules $id', (one) => {
    const definition = one.definition === null ? null : definitionOf(one.definition);
    const mapping = one.mapping ? mappingOf(one.mapping) : null;
    const { declare, validate } = one.expect;
    expect(errorKind(() => checkSelfDependency('me', mapping, definition)) ?? 'ok').toBe(
      declare === 'ok' ? 'ok' : declare.error,
    );
    if (validate === undefined || mapping === null || definition === null) return;
    expect(errorKind(() => checkMapping(mapping, definition, definition)) ?? 'ok').toBe(
      validate === 'ok' ? 'ok' : (validate.cause ?? validate).error,
    );
  });
});
