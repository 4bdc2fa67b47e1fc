import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { bootScript, bootScriptHash } from '../../src/runtime/boot-script.ts';

it('[RT-1] the policies name the boot script by its hash', () => {
  const hash = createHash('sha256').update(bootScript).digest('base64');
  expect(bootScriptHash).toBe(`'sha256-${hash}'`);
  expect(bootScript).not.toMatch(/<\/script|<!--/i);
});
