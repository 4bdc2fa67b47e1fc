import type { AssetKeyText } from '../definitions/definitions.ts';
import type { TurnedForm } from '../convert/asset-form.ts';

/** The open dialog about how an asset is told which piece of the data a run is about. */
export interface ConvertShown {
  readonly dialog: 'convert' | 'advisor';
  readonly assetKey: AssetKeyText;
  /** What it is turned to; null leaves the choice to the dialog. */
  readonly to: TurnedForm | null;
}

const FORMS: readonly TurnedForm[] = ['partitions', 'config', 'hybrid'];

/** What a query says of it; null if no dialog is open. */
export function parseConvertShown(query: URLSearchParams): ConvertShown | null {
  const convert = query.get('convert');
  const assetKey = convert ?? query.get('advise');
  if (!assetKey) return null;
  const to = FORMS.find((form) => form === query.get('form')) ?? null;
  return { dialog: convert ? 'convert' : 'advisor', assetKey, to };
}

/** The inverse of `parseConvertShown`. */
export function addConvertShown(query: URLSearchParams, shown: ConvertShown | null): void {
  if (!shown) return;
  query.set(shown.dialog === 'convert' ? 'convert' : 'advise', shown.assetKey);
  if (shown.to) query.set('form', shown.to);
}
