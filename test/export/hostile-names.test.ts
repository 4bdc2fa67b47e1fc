import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonText } from '../../src/export/python-literal.ts';
import { pythonOf } from '../../src/export/python-module.ts';
import { hostileDefinitions, textsOf } from './hostile-definitions.ts';

const PARSER = fileURLToPath(new URL('parse_modules.py', import.meta.url));

/** What `parse_modules.py` says of one module. */
interface Survey {
  readonly odd: readonly string[];
  readonly callees: readonly string[];
  readonly imports: readonly string[];
  readonly constants: readonly string[];
}

/** Python's own parser reads all modules in one process. */
function surveyed(modules: readonly string[]): readonly Survey[] {
  const options = { input: JSON.stringify(modules), maxBuffer: 2 ** 31 };
  return JSON.parse(execFileSync('python3', [PARSER], options).toString()) as readonly Survey[];
}

const IMPORTS =
  /^(?:import enum|import pydantic|import dagster as dg|from datetime import datetime|from \. import partita|from typing import (?:(?:Any|Literal|Optional|Union)(?:, )?)+)$/;
const CALLEES = /^(?:dg\.[\w.]+|partita\.\w+|pydantic\.Field|enum\.Enum|datetime|float)$/;

function hexOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('hex');
}

describe('texts of a notebook in Python (EXP-2)', () => {
  it('[EXP-2] 10,000 hostile notebooks are modules of constants and identifiers only', () => {
    const notebooks = fc.sample(hostileDefinitions, { numRuns: 10_000, seed: 8 });
    const modules = notebooks.map((definitions, i) => {
      return pythonOf(definitions, { bodies: i % 2 === 0 ? 'none' : 'pipes' }).text;
    });
    const surveys = surveyed(modules);
    expect(surveys).toHaveLength(10_000);
    expect(surveys.flatMap(({ odd }) => odd)).toEqual([]);
    const callees = new Set(surveys.flatMap((survey) => survey.callees));
    expect([...callees].filter((callee) => !CALLEES.test(callee))).toEqual([]);
    const imports = new Set(surveys.flatMap((survey) => survey.imports));
    expect([...imports].filter((one) => !IMPORTS.test(one))).toEqual([]);
    const lost = notebooks.flatMap(({ assets, jobs }, i) => {
      const held = new Set(surveys[i]?.constants);
      const texts = [...assets, ...jobs].flatMap(({ description, tags }) => {
        return [...textsOf(description), ...textsOf(tags)];
      });
      return texts.filter((text) => !held.has(hexOf(text)));
    });
    expect(lost).toEqual([]);
  }, 300_000);

  it('[EXP-2] a literal is the text, whatever it holds', () => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 30 }), {
      numRuns: 3000,
      seed: 8,
    });
    const [survey] = surveyed([`dg.x([${texts.map(pythonText).join(', ')}])\n`]);
    expect(survey?.constants).toEqual(texts.map(hexOf));
  });
});
