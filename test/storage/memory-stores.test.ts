import { describeCommandQueue } from '../orchestration/command-queue.contract.ts';
import { describeFileStore } from '../orchestration/file-store.contract.ts';
import { describeInstanceStore } from '../orchestration/instance-store.contract.ts';
import { describeNotebookStore } from '../orchestration/notebook-store.contract.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';

// In memory there are no other tabs: both views are one.

describeInstanceStore('memory', async () => {
  const { instances } = new MemoryStores();
  return { store: instances, otherTab: instances };
});

describeNotebookStore('memory', async () => {
  const stores = new MemoryStores();
  return { stores, otherTab: stores };
});

describeFileStore('memory', async () => {
  const { files } = new MemoryStores();
  return { store: files, otherTab: files };
});

describeCommandQueue('memory', async (now) => {
  const { commands } = new MemoryStores(now);
  return { queue: commands, otherTab: commands };
});
