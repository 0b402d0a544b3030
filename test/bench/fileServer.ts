/** A web server on this machine for pages: an empty page at `/`, and the files of some folders at their own paths. */
import { createReadStream, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

const PAGE =
  '<!doctype html><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,"><body></body>';

export interface FileServer {
  /** `http://127.0.0.1:1234` */
  readonly origin: string;
  close(): void;
}

export async function serveFiles(folders: readonly string[]): Promise<FileServer> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url!, 'http://localhost').pathname));
    if (path === '/') response.setHeader('content-type', 'text/html').end(PAGE);
    else if (folders.some((folder) => path.startsWith(normalize(folder + sep)))) sendFile(path, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function sendFile(path: string, response: ServerResponse): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
  response.setHeader('content-length', found.size);
  // Files of nets are large, and a page reads each of them once.
  response.setHeader('cache-control', 'no-store');
  createReadStream(path).pipe(response);
}
