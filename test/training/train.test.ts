/** `cnnc train` from a model file to weights on the disk: compiled, trained, stopped, resumed, fine-tuned. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadMnist } from '../../compiler/training/data/mnist.ts';
import { train, type TrainHost, type TrainRequest } from '../../compiler/cli/train/run.ts';
import { bestEpoch, type History } from '../../compiler/training/history.ts';
import { preferred } from '../../compiler/package/preference.ts';
import { TARGETS } from '../../compiler/targets/index.ts';
import { parseSafetensors } from '../../runtime/weights.ts';
import { cnnc } from '../cli/support.ts';
import { describeOnGpu } from '../support/gpu.ts';
import { installDawn } from '../support/gpuPackages.ts';
import { idxFile, temporaryFolder } from './support.ts';

// Each run compiles a package first.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const root = temporaryFolder();
const at = (name: string): string => join(root, name);
const short = (text: string): string => text.replaceAll(root, 'DIR');

/** 28x28 in, so that there is nothing to fit; `channels` makes another net of the same name. */
const writeModel = (file: string, channels: number, classes = 10, extent = 28): void =>
  writeFileSync(
    at(file),
    `import { defineModel } from '${process.cwd()}/compiler/index.ts';
    export default defineModel({
      name: 'small',
      inputs: { image: [1, 1, ${extent}, ${extent}] },
      preprocess: { width: ${extent}, height: ${extent}, channels: 'gray', resize: 'stretch', mean: [0.13], std: [0.31] },
      build(net, { image }) {
        const conv = net.conv2d('conv', image, { channels: ${channels}, kernel: 5, stride: 3 });
        const x = net.relu(net.batchNorm('bn', conv));
        return { logits: net.linear('fc', net.flatten(x), { features: ${classes} }) };
      },
    });`,
  );

/** The first digits of MNIST, as idx files of their own. */
function writeDigits(folder: string, train: number, test: number): void {
  mkdirSync(at(folder));
  const mnist = loadMnist('mnist');
  for (const [part, examples, count] of [
    ['train', mnist.train, train],
    ['t10k', mnist.validation, test],
  ] as const) {
    const levels = Buffer.concat(Array.from({ length: count }, (_, i) => examples.read(i) as Uint8Array));
    writeFileSync(at(`${folder}/${part}-images-idx3-ubyte`), idxFile([count, 28, 28], levels));
    const labels = Uint8Array.from(examples.labels.subarray(0, count));
    writeFileSync(at(`${folder}/${part}-labels-idx1-ubyte`), idxFile([count], labels));
  }
}

beforeAll(() => {
  writeModel('small.ts', 4);
  writeModel('wide.ts', 5);
  writeModel('three.ts', 4, 3);
  writeModel('large.ts', 4, 10, 56);
  writeDigits('digits', 1000, 200);
});

const weightsIn = (folder: string): Buffer => readFileSync(at(`${folder}/weights.safetensors`));
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
interface SmallPackage {
  readonly info: { readonly inputs: { readonly image: { readonly shape: readonly number[] } } };
  load(): Promise<{ forward(inputs: { image: Float32Array }): { logits: Float32Array } }>;
  preprocess(pixels: Uint8Array, width: number, height: number): Float32Array;
}

const PACKAGE = [preferred(TARGETS)];
const recipe = () => ({ data: `mnist:${at('digits')}`, epochs: 2, batch: 16, shift: 1 });

/** Trains in this process; `stopAfter` counts the steps and validation batches until it has to stop. */
async function run(out: string, request: Partial<TrainRequest> = {}, stopAfter = Infinity) {
  let listener: (() => void) | undefined;
  let [said, times] = ['', 0];
  const host: TrainHost = {
    screen: { interactive: true, err: (text) => void (said += text) },
    // The progress asks for the time with every step.
    now: () => {
      if (said.includes('images/s') && ++times > stopAfter) listener?.();
      return performance.now() / 1000;
    },
    onStop: (stop) => {
      listener = stop;
      return () => (listener = undefined);
    },
  };
  const asked = { file: at('small.ts'), flags: recipe(), out: at(out), packageTargets: PACKAGE, ...request };
  const result = await train(asked, host);
  return { result, said: short(said) };
}

describe('cnnc train', () => {
  it('learns, and the same seed gives the same bytes', async () => {
    const flags = { data: recipe().data, epochs: '2', batch: '16', shift: '1', out: at('first') };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    const { code, out, err } = await cnnc(['train', at('small.ts'), ...args]);
    expect(code, err).toBe(0);
    expect(short(err).split('\n').slice(0, 2)).toEqual([
      'compiling DIR/small.ts for training',
      'mnist:DIR/digits: 1000 training examples, 200 validation examples',
    ]);
    expect(err).toMatch(/^epoch 2\/2 {2}training loss 0\.\d{4}, accuracy \d\d\.\d\d %/m);
    expect(short(out)).toMatch(
      /^small -> DIR\/first \(epoch 2, .*\)\n {2}validation accuracy (7|8|9)\d\.\d\d %/,
    );
    expect(short(out)).toContain(
      'DIR/first/package has the best weights, for inference (wasm)\n  another one: npx cnnc compile DIR/small.ts --weights DIR/first/best.safetensors --target typescript,wasm,webgpu\n',
    );
    const { result } = await run('second');
    expect(result.history.epochs[1]!.validation.accuracy).toBeGreaterThan(0.7);
    expect(digest(weightsIn('second'))).toBe(digest(weightsIn('first')));
    const best = (folder: string): string => digest(readFileSync(at(`${folder}/best.safetensors`)));
    expect(best('second')).toBe(best('first'));
  });

  it('ends with a package of the best weights, for one image a call', async () => {
    const history = JSON.parse(readFileSync(at('second/history.json'), 'utf8')) as History;
    const best = bestEpoch(history)!;
    const readme = readFileSync(at('second/package/README.md'), 'utf8');
    expect(short(readme)).toContain(
      `Trained by \`cnnc train\` on \`mnist:DIR/digits\`. The weights are those after epoch ${best.epoch} of 2; ${(best.validation.accuracy * 100).toFixed(2)} % of the validation examples are right.`,
    );
    const module = (await import(at('second/package/index.js'))) as SmallPackage;
    expect(module.info.inputs.image.shape).toEqual([1, 1, 28, 28]);
    const model = await module.load();
    const { validation } = loadMnist('mnist', at('digits'));
    let right = 0;
    for (let i = 0; i < validation.count; i++) {
      const image = module.preprocess(validation.read(i) as Uint8Array, 28, 28);
      const { logits } = model.forward({ image });
      if (logits.indexOf(Math.max(...logits)) === validation.labels[i]) right++;
    }
    expect(right).toBe(Math.round(best.validation.accuracy * validation.count));
  });

  it('is stopped and resumed without a trace', async () => {
    await expect(run('stopped', {}, 12)).rejects.toThrow(
      /^train: stopped after step \d+ of 124\n {2}the last checkpoint is of step \d+: .*checkpoint\n {2}--resume/,
    );
    // A fast machine is in the second epoch by then and has results of the first.
    expect(readdirSync(at('stopped'))).toEqual(expect.arrayContaining(['checkpoint', 'trainer']));
    expect(existsSync(at('stopped/package'))).toBe(false);
    const { said } = await run('stopped', { flags: {}, resume: true });
    expect(said).toMatch(/^resuming after epoch \d, step \d+$/m);
    expect(digest(weightsIn('stopped'))).toBe(digest(weightsIn('second')));
    // A run that is complete has nothing left to do but to say so.
    const { result } = await run('stopped', { flags: {}, resume: true });
    expect(result.history.epochs).toHaveLength(2);
    expect(digest(weightsIn('stopped'))).toBe(digest(weightsIn('second')));
  });

  it('refuses to mix runs up', async () => {
    const message = async (request: Partial<TrainRequest>): Promise<string> =>
      run('second', request).then(
        () => 'nothing',
        (error: Error) => short(error.message),
      );
    expect(await message({})).toBe(
      'cnnc train (DIR/second): the folder already holds a run\n  --resume continues this run; --out FOLDER begins another one',
    );
    const resumed = { resume: true, flags: {} };
    expect(await message({ ...resumed, file: at('wide.ts') })).toMatch(
      /^checkpoint \(DIR\/second\/checkpoint\): it belongs to another version of small, whose weights have other names or shapes/,
    );
    expect(await message({ ...resumed, file: 'models/lenet5.ts' })).toMatch(
      /it belongs to the model small, not to lenet5/,
    );
    expect(await message({ ...resumed, flags: { batch: 8 } })).toMatch(
      /the run has other settings\n {2}--batch 16, not 8/,
    );
    const digits = readFileSync(at('digits/train-labels-idx1-ubyte'));
    writeFileSync(
      at('digits/train-labels-idx1-ubyte'),
      Buffer.concat([digits.subarray(0, -1), Buffer.of(digits.at(-1)! ^ 1)]),
    );
    expect(await message(resumed)).toMatch(/mnist:DIR\/digits has changed since it was written/);
    writeFileSync(at('digits/train-labels-idx1-ubyte'), digits);
    const whole = readFileSync(at('second/checkpoint'));
    writeFileSync(at('second/checkpoint'), whole.subarray(0, -5));
    expect(await message(resumed)).toMatch(/its checksum is wrong: the file is damaged or truncated/);
    writeFileSync(at('second/checkpoint'), whole);
  });

  it('fine-tunes the head from the weights of a net with another one', async () => {
    const flags = { ...recipe(), weights: at('second/weights.safetensors'), train: 'head', epochs: 1 };
    await expect(run('tuned', { file: at('three.ts'), flags })).rejects.toThrow(
      'has the label 5, the model has 3 classes: 0 to 2',
    );
    expect(existsSync(at('tuned'))).toBe(false);
    writeModel('twelve.ts', 4, 12);
    const { said } = await run('tuned', { file: at('twelve.ts'), flags });
    expect(said).toMatch(
      /^starting from DIR\/second\/weights.safetensors, except for\n {2}fc.weight: .*\n {2}fc.bias: /m,
    );
    const [before, after] = [weightsIn('second'), weightsIn('tuned')].map((bytes) => parseSafetensors(bytes));
    for (const name of [
      'conv.weight',
      'conv.bias',
      'bn.weight',
      'bn.bias',
      'bn.running_mean',
      'bn.running_var',
    ]) {
      expect(after!.get(name)!.data, name).toEqual(before!.get(name)!.data);
    }
    expect(after!.get('fc.weight')!.shape[0]).toBe(12);
  });

  it('lets the preprocess of the model make its size, unless it should pad', async () => {
    const flags = { ...recipe(), epochs: 1 };
    const pad = { ...flags, fit: 'pad' as const };
    await expect(run('large', { file: at('large.ts'), flags: pad })).rejects.toThrow(
      'the images of mnist:' + at('digits') + ' are 1x28x28, the model takes 1x56x56',
    );
    const { said, result } = await run('large', { file: at('large.ts'), flags });
    expect(said).toContain(
      'resizing the images of mnist:DIR/digits to 56x56 with the preprocess of the model',
    );
    expect(result.history.epochs[0]!.validation.accuracy).toBeGreaterThan(0.5);
  });

  it('stops at a loss that is not a number and keeps what was good', async () => {
    const flags = { ...recipe(), learningRate: 1e6 };
    await expect(run('diverged', { flags })).rejects.toThrow(
      /training has diverged: the loss is (NaN|Infinity) at step \d+ \(epoch 1 of 2, batch \d+ of 62\)\n {2}no checkpoint was written/,
    );
    expect(readdirSync(at('diverged'))).toEqual(['trainer']);
  });
});

describeOnGpu('cnnc train --target webgpu', () => {
  const flags = { ...recipe(), target: 'webgpu' as const };
  const bare = temporaryFolder();
  beforeAll(() => installDawn(root));

  it('says what is missing where there is no WebGPU', () => {
    // In a process of its own: vitest finds `webgpu` for everyone.
    const out = join(bare, 'run');
    const args = ['train', at('small.ts'), '--data', recipe().data, '--target', 'webgpu', '--out', out];
    const { status, stderr } = spawnSync(process.execPath, ['bin/cnnc.js', ...args], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error CNNC6024: train \(.*run\/trainer\): small: Node has no WebGPU: npm install/m,
    );
  });

  it("learns what the TypeScript target does; stopped and resumed, the whole run's bytes", async () => {
    const { result } = await run('gpu', { flags });
    const history = JSON.parse(readFileSync(at('second/history.json'), 'utf8')) as History;
    expect(history.points.length).toBeGreaterThan(50);
    history.points.forEach(({ loss }, i) => expect(result.history.points[i]!.loss).toBeCloseTo(loss, 3));
    await expect(run('gpu-stopped', { flags }, 12)).rejects.toThrow(/^train: stopped after step/);
    await run('gpu-stopped', { flags: {}, resume: true });
    expect(digest(weightsIn('gpu-stopped'))).toBe(digest(weightsIn('gpu')));
  });

  it('stops where the device is lost, and says what is saved', async () => {
    const opened = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    let [said, asked] = ['', 0];
    const host: TrainHost = {
      screen: { interactive: true, err: (text) => void (said += text) },
      now() {
        if (said.includes('images/s') && ++asked > 12)
          void (opened.mock.results[0]!.value as Promise<GPUDevice>).then((one) => one.destroy());
        return performance.now() / 1000;
      },
      onStop: () => () => undefined,
    };
    await expect(
      train({ file: at('small.ts'), flags, out: at('lost'), packageTargets: PACKAGE }, host),
    ).rejects.toThrow(
      /^train: small\.\w+: the GPU device was lost; .*\n {2}(no checkpoint was written|the last checkpoint is of step .*)\n {2}--resume/,
    );
    opened.mockRestore();
  });
});

describe('cnnc train, used wrongly', () => {
  it.each<[string[], RegExp]>([
    [[], /^error CNNC4003: cnnc train: --data is missing\n/],
    [['--data', 'mnits'], /^error CNNC6001: --data: there is no data set "mnits", did you mean mnist\?\n$/],
    [
      ['--data', 'mnist:nowhere'],
      /^error CNNC6003: mnist \(nowhere\): there is no train-images-idx3-ubyte or /,
    ],
    [['--data', 'mnist', '--batch', '0'], /^error CNNC4005: --batch: "0" is not a whole number from 1\n$/],
    [
      ['--data', 'mnist', '--batch', '70000'],
      /^error CNNC6010: --batch: the batch is 70000, but mnist has only 60000 training examples\n$/,
    ],
    [
      ['--data', 'mnist', '--optimizer', 'adma'],
      /^error CNNC4005: --optimizer: "adma" is not one of .*; did you mean adam\?\n$/,
    ],
    [
      ['--data', 'mnist', '--learning-rate', '-1'],
      /^error CNNC4005: --learning-rate: "-1" is not a number from 0\n$/,
    ],
    [
      ['--data', 'mnist', '--momentum', '1'],
      /^error CNNC4005: --momentum: "1" is not a number from 0 to below 1\n$/,
    ],
    [
      ['--data', 'mnist', '--schedule', 'step', '--milestones', '3,2'],
      /^error CNNC4005: --milestones: 2 comes after 3; the epochs must increase\n$/,
    ],
    [
      ['--data', 'mnist', '--weights', 'none.safetensors'],
      /^error CNNC5001: --weights \(none.safetensors\): cannot read the file: ENOENT/,
    ],
    [['--data', 'mnist', '--train', 'conv9.*'], /^error CNNC6040: --train: no weight matches "conv9\.\*"/],
    [
      ['--resume'],
      /^error CNNC6031: checkpoint \(DIR\/unused\/checkpoint\): there is no checkpoint to resume from\n$/,
    ],
    [
      ['--data', 'mnist', '--epoch', '3'],
      /^error CNNC4002: cnnc train: unknown option --epoch, did you mean --epochs\?/,
    ],
  ])('%j', async (flags, message) => {
    const { code, out, err } = await cnnc([
      'train',
      at('small.ts'),
      ...flags,
      '--out',
      at('unused'),
      '--json',
    ]);
    expect([code, out]).toEqual([1, '']);
    expect(short(err)).toMatch(message);
    expect(existsSync(at('unused'))).toBe(false);
  });
});

describe('Ctrl-C', () => {
  it('ends with a checkpoint and exit code 1', async () => {
    const args = [
      'bin/cnnc.js',
      'train',
      at('small.ts'),
      '--data',
      'mnist',
      '--epochs',
      '1',
      '--out',
      at('interrupted'),
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
      // Said once the trainer is loaded and the loop about to begin.
      if (err.includes('validation examples')) setTimeout(() => child.kill('SIGINT'), 1000);
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(short(err)).toMatch(
      /stopping after this step; press Ctrl-C again to stop immediately\nerror CNNC6022: train: stopped after step \d+ of 937\n/,
    );
    expect([code, existsSync(at('interrupted/checkpoint'))]).toEqual([1, true]);
  });
});
