/** Servers of applications, in processes of their own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterAll } from 'vitest';

export interface Server {
  /** The address, with `/` at its end. */
  readonly url: string;
  /** What it has printed so far. */
  log(): string;
}

/** Milliseconds until a server must answer; the machine may be busy. */
const PATIENCE = 60_000;

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });

/** Starts Node in a folder, once for each call; all are stopped after the last test of the file. */
export function createProcesses(): (
  folder: string,
  args: (port: number) => readonly string[],
  env?: Readonly<Record<string, string>>,
) => Promise<Server> {
  const running: ChildProcess[] = [];
  afterAll(() => running.forEach((one) => one.kill()));
  return async (folder, args, env) => {
    const port = await freePort();
    const { PATH } = process.env;
    const started = spawn(process.execPath, [...args(port)], {
      cwd: folder,
      env: { PATH, PORT: String(port), ...env },
    });
    running.push(started);
    let log = '';
    const note = (text: Buffer): void => void (log += text.toString());
    started.stdout.on('data', note);
    started.stderr.on('data', note);
    const url = `http://127.0.0.1:${port}/`;
    await answers(url, started, () => log);
    return { url, log: () => log };
  };
}

/** The dev server of Vite in a folder that has a configuration. */
export const viteArguments = (port: number): readonly string[] => [
  resolve('node_modules/vite/bin/vite.js'),
  ...['--host', '127.0.0.1', '--port', String(port), '--strictPort'],
];

async function answers(url: string, started: ChildProcess, log: () => string): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end && started.exitCode === null) {
    const isThere = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isThere) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`the server does not answer:\n${log()}`);
}
