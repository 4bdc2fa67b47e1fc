import type { AssetForm, TurnedForm } from '../../convert/asset-form.ts';

/** What each form is, as one clause. */
export const FORM_WORDS: Readonly<Record<AssetForm, string>> = {
  partitions: 'the piece is a key',
  config: 'the piece is a field of the config',
  hybrid: 'the piece is a key, and options are config',
  single: 'there is one piece',
};

export const FORM_OPTIONS: readonly { readonly value: TurnedForm; readonly label: string }[] = [
  { value: 'partitions', label: 'Partitions' },
  { value: 'config', label: 'Config' },
  { value: 'hybrid', label: 'Hybrid' },
];

/** Keys as they are typed: one a line, or parted by commas. */
export function typedKeys(text: string): readonly string[] {
  return text
    .split(/[\n,]/)
    .map((key) => key.trim())
    .filter((key) => key !== '');
}
