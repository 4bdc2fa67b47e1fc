import type { SandboxLibrary } from '../protocol/sandbox.ts';

/** A part of a session's script. */
export type SandboxPart = 'core' | SandboxLibrary;

/** Loads the text of a part; each is fetched once, and only if a notebook needs it. */
export async function loadSandboxText(part: SandboxPart): Promise<string> {
  switch (part) {
    case 'core':
      return (await import('virtual:sandbox/core')).text;
    case 'zod':
      return (await import('virtual:sandbox/zod')).text;
    case 'luxon':
      return (await import('virtual:sandbox/luxon')).text;
    case 'chai':
      return (await import('virtual:sandbox/chai')).text;
    case 'execution':
      return (await import('virtual:sandbox/execution')).text;
    case 'goals':
      return (await import('virtual:sandbox/goals')).text;
  }
}
