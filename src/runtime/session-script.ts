import type { Locate } from '../protocol/parse-guest-answer.ts';
import type { SandboxLibrary } from '../protocol/sandbox.ts';
import type { SandboxPart } from './sandbox-texts.ts';

/** The cells of a notebook as the body of one function, with what is known of it. */
export interface SandboxProgram {
  /** Its parameters are `dg, z, DateTime, Duration, Interval, files, assert, __cell, __name`. */
  readonly text: string;
  /** The libraries that its cells name. */
  readonly libraries: readonly SandboxLibrary[];
  /** The cell that has a line and a column of `text`; both count from 1. */
  readonly locate: Locate;
}

/** A whole session's script, and where its lines are in cells. */
export interface SessionScript {
  readonly code: Blob;
  readonly locate: Locate;
}

const ALL_LIBRARIES: readonly SandboxLibrary[] = ['zod', 'luxon', 'chai', 'execution', 'goals'];

/** Members of the language that give DateTimes, so that a cell which uses one needs Luxon without naming it. */
const GIVES_DATES =
  /\b(?:partitionTimeWindow|assetPartitionsTimeWindow\w*|timeWindowForPartitionKey|startTimeForPartitionKey|lastTickCompletionTime|getLatestMaterialization|dynamicPartitionedConfig|get(?:Next|Prev)PartitionWindow|scheduledExecutionTime|(?:hourly|daily|weekly|monthly)PartitionedConfig|currentTime|context\.now)\b|'date'|"date"/;

/** Members of the language that run jobs, check config, or apply mappings in the sandbox. */
const EXECUTES =
  /\b(?:materialize|executeInProcess|validateRunConfig|evaluateTick|assetPartition\w*ForInput)\b/;

/** The libraries that the script of a program should have. If one is missing after all, the session starts again with all. */
function librariesNeeded(program: SandboxProgram): readonly SandboxLibrary[] {
  return ALL_LIBRARIES.filter(
    (library) =>
      program.libraries.includes(library) ||
      (library === 'luxon' && GIVES_DATES.test(program.text)) ||
      (library === 'zod' && /\bConfig\b/.test(program.text)) ||
      (library === 'execution' && EXECUTES.test(program.text)) ||
      (library === 'goals' && /\bgoal\b/.test(program.text)),
  );
}

/** Puts a session's script together: what every session needs, then libraries, then the cells. */
export async function composeSessionScript(
  program: SandboxProgram,
  options: { readonly allLibraries: boolean },
  load: (part: SandboxPart) => Promise<string>,
): Promise<SessionScript> {
  const libraries = options.allLibraries ? ALL_LIBRARIES : librariesNeeded(program);
  const texts = await Promise.all((['core', ...libraries] as const).map(load));
  const parts = texts.map(keptPart);
  const before = parts.map(({ blob }) => blob);
  const linesBefore = parts.reduce((lines, part) => lines + part.lines, 0) + 1;
  return {
    code: new Blob([...before, `${PROGRAM_HEAD}\n${program.text}\n});\n`], { type: SCRIPT }),
    locate: (line, column) =>
      line > linesBefore ? program.locate(line - linesBefore, column) : null,
  };
}

const SCRIPT = 'text/javascript';

const PROGRAM_HEAD =
  "__partita.program(function (dg, z, DateTime, Duration, Interval, files, assert, __cell, __name) { 'use strict';";

/** A part as the browser keeps it, once for all sessions: what starts one need not hand its text on. */
interface KeptPart {
  readonly blob: Blob;
  readonly lines: number;
}

const kept = new Map<string, KeptPart>();

function keptPart(text: string): KeptPart {
  const known = kept.get(text);
  if (known) return known;
  const whole = `${text}\n;\n`;
  const blob = new Blob([whole], { type: SCRIPT });
  const part = { blob, lines: whole.split('\n').length - 1 };
  kept.set(text, part);
  return part;
}
