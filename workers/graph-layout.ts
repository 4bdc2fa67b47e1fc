/*
 * Lays graphs out: of a hundred assets it takes as long as the page may be still for many frames.
 */
import { expose } from 'comlink';
import type { GraphLayoutApi } from '../src/protocol/graph-layout.ts';
import { layOutGraph } from './lay-out-graph.ts';

const api: GraphLayoutApi = { layOut: layOutGraph };

expose(api);
