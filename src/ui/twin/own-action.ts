/** What a reader can do in the worlds, beside what the notebook lists. */
export type OwnAction =
  | {
      readonly kind: 'run';
      readonly piece: string;
      readonly option: string;
      readonly value: string;
    }
  | { readonly kind: 'appears'; readonly piece: string }
  | { readonly kind: 'until' }
  | { readonly kind: 'redoFailed' };

/** The line of a cell that declares it; null while something is missing. */
export function lineOfAction(action: OwnAction): string | null {
  switch (action.kind) {
    case 'run': {
      if (action.piece === '') return null;
      if (action.option === '') return line(`Run ${action.piece}`, `run: ${quoted(action.piece)}`);
      if (!/^[A-Za-z_]\w*$/.test(action.option) || action.value === '') return null;
      const step = `run: ${quoted(action.piece)}, with: { ${action.option}: ${valueOf(action.value)} }`;
      return line(`Run ${action.piece} with ${action.option} ${action.value}`, step);
    }
    case 'appears':
      if (action.piece === '') return null;
      return line(`${action.piece} appears`, `appears: ${quoted(action.piece)}`);
    case 'until':
      return line('The next tick', "until: 'next tick'");
    case 'redoFailed':
      return line('What failed is redone', "redo: 'failed'");
  }
}

function line(title: string, step: string): string {
  return `dg.action(${quoted(title)}, { ${step} });`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', ' ')}'`;
}

/** A number, true or false stand for themselves; everything else is text. */
function valueOf(text: string): string {
  return /^(?:true|false|-?\d{1,15}(?:\.\d{1,15})?)$/.test(text) ? text : quoted(text);
}
