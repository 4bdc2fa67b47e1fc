import type { Definitions } from '../definitions/definitions.ts';
import type { LeftOut } from './python-parts.ts';

/** Definitions as Dagster can hold them: without dependencies whose mapping is a function (MAP-FN-5). */
export function withoutFunctionMappings<D extends Pick<Definitions, 'assets'>>(
  definitions: D,
): { readonly definitions: D; readonly leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const assets = definitions.assets.map((asset) => {
    const deps = asset.deps.filter(({ assetKey, inputName, mapping }) => {
      if (mapping?.kind !== 'function') return true;
      const lost = inputName === null ? '' : `, and its input ${inputName} is not given`;
      leftOut.push({
        name: asset.assetKey,
        reason: `It reads ${assetKey} by a function, and Dagster has no mappings that are functions: it does not depend on it there${lost}.`,
      });
      return false;
    });
    return deps.length === asset.deps.length ? asset : { ...asset, deps };
  });
  return leftOut.length === 0
    ? { definitions, leftOut }
    : { definitions: { ...definitions, assets }, leftOut };
}
