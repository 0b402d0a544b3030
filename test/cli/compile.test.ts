/** `cnnc compile` from the command line to a folder on the disk, and `cnnc run` on what it wrote. */
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
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import { cnnc } from './support.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-compile-'));
  const source = `
    import { defineModel } from '${process.cwd()}/compiler/index.ts';
    export default defineModel({
      name: 'small',
      inputs: { image: [1, 3, 6, 6] },
      preprocess: { width: 6, height: 6, channels: 'rgb' },
      build(net, { image }) {
        const x = net.relu(net.batchNorm('bn1', net.conv2d('conv1', image, { channels: 4, kernel: 3, bias: false })));
        return { logits: net.linear('fc', net.flatten(net.globalAveragePool(x)), { features: 2 }) };
      },
    });`;
  writeFileSync(join(folder, 'small.ts'), source);
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const short = (text: string): string => text.replaceAll(folder, 'DIR');

describe('cnnc compile', () => {
  it('writes a package and says what it is', async () => {
    const { code, out, err } = await cnnc(['compile', at('small.ts'), '--out', at('small')]);
    const said = short(err).trimEnd().split('\n');
    expect([code, said[0]]).toEqual([0, 'loading DIR/small.ts']);
    expect(said.at(-1)).toBe('warning: the weights are random (seed 1); --weights FILE loads trained ones');
    const [headline, sizes, memory, kernels, peak, end] = short(out).split('\n');
    expect(headline).toMatch(/^small -> DIR\/small \(\d+ files, \d+\.\d s\)$/);
    // 3 * 4 * 9 weights, 2 * 4 of the batch norm, 4 * 2 + 2; running statistics are not counted.
    expect(sizes).toMatch(/^ {2}126 parameters, 1\.\d\d k multiply-adds, \d kernel calls$/);
    expect(memory).toMatch(/^ {2}weights \d+ B, arena \d+ B \(1\.00 x the lower bound\)$/);
    // Convolution, batch norm, ReLU, mean, flatten and linear; the first three become one.
    expect(kernels).toMatch(
      /^ {2}6 operations, 4 after the passes, \d distinct kernels: 1 conv2d \(direct, .*\), /,
    );
    expect(peak).toMatch(/^ {2}peak memory at .+: .+ \d+ B/);
    expect(end).toBe('');
    expect(readdirSync(at('small'))).toEqual(
      expect.arrayContaining(['index.js', 'package.json', 'weights.safetensors']),
    );
  });

  it('prints the report as JSON, for another batch and shape', async () => {
    const args = ['--out', at('wide'), '--json', '--input', 'image=2x3x8x10', '--batch', '2'];
    const { code, out, err } = await cnnc(['compile', at('small.ts'), ...args]);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({
      name: 'small',
      folder: at('wide'),
      inputs: { image: { dtype: 'f32', shape: [2, 3, 8, 10] } },
      outputs: { logits: { dtype: 'f32', shape: [2, 2] } },
      parameters: 126,
      nodes: { before: 6, after: 4 },
      report: {
        calls: expect.arrayContaining([
          expect.objectContaining({
            kind: 'conv2d',
            count: 1,
            multiplyAdds: 2 * 4 * 6 * 8 * (27 + 1),
          }) as object,
        ]) as object[],
        memory: { ratio: 1, peak: { holders: expect.any(Array) as object[] } },
      },
      files: expect.arrayContaining(['index.ts', 'weights.safetensors']) as string[],
    });
  });

  it('prints the full report: both programs, with a picture of their memory', async () => {
    const args = ['--out', at('full'), '--report', '--train', '--batch', '4'];
    const { code, out } = await cnnc(['compile', at('small.ts'), ...args]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /\n {2}trains all parameters with sgd: \d+ kernel calls a step, arena [\d.]+ k?B \(1\.0\d x /,
    );
    for (const program of ['inference', 'a training step']) {
      expect(out).toContain(`\n${program}: kernel calls\n`);
      expect(out).toMatch(new RegExp(`\n${program}: memory, arena .*; placed by`));
    }
    expect(out).toMatch(/\n {2}the peak is at call \d+, .*:\n/);
    const rows = out.split('\n').filter((line) => /^ *[\d.]+ k?B +[\d.]+ k?B \|[ #=]+\|$/.test(line));
    expect(rows.length).toBeGreaterThan(8);
    expect(new Set(rows.map((row) => row.length)).size).toBeLessThanOrEqual(2);
  });

  it('says how much packing adds to the weight file, if it does', async () => {
    const memoryOf = async (...flags: string[]): Promise<string> => {
      const { code, out } = await cnnc([
        ...['compile', 'models/resnet20.ts', '--target', 'wasm', '--out', at('packed'), '--force', ...flags],
      ]);
      expect(code).toBe(0);
      return out.split('\n')[2]!;
    };
    expect(await memoryOf('--packed-weights')).toMatch(
      /^ {2}weights 4\.1\d MB, of which packing adds 3\.0\d MB, arena /,
    );
    expect(await memoryOf('--fixed-weights')).toMatch(/^ {2}weights 1\.0\d MB, arena /);
    expect(await memoryOf()).toMatch(/^ {2}weights 1\.0\d MB, arena /);
  }, 60_000);

  it('draws other weights from another seed, the same from the same', async () => {
    const weights = async (name: string, seed: string): Promise<Buffer> => {
      await cnnc(['compile', at('small.ts'), '--out', at(name), '--seed', seed]);
      return readFileSync(join(at(name), 'weights.safetensors'));
    };
    const first = await weights('seed7', '7');
    expect(await weights('seed7', '7')).toEqual(first);
    expect(await weights('seed8', '8')).not.toEqual(first);
  });

  it('dumps the graph before and after every pass', async () => {
    const { code } = await cnnc([
      'compile',
      at('small.ts'),
      '--out',
      at('dumped'),
      '--dump-ir',
      at('ir/new'),
    ]);
    expect(code).toBe(0);
    const [first, ...rest] = readdirSync(at('ir/new'))
      .filter((file) => file.endsWith('.txt'))
      .sort();
    expect(first).toBe('00-model.txt');
    expect(rest.length).toBeGreaterThan(0);
    expect(readFileSync(at('ir/new/00-model.txt'), 'utf8')).toContain('batchNorm');
    expect(readFileSync(join(at('ir/new'), rest.at(-1)!), 'utf8')).not.toContain('batchNorm');
  });

  it('dumps for each target its program, and every kernel from its schedule to its text', async () => {
    const args = ['--out', at('traced'), '--dump-ir', at('ir/kernels'), '--target', 'all'];
    expect((await cnnc(['compile', at('small.ts'), ...args])).code).toBe(0);
    const stages = {
      typescript: ['shareIndices'],
      wasm: ['shareIndices'],
      webgpu: ['parallelize'],
    };
    const printed = { typescript: 'export function ', wasm: '(func $', webgpu: '@compute @workgroup_size' };
    for (const target of ['typescript', 'wasm', 'webgpu'] as const) {
      const program = readFileSync(at(`ir/kernels/${target}/program.txt`), 'utf8');
      const [, kernel = ''] = /^ {4}(conv2d\w+)\(.*; conv1 /m.exec(program) ?? [];
      const text = readFileSync(at(`ir/kernels/${target}/kernels/${kernel}.txt`), 'utf8');
      const [built, ...after] = text.split(/^== /m).slice(1);
      expect(built).toMatch(/^as it is built\n/);
      expect(after.map((part) => part.split('\n', 1)[0])).toEqual(
        expect.arrayContaining([...stages[target].map((pass) => `after ${pass}`), `as ${target} prints it`]),
      );
      expect(after.at(-1)).toContain(printed[target]);
      const kernels = new Set(
        [...program.matchAll(/^ {4,}(?:or \w+: )?(\w+)\(.*\) {2}/gm)].map(([, name]) => `${name}.txt`),
      );
      expect(readdirSync(at(`ir/kernels/${target}/kernels`)).sort()).toEqual([...kernels].sort());
    }
  });

  it('leaves passes out, and prints what the others took', async () => {
    const args = ['--disable-pass', 'fuse,bandRows', '--disable-pass', 'foldPad', '--timings'];
    const { code, out } = await cnnc([
      ...['compile', at('small.ts'), '--out', at('timed'), '--dump-ir', at('ir/less')],
      ...args,
    ]);
    expect(code).toBe(0);
    const dumped = readdirSync(at('ir/less')).map((file) => file.replace(/^\d\d-(.*)\.txt$/, '$1'));
    expect(dumped).toContain('foldScale');
    expect(dumped.filter((name) => ['fuse', 'bandRows', 'foldPad'].includes(name))).toEqual([]);
    const [, table = ''] = /\n\ntime by stage: [\d.]+ ms in total\n([^]*)\n$/.exec(out) ?? [];
    const rows = table
      .split('\n')
      .map((row) => row.replace(/^ +[\d.]+ ms {2}/, '').replace(/(?<=\S) {2,}/, ', '));
    expect(rows.slice(0, 3)).toEqual(['frontend', '  files', '  inference graph']);
    expect(rows).toEqual(
      expect.arrayContaining([
        'graph passes',
        '  removeDeadNodes, 2 runs',
        'kernel passes',
        'lowering',
        'package',
      ]),
    );
  });

  it.each([
    ['recompute', 'the pass recompute cannot be disabled'],
    ['fuse,foldpad', 'there is no pass "foldpad", did you mean foldPad?'],
    ['', 'there is no pass ""'],
  ])('refuses --disable-pass %s', async (names, found) => {
    const { code, err } = await cnnc(['compile', at('small.ts'), '--disable-pass', names]);
    expect(code).toBe(1);
    expect(err).toContain(`--disable-pass: ${found}\n  passes that can be disabled: removeDeadNodes, `);
  });

  it('leaves nothing behind where something is wrong', async () => {
    mkdirSync(at('mine'));
    writeFileSync(at('mine/diary.txt'), 'dear');
    writeFileSync(at('short.safetensors'), 'abc');
    const errorOf = async (...args: string[]) => {
      const { code, out, err } = await cnnc(['compile', at('small.ts'), ...args]);
      expect([code, out]).toEqual([1, '']);
      return short(err);
    };
    expect(await errorOf('--out', at('mine'))).toMatch(/package \(DIR\/mine\): the folder holds other files/);
    expect(readdirSync(at('mine'))).toEqual(['diary.txt']);
    expect(await errorOf('--out', at('none'), '--weights', at('no.safetensors'))).toMatch(
      /weights \(DIR\/no.safetensors\): cannot read the file: ENOENT/,
    );
    expect(await errorOf('--out', at('none'), '--weights', at('short.safetensors'))).toMatch(
      /safetensors \(DIR\/short.safetensors\): the file has 3 bytes/,
    );
    expect(await errorOf('--out', at('none'), '--input', 'imgae=1x3x6x6')).toMatch(
      /there is no input imgae, did you mean image\?/,
    );
    expect(existsSync(at('none'))).toBe(false);
  });
});

describeWithTestdata('cnnc run after cnnc compile', () => {
  it('reads digits as LeNet-5 does', async () => {
    const weights = testdata('nets/mnist-lenet5/weights.safetensors');
    const compiled = await cnnc(['compile', 'models/lenet5.ts', '--weights', weights, '--out', at('lenet5')]);
    expect([compiled.code, compiled.err]).toEqual([0, expect.not.stringContaining('random')]);
    const pixels = gunzipSync(readFileSync(testdata('data/mnist/t10k-images-idx3-ubyte.gz'))).subarray(16);
    const labels = gunzipSync(readFileSync(testdata('data/mnist/t10k-labels-idx1-ubyte.gz'))).subarray(8);
    const files = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const raw = { width: 28, height: 28, channels: 1 as const };
        const png = sharp(pixels.subarray(i * 784, (i + 1) * 784), { raw }).png();
        writeFileSync(at(`digit${i}.png`), await png.toBuffer());
        return at(`digit${i}.png`);
      }),
    );
    const { code, out } = await cnnc(['run', at('lenet5'), ...files, '--json', '--top', '1']);
    expect(code).toBe(0);
    const { images } = JSON.parse(out) as { images: { classes: { label: string }[] }[] };
    expect(images.map(({ classes }) => Number(classes[0]!.label))).toEqual([...labels.subarray(0, 10)]);
  });
});
