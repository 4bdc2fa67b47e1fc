import { describe, expect, it } from 'vitest';
import { composeSessionScript, type SandboxProgram } from '../../src/runtime/session-script.ts';

function program(text: string, libraries: SandboxProgram['libraries'] = []): SandboxProgram {
  return { text, libraries, locate: (line, column) => ({ cellId: 'c', line, column }) };
}

const load = (part: string) => Promise.resolve(`/* ${part} */\n${part}();`);

describe('the script of a session', () => {
  it('[RT-11] holds the libraries that cells name, or whose classes the language gives them', async () => {
    const partsOf = async (given: SandboxProgram, allLibraries = false) => {
      const { code } = await composeSessionScript(given, { allLibraries }, load);
      const text = await code.text();
      return ['core', 'zod', 'luxon', 'chai', 'execution'].filter((part) =>
        text.includes(`${part}();`),
      );
    };
    expect(await partsOf(program('1;'))).toEqual(['core']);
    expect(await partsOf(program('1;', ['chai']))).toEqual(['core', 'chai']);
    expect(await partsOf(program('context.partitionTimeWindow;'))).toEqual(['core', 'luxon']);
    expect(await partsOf(program('dg.Config({});'))).toEqual(['core', 'zod']);
    expect(await partsOf(program('dg.dailyPartitionedConfig({});'))).toEqual(['core', 'luxon']);
    for (const text of [
      'dg.materialize([]);',
      'j.executeInProcess();',
      'dg.validateRunConfig(j);',
      'nightly.evaluateTick();',
    ]) {
      expect(await partsOf(program(text))).toEqual(['core', 'execution']);
    }
    expect(await partsOf(program('context.assetPartitionKeysForInput();'))).toEqual([
      'core',
      'execution',
    ]);
    expect(await partsOf(program('1;'), true)).toEqual([
      'core',
      'zod',
      'luxon',
      'chai',
      'execution',
    ]);
  });

  it('finds the lines of cells again', async () => {
    const { code, locate } = await composeSessionScript(
      program('first();\nsecond();'),
      { allLibraries: true },
      load,
    );
    const lines = (await code.text()).split('\n');
    const line = lines.indexOf('second();') + 1;
    expect(locate(line, 3)).toEqual({ cellId: 'c', line: 2, column: 3 });
    expect(locate(2, 1)).toBeNull();
  });
});
