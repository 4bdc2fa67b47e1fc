import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serveStatically, type RunningServer } from './static-server.ts';

/** Builds the page that holds the sandbox alone, under the site's own policy, and serves it. */
export async function serveSandboxPage(): Promise<RunningServer> {
  const root = fileURLToPath(new URL('./sandbox-page/', import.meta.url));
  const directory = await mkdtemp(join(tmpdir(), 'partita-sandbox-'));
  await build({
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    root,
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir: directory,
      emptyOutDir: true,
      rolldownOptions: { input: { app: join(root, 'index.html') } },
    },
  });
  const server = await serveStatically(directory);
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}
