import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** A server on the loopback interface, and how to end it. */
export interface RunningServer {
  /** Ends in a slash. */
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The paths below which a directory is served, to show that the site works below any. */
const MOUNTS = ['/a/b/', '/'];

/**
 * Serves a directory at `/` and again at `/a/b/` like the plainest static host: it tells
 * a file's type and sets no other header.
 */
export async function serveStatically(directory: string): Promise<RunningServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const mount = MOUNTS.find((prefix) => pathname.startsWith(prefix)) ?? '/';
    const path = normalize(decodeURIComponent(pathname.slice(mount.length))) || '.';
    const file = path === '.' || path.endsWith('/') ? join(path, 'index.html') : path;
    readFile(join(directory, file)).then(
      (bytes) => {
        response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
        response.end(bytes);
      },
      () => {
        response.statusCode = 404;
        response.end('Not found');
      },
    );
  });
  return listen(server);
}

/** Listens on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<RunningServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
