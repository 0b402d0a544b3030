/** `cnnc bench` on small packages of both targets. What it counts and writes is asserted; how long it takes is not. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { BenchCall } from '../../compiler/cli/bench/call.ts';
import type { BenchResult } from '../../compiler/cli/bench/result.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders } from '../support/folders.ts';
import { classifier, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';
import { cnnc } from './support.ts';

const newFolder = createFolders();
const folder = newFolder();
const at = (name: string): string => join(folder, name);
const short = (text: string): string => text.replaceAll(folder, 'DIR');

beforeAll(async () => {
  const training = { optimizer: 'sgd', microBatches: 2 } as const;
  const targets = ['typescript', 'wasm'] as const;
  writePackage(at('pets'), await compilePackage(classifier, 'model.ts', { targets: ['wasm'] }));
  writePackage(at('trainable'), await compilePackage(trainable, 'model.ts', { targets, training }));
}, COMPILE_TIMEOUT);

async function benchJson(...args: string[]): Promise<BenchResult> {
  const { code, out, err } = await cnnc(['bench', ...args, '--runs', '3', '--json', '-']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as BenchResult;
}

interface Layers {
  readonly phases: Readonly<Record<string, readonly Pick<BenchCall, 'kernel' | 'label' | 'multiplyAdds'>[]>>;
}

const layersOf = (...path: string[]): Layers['phases'] =>
  (JSON.parse(readFileSync(join(folder, ...path, 'layers.json'), 'utf8')) as Layers).phases;

const facts = (calls: Layers['phases'][string] | undefined) =>
  calls!.map(({ kernel, label, multiplyAdds }) => ({ kernel, label, multiplyAdds }));

describe('a wasm package', () => {
  it('has a time, rates and a roof for every call of its listing', async () => {
    const result = await benchJson(at('pets'));
    expect(facts(result.calls)).toEqual(facts(layersOf('pets')['forward']));
    expect(result).toMatchObject({
      ...{ cnncBench: 1, name: 'pets', target: 'wasm', pass: 'forward', runs: 3 },
      inputs: { image: 'f32[1,3,12,10]' },
    });
    for (const call of result.calls) {
      expect(call.ms).toBeGreaterThanOrEqual(call.minMs);
      expect(call.gflops).toBeCloseTo(call.ms > 0 ? (2 * call.multiplyAdds) / call.ms / 1e6 : 0, 8);
      expect(['compute', 'memory']).toContain(call.boundBy);
      expect(call.ofPeak).toBeCloseTo(call.ownGflops / result.ceilings!.gflops, 8);
      expect(call.reasons !== undefined).toBe(call.ofPeak! < 0.6 && call.share > 0.01);
    }
    const { totals, ceilings } = result;
    expect(result.calls.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 8);
    expect(totals.callsMs).toBeCloseTo(
      result.calls.reduce((sum, { ms }) => sum + ms, 0),
      8,
    );
    expect(totals.medianMs).toBeGreaterThanOrEqual(totals.minMs);
    expect([ceilings!.gflops, ceilings!.gbPerSecond].every((ceiling) => ceiling > 0)).toBe(true);
  });

  it('is measured without relaxed SIMD where that is asked for, and says so', async () => {
    const { out } = await cnnc(['bench', at('pets'), '--runs', '1', '--plain']);
    expect(out).toMatch(/^pets, wasm without relaxed SIMD, forward: image f32\[1,3,12,10\]\n/);
    expect(out).toMatch(/ GFLOP\/s by 128-bit mul \+ add in registers, [\d.]+ GB\/s read from /);
  });

  it('is printed as a table, in the order of the calls or the slowest first', async () => {
    const [calls, time] = await Promise.all(
      ['calls', 'time'].map(async (order) => {
        const { code, out, err } = await cnnc(['bench', at('pets'), '--runs', '2', '--sort', order]);
        expect([code, err]).toEqual([0, 'measuring pets\n']);
        return out.split('\n\n')[1]!.split('\n');
      }),
    );
    const kernels = layersOf('pets')['forward']!.map(({ kernel }) => kernel);
    expect(calls![0]!.trim().split(/  +/)).toEqual([
      ...['ms', 'share', 'mult-adds', 'GFLOP/s', 'peak', 'bytes', 'GB/s', 'bound by'],
      ...['layer', 'result', 'kernel', 'schedule'],
    ]);
    expect(calls!.slice(1).map((row) => kernels.find((kernel) => row.includes(` ${kernel} `)))).toEqual(
      kernels,
    );
    const times = time!.slice(1).map((row) => parseFloat(row));
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  it('leaves nothing behind', async () => {
    const temporary = newFolder();
    vi.stubEnv('TMPDIR', temporary);
    try {
      await benchJson(at('pets'));
    } finally {
      vi.unstubAllEnvs();
    }
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('a package with several targets', () => {
  it('is measured on wasm, or on the target that is named', async () => {
    expect((await benchJson(at('trainable'))).target).toBe('wasm');
    const result = await benchJson(at('trainable'), '--target', 'typescript');
    expect(facts(result.calls)).toEqual(facts(layersOf('trainable', 'typescript')['forward']));
    expect(result).toMatchObject({ target: 'typescript', pass: 'forward' });
    expect(result).not.toHaveProperty('ceilings');
    expect(result.calls[0]).not.toHaveProperty('boundBy');
  });

  it.each(['typescript', 'wasm'])('has training steps on %s', async (target) => {
    const result = await benchJson(at('trainable'), '--target', target, '--training');
    const phases = layersOf('trainable', target, 'training');
    const whole = ['forward', 'loss', 'step', 'update'].flatMap((phase) =>
      facts(phases[phase]).map((call) => {
        // Two micro-batches a step, one update.
        const times = phase === 'update' ? 1 : 2;
        return { ...call, phase, times, multiplyAdds: times * call.multiplyAdds };
      }),
    );
    expect(
      result.calls.map(({ kernel, label, phase, times, multiplyAdds }) => ({
        ...{ kernel, label, multiplyAdds, phase, times },
      })),
    ).toEqual(whole);
  });
});

describe('--compare', () => {
  const before = at('before.json');

  it('prints ratios to another target, variant or build of the net', async () => {
    const wrote = await cnnc(['bench', at('trainable'), '--runs', '3', '--json', before]);
    expect([wrote.code, wrote.out.split(',')[0]]).toEqual([0, 'trainable']);
    const { out } = await cnnc([
      ...['bench', at('trainable'), '--target', 'typescript', '--runs', '3', '--compare', before],
    ]);
    const [, compared = ''] = /\ncompared: (.*)\n/.exec(out) ?? [];
    expect(compared).toMatch(/^typescript [\d.]+ ms, the other \(wasm with.*\) [\d.]+ ms, ratio \d+\.\d\d$/);
  });

  it('is part of the JSON', async () => {
    const args = ['bench', at('trainable'), '--runs', '1', '--json', '-', '--compare', before];
    const { out } = await cnnc(args);
    const result = JSON.parse(out) as BenchResult & { comparison: { calls: object[]; ratio: number } };
    const other = JSON.parse(readFileSync(before, 'utf8')) as BenchResult;
    expect(result.comparison.ratio).toBeCloseTo(result.totals.medianMs / other.totals.medianMs, 8);
    expect(result.comparison.calls.length).toBe(other.calls.length);
  });

  it('refuses another net, another pass, and files of others', async () => {
    writeFileSync(at('foreign.json'), '{ "time": 3 }');
    writeFileSync(at('old.json'), '{ "cnncBench": 0 }');
    writeFileSync(at('text.json'), 'ms 3');
    const refusal = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await cnnc(['bench', ...args]);
      expect([code, out]).toEqual([1, '']);
      return short(err);
    };
    const net = 'trainable, forward, image f32[4,3,6,6]';
    expect(await refusal(at('pets'), '--compare', before)).toBe(
      `error CNNC5041: --compare (DIR/before.json): this is a result of ${net}, expected one of pets, forward, image f32[1,3,12,10]\n`,
    );
    expect(await refusal(at('trainable'), '--training', '--compare', before)).toBe(
      `error CNNC5041: --compare (DIR/before.json): this is a result of ${net}, expected one of trainable, training, image f32[4,3,6,6]\n`,
    );
    for (const file of ['foreign', 'text']) {
      expect(await refusal(at('pets'), '--compare', at(`${file}.json`))).toBe(
        `error CNNC5040: --compare (DIR/${file}.json): this is not a result of \`cnnc bench --json\`\n`,
      );
    }
    expect(await refusal(at('pets'), '--compare', at('old.json'))).toBe(
      'error CNNC5040: --compare (DIR/old.json): another version of cnnc wrote this result\n',
    );
    expect(await refusal(at('pets'), '--compare', at('none.json'))).toMatch(
      /^error CNNC5001: --compare \(DIR\/none\.json\): cannot read the file: ENOENT.*\n$/,
    );
  });
});

describe('what cannot be measured', () => {
  const changed = (name: string, change: (path: string) => void): string => {
    if (!existsSync(at(name))) {
      cpSync(at('pets'), at(name), { recursive: true });
      change(at(name));
    }
    return at(name);
  };
  const oldPackage = () => changed('old', (path) => rmSync(join(path, 'layers.json')));
  const broken = () => changed('broken', (path) => writeFileSync(join(path, 'layers.json'), '{"phases": 3}'));
  const torn = () => changed('torn', (path) => rmSync(join(path, 'weights.safetensors')));
  const otherListing = () =>
    changed('other', (path) => {
      const file = join(path, 'layers.json');
      const layers = JSON.parse(readFileSync(file, 'utf8')) as { phases: { forward: object[] } };
      layers.phases.forward.pop();
      writeFileSync(file, JSON.stringify(layers));
    });

  it.each([
    [
      'no folder',
      () => at('nothing'),
      [],
      /^error CNNC5003: package \(DIR\/nothing\): the folder does not exist\n/,
    ],
    [
      'no package',
      () => (mkdirSync(at('empty'), { recursive: true }), at('empty')),
      [],
      /^error CNNC5004: package \(DIR\/empty\): the folder is not a package of cnnc; expected a folder that `cnnc compile` wrote\n$/,
    ],
    [
      'an old package',
      oldPackage,
      [],
      /^error CNNC5012: package \(DIR\/old\): it has no layers\.json: an older version of cnnc wrote it; compile the model again\n$/,
    ],
    [
      'a listing of something else',
      broken,
      [],
      /^error CNNC5012: package \(DIR\/broken\/layers\.json\): this is not a list of kernel calls that cnnc wrote\n$/,
    ],
    [
      'a listing that lacks a call',
      otherListing,
      [],
      /^error CNNC501[12]: package \(DIR\/other\): (running it failed|its layers\.json does not list the call \d+ of a run, \w+; compile the model again)/,
    ],
    [
      'no weights',
      torn,
      [],
      /^error CNNC5011: package \(DIR\/torn\): loading it failed: .*weights\.safetensors.*\n$/,
    ],
    [
      'a target that is not there',
      () => at('pets'),
      ['--target', 'typescript'],
      /^error CNNC7001: --target \(DIR\/pets\): the package has no target "typescript"; it has wasm\n$/,
    ],
    [
      'a misspelt target',
      () => at('trainable'),
      ['--target', 'wasn'],
      /^error CNNC7001: --target \(DIR\/trainable\): the package has no target "wasn", did you mean wasm\?\n$/,
    ],
    [
      'training of a package for inference',
      () => at('pets'),
      ['--training'],
      /^error CNNC5013: --training \(DIR\/pets\): the package does not train; compile it with --train\n$/,
    ],
    [
      'TypeScript without relaxed SIMD',
      () => at('trainable'),
      ['--target', 'typescript', '--plain'],
      /^error CNNC4008: --plain \(DIR\/trainable\): this option is for the target wasm, the package uses typescript\n$/,
    ],
    [
      'no order',
      () => at('pets'),
      ['--sort', 'size'],
      /^error CNNC4005: --sort: "size" is not one of calls, time(; did you mean time\?)?\n$/,
    ],
    [
      'no runs',
      () => at('pets'),
      ['--runs', '0'],
      /^error CNNC4005: --runs: "0" is not a whole number from 1\n$/,
    ],
    [
      'a file that cannot be written',
      () => at('pets'),
      ['--runs', '1', '--json', at('none/of/this.json')],
      /^error CNNC5002: --json \(DIR\/none\/of\/this\.json\): cannot write the file: ENOENT.*\n$/,
    ],
  ] as const)('%s', async (_, path, args, message) => {
    const { code, out, err } = await cnnc(['bench', path(), ...args]);
    expect([code, out]).toEqual([1, '']);
    expect(short(err).replace('measuring pets\n', '')).toMatch(message);
  });
});
