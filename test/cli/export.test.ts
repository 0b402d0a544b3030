/** `cnnc export`, and weights as PyTorch writes them in every command that takes weights. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, toFloat32 } from '../../compiler/frontend/safetensors.ts';
import { readOnnxModel } from '../../compiler/importers/onnx/readModel.ts';
import { checkpointBytes, pickled, stateDictBytes } from '../support/checkpointBytes.ts';
import { idxFile } from '../training/support.ts';
import { cnnc } from './support.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const short = (text: string): string => text.replaceAll(folder, 'DIR');

const weight = Float32Array.from({ length: 32 }, (_, i) => i / 8);
const bias = Float32Array.of(0.5, -0.25);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-export-'));
  const source = `
    import { defineModel } from '${process.cwd()}/compiler/index.ts';
    export default defineModel({
      name: 'scores',
      inputs: { image: [1, 1, 4, 4] },
      build: (net, { image }) => ({ logits: net.linear('fc', net.flatten(image), { features: 2 }) }),
    });`;
  writeFileSync(at('scores.ts'), source);
  const tensors = [
    { name: 'module.fc.weight', shape: [2, 16], data: weight },
    { name: 'module.fc.bias', shape: [2], data: bias },
  ];
  writeFileSync(at('scores.pt'), stateDictBytes(tensors));
  const evil = pickled.call(pickled.global('os', 'system'), pickled.string('touch owned'));
  writeFileSync(at('evil.pt'), checkpointBytes({ value: evil }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const exported = (name: string) => readOnnxModel(readFileSync(at(name)), name).graph;

describe('cnnc export', () => {
  it("writes the model with PyTorch's weights", async () => {
    const { code, out, err } = await cnnc([
      ...['export', at('scores.ts'), '--weights', at('scores.pt')],
      ...['--batch', '3', '--onnx', at('new/scores.onnx')],
    ]);
    expect([code, short(out)]).toEqual([0, 'scores -> DIR/new/scores.onnx (0.00 MB)\n']);
    expect(short(err)).toBe('loading DIR/scores.ts\nwriting DIR/new/scores.onnx\n');
    const { inputs, outputs, initializers } = exported('new/scores.onnx');
    expect([inputs[0]!.shape, outputs[0]!.shape]).toEqual([
      [3, 1, 4, 4],
      [3, 2],
    ]);
    const stored = initializers.find(({ name }) => name === 'fc.weight')!;
    expect(new Float32Array(Uint8Array.from(stored.raw!).buffer)).toEqual(weight);
    expect(readdirSync(at('new'))).toEqual(['scores.onnx']);
  });

  it('says that weights are random', async () => {
    const { out } = await cnnc([
      'export',
      at('scores.ts'),
      '--folded',
      '--seed',
      '7',
      '--onnx',
      at('r.onnx'),
    ]);
    expect(out).toContain('the weights are random (seed 7)');
  });

  it.each<[string[], RegExp]>([
    [[], /^error CNNC4003: cnnc export: --onnx is missing; it names the file to write\n$/],
    [
      ['--onnx', 'x.onnx', '--seed', '1', '--weights', 'w'],
      /^error CNNC4007: cnnc export: --seed and --weights exclude each other/,
    ],
    [['--onxn', 'x.onnx'], /^error CNNC4002: cnnc export: unknown option --onxn, did you mean --onnx\?/],
    [
      ['--onnx', 'x.onnx', '--weights', 'none.pt'],
      /^error CNNC5001: weights \(none\.pt\): cannot read the file: ENOENT/m,
    ],
    [['--onnx', 'x.onnx', '--batch', '0'], /^error CNNC4005: --batch: "0" is not a whole number from 1\n$/],
  ])('%j', async (flags, message) => {
    const { code, out, err } = await cnnc(['export', at('scores.ts'), ...flags]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
    expect(existsSync('x.onnx')).toBe(false);
  });

  it('says where it cannot write', async () => {
    const { code, err } = await cnnc(['export', at('scores.ts'), '--onnx', at('scores.ts/x.onnx')]);
    expect(code).toBe(1);
    expect(short(err)).toMatch(
      /^error CNNC5002: --onnx \(DIR\/scores\.ts\/x\.onnx\): cannot write the file: /m,
    );
  });
});

describe('checkpoints of PyTorch', () => {
  it('are weights for cnnc compile', async () => {
    const { code } = await cnnc([
      'compile',
      at('scores.ts'),
      '--weights',
      at('scores.pt'),
      '--out',
      at('scores'),
    ]);
    expect(code).toBe(0);
    const { tensors } = readSafetensors(readFileSync(at('scores/weights.safetensors')), 'scores');
    expect([...tensors.values()].map(toFloat32)).toContainEqual(bias);
  });

  it('are where cnnc train starts', async () => {
    const levels = Uint8Array.from({ length: 20 * 784 }, (_, i) => i % 251);
    const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 2);
    mkdirSync(at('digits'));
    for (const part of ['train', 't10k']) {
      writeFileSync(at(`digits/${part}-images-idx3-ubyte`), idxFile([20, 28, 28], levels));
      writeFileSync(at(`digits/${part}-labels-idx1-ubyte`), idxFile([20], labels));
    }
    const start = Float32Array.from({ length: 2 * 784 }, (_, i) => (i % 13) / 64);
    const tensors = [
      { name: 'fc.weight', shape: [2, 784], data: start },
      { name: 'fc.bias', shape: [2], data: bias },
    ];
    writeFileSync(
      at('digits.pt'),
      stateDictBytes(tensors, (state) => pickled.dict([[pickled.string('model'), state]])),
    );
    writeFileSync(
      at('digits.ts'),
      readFileSync(at('scores.ts'), 'utf8').replace('[1, 1, 4, 4]', '[1, 1, 28, 28]'),
    );
    const args = [
      '--data',
      `mnist:${at('digits')}`,
      '--batch',
      '10',
      '--epochs',
      '1',
      '--learning-rate',
      '0',
    ];
    const train = (weights: string) =>
      cnnc(['train', at('digits.ts'), ...args, '--weights', at(weights), '--out', at('run')]);

    const refused = await train('evil.pt');
    expect([refused.code, existsSync('owned')]).toEqual([1, false]);
    expect(short(refused.err)).toMatch(
      /^error CNNC2023: pytorch \(DIR\/evil\.pt\): it holds a Python object of "os\.system"/m,
    );

    const { code, err } = await train('digits.pt');
    expect(code, err).toBe(0);
    expect(short(err)).toContain('starting from DIR/digits.pt\n');
    const { tensors: trained } = readSafetensors(readFileSync(at('run/weights.safetensors')), 'trained');
    expect(toFloat32(trained.get('fc.weight')!)).toEqual(start);
  }, 120_000);

  it('that would run something are refused', async () => {
    const { code, out, err } = await cnnc([
      'compile',
      at('scores.ts'),
      '--weights',
      at('evil.pt'),
      '--out',
      at('no'),
    ]);
    expect([code, out, existsSync(at('no')), existsSync('owned')]).toEqual([1, '', false, false]);
    expect(err).toContain('"os.system"');
    expect(err).toContain('torch.save(model.state_dict(), file)');
    expect(err).not.toContain('    at ');
  });
});
