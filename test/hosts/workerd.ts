/** Cloudflare's workerd with one worker: what it answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { binaryOf, WORKERD } from './runtimes.ts';

/** What modules of a worker are, by a file's ending; other files are no modules. */
const KINDS: Readonly<Record<string, string>> = {
  '.js': 'esModule',
  '.wasm': 'wasm',
  '.safetensors': 'data',
};

/** Runs `worker.js` of a folder, whose files it imports, and fetches its answer to these bytes. */
export async function askWorker(folder: string, body = new Uint8Array()): Promise<unknown> {
  writeFileSync(join(folder, 'config.capnp'), config(folder));
  const args = ['serve', '--control-fd=3', 'config.capnp'];
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'] as const;
  const workerd = spawn(binaryOf(WORKERD), args, { cwd: folder, stdio: [...stdio], env: {} });
  try {
    const url = `http://127.0.0.1:${await portOf(workerd)}/`;
    const response = await fetch(url, { method: 'POST', body });
    return await response.json();
  } finally {
    workerd.kill();
  }
}

/** It writes a line for every socket that listens. */
function portOf(workerd: ChildProcess): Promise<number> {
  let complaints = '';
  workerd.stderr!.on('data', (text) => void (complaints += String(text)));
  return new Promise((resolve, reject) => {
    (workerd.stdio[3] as Readable).on('data', (text) => {
      const [, port] = /"port":\s*(\d+)/.exec(String(text)) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    workerd.on('exit', (code) => reject(new Error(`workerd ends with ${code}:\n${complaints}`)));
  });
}

function config(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => KINDS[extname(file)] !== undefined && file !== 'worker.js',
  );
  // The first module is the worker.
  const modules = ['worker.js', ...files].map(
    (file) => `(name = "${file}", ${KINDS[extname(file)]} = embed "${file}")`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
    ${modules.join(',\n    ')}
  ],
  compatibilityDate = "2026-11-01",
);
`;
}
