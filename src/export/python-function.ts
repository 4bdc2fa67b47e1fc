import { indented, pythonCall } from './python-literal.ts';

/** A decorated function. */
export function pythonFunction(
  decorator: string,
  name: string,
  { parameters, body }: { readonly parameters: readonly string[]; readonly body: string },
): string {
  return `${decorator}\n${pythonCall(`def ${name}`, parameters)}:\n${indented(body)}`;
}
