import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import { pythonCall, pythonList, pythonText } from './python-literal.ts';
import type { Renamed } from './python-parts.ts';

/** Names that Dagster refuses for assets, ops, inputs and outputs. */
export const REFUSED_NAMES: ReadonlySet<string> = new Set(
  'context conf config meta arg_dict dict input_arg_dict output_arg_dict int str float bool input output type'.split(
    ' ',
  ),
);

/**
 * The keys of a notebook's assets in Dagster. There the step of an asset is called after its key,
 * and steps have letters, digits and underscores only: a key that allows no such name is changed.
 */
export class AssetKeys {
  readonly #paths = new Map<AssetKeyText, readonly string[]>();

  /** @param renamed gets an entry for each key that is changed. */
  constructor(assets: readonly AssetSpec[], renamed: Renamed[]) {
    const steps = new Set<string>();
    for (const { assetKey, external } of assets) {
      if (external || this.#paths.has(assetKey)) continue;
      const path = assetKey.split('/').map((part) => part.replace(/[^A-Za-z0-9_-]/g, '_'));
      const last = path.length - 1;
      const own = path[last] ?? '';
      for (let count = 2; REFUSED_NAMES.has(stepOf(path)) || steps.has(stepOf(path)); count += 1) {
        path[last] = `${own}_${count}`;
      }
      steps.add(stepOf(path));
      this.#paths.set(assetKey, path);
      if (path.join('/') !== assetKey) renamed.push({ name: assetKey, pythonName: path.join('/') });
    }
  }

  pathOf(assetKey: AssetKeyText): readonly string[] {
    return this.#paths.get(assetKey) ?? assetKey.split('/');
  }

  /** The name of the step that computes the asset: config is given under it. */
  stepNameOf(assetKey: AssetKeyText): string {
    return stepOf(this.pathOf(assetKey));
  }

  /** The key as an expression. */
  expressionOf(assetKey: AssetKeyText): string {
    return pythonCall('dg.AssetKey', [pythonList(this.pathOf(assetKey).map(pythonText))]);
  }

  /** Assets as a selection. */
  selectionOf(assetKeys: readonly AssetKeyText[]): string {
    return pythonCall(
      'dg.AssetSelection.assets',
      assetKeys.map((assetKey) => this.expressionOf(assetKey)),
    );
  }
}

function stepOf(path: readonly string[]): string {
  return path.join('__').replaceAll('-', '_');
}
