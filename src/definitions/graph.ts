import type { AssetDependency, AssetKeyText, AssetSpec } from './definitions.ts';

/** The assets of one notebook with the edges between them. */
export class AssetGraph {
  /** By key; of two assets with one key, the first. */
  readonly assets: ReadonlyMap<AssetKeyText, AssetSpec>;
  /**
   * Every key, an asset after all that it depends on; notebook order where that leaves a
   * choice. The assets of a cycle, and what hangs on them, come last.
   */
  readonly order: readonly AssetKeyText[];
  /** Assets that depend on themselves through others, in notebook order; empty if there is no cycle. */
  readonly cyclic: readonly AssetKeyText[];
  readonly #downstream = new Map<AssetKeyText, AssetKeyText[]>();

  constructor(assets: readonly AssetSpec[]) {
    const byKey = new Map<AssetKeyText, AssetSpec>();
    for (const asset of assets) {
      if (!byKey.has(asset.assetKey)) byKey.set(asset.assetKey, asset);
    }
    this.assets = byKey;
    for (const { assetKey, deps } of byKey.values()) {
      for (const upstream of new Set(deps.map((dep) => dep.assetKey))) {
        const downstream = this.#downstream.get(upstream);
        if (downstream) downstream.push(assetKey);
        else this.#downstream.set(upstream, [assetKey]);
      }
    }
    const { order, left } = this.#sort();
    this.order = [...order, ...left];
    this.cyclic = this.#onCycles(left);
  }

  /** The asset's dependencies, in the author's order; empty for an unknown key. */
  dependenciesOf(assetKey: AssetKeyText): readonly AssetDependency[] {
    return this.assets.get(assetKey)?.deps ?? [];
  }

  /** Assets that depend on `assetKey` directly, in notebook order; itself among them if it reads itself. */
  downstreamOf(assetKey: AssetKeyText): readonly AssetKeyText[] {
    return this.#downstream.get(assetKey) ?? [];
  }

  /** The given keys in the order of the graph. */
  inOrder(assetKeys: Iterable<AssetKeyText>): readonly AssetKeyText[] {
    const chosen = new Set(assetKeys);
    return this.order.filter((assetKey) => chosen.has(assetKey));
  }

  #sort(): { readonly order: AssetKeyText[]; readonly left: AssetKeyText[] } {
    const waitsFor = new Map<AssetKeyText, number>();
    for (const { assetKey, deps } of this.assets.values()) {
      const upstream = new Set(deps.map((dep) => dep.assetKey));
      upstream.delete(assetKey);
      let known = 0;
      for (const key of upstream) if (this.assets.has(key)) known++;
      waitsFor.set(assetKey, known);
    }
    const place = new Map([...this.assets.keys()].map((assetKey, at) => [assetKey, at]));
    const order: AssetKeyText[] = [];
    const left = new Set(this.assets.keys());
    const ready = [...left].filter((assetKey) => waitsFor.get(assetKey) === 0);
    while (ready.length > 0) {
      const next = ready.shift() as AssetKeyText;
      order.push(next);
      left.delete(next);
      for (const assetKey of this.downstreamOf(next)) {
        if (assetKey === next) continue;
        const waits = (waitsFor.get(assetKey) ?? 0) - 1;
        waitsFor.set(assetKey, waits);
        if (waits !== 0) continue;
        const at = ready.findIndex((other) => (place.get(other) ?? 0) > (place.get(assetKey) ?? 0));
        ready.splice(at < 0 ? ready.length : at, 0, assetKey);
      }
    }
    return { order, left: [...left] };
  }

  /** Of the assets that could not be ordered, those that reach themselves. */
  #onCycles(left: readonly AssetKeyText[]): readonly AssetKeyText[] {
    return left.filter((start) => {
      const seen = new Set<AssetKeyText>();
      const next = this.downstreamOf(start).filter((key) => key !== start);
      while (next.length > 0) {
        const assetKey = next.pop() as AssetKeyText;
        if (assetKey === start) return true;
        if (seen.has(assetKey)) continue;
        seen.add(assetKey);
        next.push(...this.downstreamOf(assetKey));
      }
      return false;
    });
  }
}
