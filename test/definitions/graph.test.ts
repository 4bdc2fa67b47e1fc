import { describe, expect, it } from 'vitest';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { asset, dep } from '../orchestration/sample-assets.ts';

describe('the graph of assets', () => {
  it('[AG-1] an asset comes after all that it depends on; else the order is the notebook’s', () => {
    const graph = new AssetGraph([
      asset('d', null, [dep('b'), dep('c')]),
      asset('z'),
      asset('c', null, [dep('a')]),
      asset('b', null, [dep('a')]),
      asset('a'),
    ]);
    expect(graph.order).toEqual(['z', 'a', 'c', 'b', 'd']);
    expect(graph.inOrder(['d', 'a', 'z'])).toEqual(['z', 'a', 'd']);
    expect(graph.downstreamOf('a')).toEqual(['c', 'b']);
  });

  it('[AG-2] an unknown key is an asset of elsewhere: it holds nothing up', () => {
    const graph = new AssetGraph([asset('a', null, [dep('elsewhere')])]);
    expect(graph.order).toEqual(['a']);
    expect(graph.dependenciesOf('a').map((one) => one.assetKey)).toEqual(['elsewhere']);
    expect(graph.dependenciesOf('elsewhere')).toEqual([]);
  });

  it('[AG-3] assets of a cycle are named, and come last', () => {
    const graph = new AssetGraph([
      asset('a', null, [dep('b')]),
      asset('b', null, [dep('a')]),
      asset('after', null, [dep('b')]),
      asset('self', null, [dep('self')]),
    ]);
    expect(graph.cyclic).toEqual(['a', 'b']);
    expect(graph.order).toEqual(['self', 'a', 'b', 'after']);
  });
});
