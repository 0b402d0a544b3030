/** A worker in a process of Node: loads its engine, then does what its job says. Between orders it sleeps. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInThisContext } from 'node:vm';
import type { Answer, Host, Job, Load, Order, Session } from './job.ts';
import { hasRelaxedSimd, timer } from './timing.ts';

const MEMORY_RUNS = 3;

const NODE: Host = {
  // At once: a cold start does not wait for a thread that reads.
  read: (file) => Promise.resolve(readFileSync(file)),
  addressOf: (path) => pathToFileURL(path).href,
  allowScripts: () => Object.assign(globalThis, { self: globalThis, importScripts: runScript }),
};

/** Runs a script as a worker of a page does. A script that finds Node asks for `require` and its place. */
function runScript(file: string): void {
  const source = `(function (require, __filename, __dirname) {${readFileSync(file, 'utf8')}
    ;globalThis.ModuleFactory = ModuleFactory; })`;
  const run = runInThisContext(source, { filename: file }) as (...given: readonly unknown[]) => void;
  run(createRequire(file), file, dirname(file));
}

export async function serve(load: Load): Promise<void> {
  const job = JSON.parse(process.argv[2]!) as Job;
  const session = await load(job, NODE);
  switch (job.mode) {
    case 'cold':
      await session.run();
      process.stdout.write('done\n', () => process.exit(0));
      return;
    case 'memory':
      for (let i = 0; i < MEMORY_RUNS; i++) await session.run();
      process.stdout.write(`${peakBytes()}\n`, () => process.exit(0));
      return;
    case 'serve':
      listen(session);
      answer({ kind: 'loaded', relaxedSimd: hasRelaxedSimd() });
  }
}

/** Peak of this program's memory only: what getrusage reports counts the parent's pages before `exec` as well. */
function peakBytes(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return 1024 * (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes));
}

function listen(session: Session): void {
  const obey = timer(session);
  process.on('message', (order: Order) => void obey(order).then(answer));
  process.on('disconnect', () => process.exit(0));
}

const answer = (message: Answer): void => void process.send!(message);
