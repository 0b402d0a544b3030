/** The parts of test/bench/ that run engines: the clock, the server of pages, hosts and engines of a run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBench } from './bench/bench.ts';
import { peerEngine, peerNames } from './bench/engines.ts';
import { serveFiles } from './bench/fileServer.ts';
import { parseOptions } from './bench/options.ts';
import { isProcess } from './bench/runtimes.ts';
import { createWorker } from './bench/worker.ts';
import { timer } from './bench/workers/timing.ts';
import { createFolders } from './support/folders.ts';

const newFolder = createFolders();

afterEach(() => void vi.restoreAllMocks());

/** A session whose runs take so long, on a clock with steps of so many milliseconds. */
function sessionOf(runMs: number, stepMs: number) {
  let [now, runs] = [0, 0];
  vi.spyOn(performance, 'now').mockImplementation(() => Math.floor(now / stepMs + 1e-9) * stepMs);
  const run = (): Float32Array => {
    now += runMs;
    return Float32Array.of(++runs);
  };
  return { session: { run }, runs: () => runs };
}

const WARM = { kind: 'warm', runs: 3, ms: 100, mostMs: 600 } as const;

describe('the clock of workers', () => {
  it('measures runs that are shorter than its steps', async () => {
    const { session, runs } = sessionOf(0.03, 0.1);
    const obey = timer(session);
    const warmed = await obey(WARM);
    expect(warmed).toMatchObject({ kind: 'warm', runs: runs() });
    expect(warmed.kind === 'warm' && warmed.ms).toBeCloseTo(0.03, 2);
    const turn = await obey({ kind: 'turn', ms: 60 });
    expect(turn.kind === 'turn' && [Math.round(turn.ms * 100), Math.round(turn.calls / 100)]).toEqual([
      3, 20,
    ]);
  });

  it('has a run before a turn that is not counted, unless it takes long', async () => {
    for (const [runMs, uncounted] of [
      [50, 1],
      [5000, 0],
    ] as const) {
      const { session, runs } = sessionOf(runMs, 0.001);
      const obey = timer(session);
      await obey(WARM);
      const before = runs();
      expect(await obey({ kind: 'turn', ms: 100 })).toMatchObject({ kind: 'turn', ms: runMs });
      expect(runs() - before).toBe(uncounted + Math.max(1, 100 / runMs));
    }
  });

  it('answers with the error of a run', async () => {
    const run = (): Promise<Float32Array> => Promise.reject(new Error('no memory'));
    expect(await timer({ run })({ kind: 'outputs' })).toEqual({ kind: 'failed', message: 'no memory' });
  });
});

describe('a worker', () => {
  const stop = (): void => undefined;

  it('fails with the message of the engine', async () => {
    const failed = { kind: 'failed', message: 'no operator' } as const;
    expect(() => createWorker(failed, () => Promise.resolve(failed), stop)).toThrow('no operator');
    const worker = createWorker({ kind: 'loaded', relaxedSimd: true }, () => Promise.resolve(failed), stop);
    expect(worker.relaxedSimd).toBe(true);
    await expect(worker.outputs()).rejects.toThrow('no operator');
  });

  it('refuses an answer to another order', async () => {
    const answer = { kind: 'outputs', values: [1] } as const;
    const worker = createWorker({ kind: 'loaded' }, () => Promise.resolve(answer), stop);
    await expect(worker.turn(1)).rejects.toThrow('unexpected outputs');
    expect(await worker.outputs()).toEqual([1]);
  });
});

describe('the server of pages', () => {
  it('has an empty page, and the files of its folders at their own paths', async () => {
    const [open, closed] = [newFolder(), newFolder()];
    mkdirSync(join(open, 'a b'));
    const file = join(open, 'a b', 'net.wasm');
    const secret = join(closed, 'secret.txt');
    writeFileSync(file, Uint8Array.of(1, 2, 3));
    writeFileSync(secret, 'secret');
    const server = await serveFiles([open]);
    const get = (path: string): Promise<Response> => fetch(`${server.origin}${path}`);
    try {
      expect((await get('/')).headers.get('content-type')).toBe('text/html');
      const found = await get(file);
      expect(found.headers.get('content-type')).toBe('application/wasm');
      expect(new Uint8Array(await found.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
      const outside = [secret, join(open, 'nothing'), open, `${open}/%2e%2e/${secret}`, `${open}x/y`];
      expect(await Promise.all(outside.map(async (path) => (await get(path)).status))).toEqual(
        outside.map(() => 404),
      );
    } finally {
      server.close();
    }
  });
});

describe('hosts', () => {
  const node = { kind: 'process', name: 'relaxed', program: 'node', args: [], version: 'Node v24' } as const;
  const page = { kind: 'page', name: 'relaxed', version: 'Chromium 150' } as const;

  it('run the web peers, and native code stays in Node', () => {
    const names = peerNames('inference', 'cpu');
    expect(names).toEqual(['ort-web', 'tfjs-wasm', 'litert', 'ort-node']);
    const inPages = names.filter((name) => !isProcess(peerEngine(name, { node, page }).runtime));
    expect(inPages).toEqual(['ort-web', 'tfjs-wasm', 'litert']);
    expect(names.every((name) => isProcess(peerEngine(name, { node }).runtime))).toBe(true);
  });

  it.each(['--training', '--gpu'])('other than Node do not know %s', async (flag) => {
    const options = parseOptions(['--host', 'chromium', flag]);
    const said: string[] = [];
    const messages = { progress: () => undefined, note: (text: string) => void said.push(text) };
    await expect(createBench(options, messages)).rejects.toThrow('--host chromium is for inference');
  });
});
