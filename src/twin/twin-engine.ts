import type { EngineApi } from '../protocol/engine.ts';

/** What a twin run asks of the engine: worlds are notebooks that only this tab knows, and only for a while. */
export type TwinEngine = Pick<
  EngineApi,
  | 'createNotebook'
  | 'deleteNotebook'
  | 'evaluate'
  | 'setConcurrency'
  | 'launch'
  | 'reexecuteRun'
  | 'advanceClock'
  | 'setInstigatorRunning'
  | 'changeDynamicPartitions'
  | 'dryRunTick'
  | 'readPartitionRunConfig'
  | 'writeFile'
  | 'removeFile'
  | 'readWholeLog'
>;
