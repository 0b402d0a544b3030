/** The three forms of a weight file: what is in it, what the package does with it, and the hash in `info`. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile, defineModel } from '../../compiler/index.ts';
import type { PackageFiles, WeightForm } from '../../compiler/emit/model.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import { parseSafetensors } from '../../runtime/weights.ts';
import { createFolders } from '../support/folders.ts';
import { runningDevice } from '../support/gpu.ts';
import { describeRunning } from '../support/gpuPackages.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { twoInputs } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';

/** Its second layer is a Winograd convolution on the targets that have them, and its third one is not. */
const model = defineModel({
  name: 'growing',
  inputs: { image: [1, 3, 24, 24] },
  build(net, { image }) {
    const conv = (name: string, x: typeof image, channels: number, kernel: number) =>
      net.relu(
        net.batchNorm(
          `${name}.bn`,
          net.conv2d(name, x, { channels, kernel, padding: kernel >> 1, bias: false }),
        ),
      );
    const x = conv('third', conv('second', conv('first', image, 32, 3), 32, 3), 32, 1);
    return { logits: net.linear('fc', net.flatten(net.globalAveragePool(x)), { features: 4 }) };
  },
});

const OPTIONS: Readonly<Record<WeightForm, object>> = {
  moving: {},
  fixed: { fixedWeights: true },
  packed: { packedWeights: true },
};
const FORMS = Object.keys(OPTIONS) as WeightForm[];

interface Model {
  readonly info: { readonly weights: { readonly form: WeightForm; readonly sha256: string } };
  forward(inputs: object): { readonly logits: Float32Array } | Promise<{ readonly logits: Float32Array }>;
  readonly loadWeights?: unknown;
  exportWeights(): Uint8Array | Promise<Uint8Array>;
  close(): void;
}

const newFolder = createFolders();

const filesOf = async (target: TargetName, options: object): Promise<PackageFiles> =>
  (await compile(model, { source: 'growing.ts', targets: [target], ...options })).files;

async function load(files: PackageFiles, target: TargetName, options: object = {}): Promise<Model> {
  const folder = join(newFolder(), 'package');
  writePackage(folder, files);
  const device = target === 'webgpu' ? { device: await runningDevice() } : {};
  const module = (await import(pathToFileURL(join(folder, 'index.js')).href)) as {
    load(options: object): Promise<Model>;
  };
  return module.load({ ...device, ...options });
}

const weightsOf = (files: PackageFiles): Uint8Array => files.get('weights.safetensors') as Uint8Array;
const namesIn = (files: PackageFiles): string[] => [...parseSafetensors(weightsOf(files)).keys()];
const numbersIn = (files: PackageFiles): number =>
  [...parseSafetensors(weightsOf(files)).values()].reduce((sum, { data }) => sum + data.length, 0);

const image = Float32Array.from({ length: 3 * 24 * 24 }, (_, i) => Math.sin(i * i * 0.013));

for (const target of targetNames)
  describeRunning(target, `the weights of a package for ${target}`, () => {
    it(
      'give the same results in each form',
      async () => {
        const all: Record<string, Float32Array> = {};
        for (const form of FORMS) {
          const loaded = await load(await filesOf(target, OPTIONS[form]), target);
          all[form] = (await loaded.forward({ image })).logits;
          expect([form, typeof loaded.loadWeights]).toEqual([
            form,
            form === 'moving' ? 'function' : 'undefined',
          ]);
          expect(loaded.info.weights.form).toBe(form);
          loaded.close();
        }
        // Folding rounds to f32 at load and is in doubles in the compiler; Winograd's transforms carry that on.
        for (const form of FORMS) expect(maxRelativeError(all[form]!, all['moving']!)).toBeLessThan(1e-4);
      },
      COMPILE_TIMEOUT,
    );

    it(
      'that are fixed leave only filters that grow to be made at load',
      async () => {
        const [moving, fixed, packed] = await Promise.all(
          FORMS.map((form) => filesOf(target, OPTIONS[form])),
        );
        expect(namesIn(moving!)).toContain('second.bn.running_var');
        const grows = numbersIn(packed!) > 1.5 * numbersIn(fixed!);
        expect(grows).toBe(target !== 'typescript');
        // Batch norms are folded, and rows may be filled up.
        expect(numbersIn(fixed!)).toBeLessThan(1.05 * numbersIn(moving!));
        expect([moving, fixed, packed].map((files) => files!.has('prepare.js'))).toEqual([
          true,
          grows,
          false,
        ]);
        expect(namesIn(fixed!).filter((name) => name.includes('running_var'))).toEqual([]);
        const prepare = String(fixed!.get('prepare.js') ?? '');
        expect([...prepare.matchAll(/^ {2}\/\/ /gm)]).toHaveLength(grows ? 1 : 0);
      },
      COMPILE_TIMEOUT,
    );

    it(
      'that are fixed are not replaced, and the error names the flag',
      async () => {
        const other = weightsOf((await compile(twoInputs, { source: 'other.ts', targets: [target] })).files);
        for (const form of FORMS) {
          const files = await filesOf(target, OPTIONS[form]);
          const refused = await load(files, target, { weights: other }).then(
            () => 'nothing',
            ({ message }: Error) => message,
          );
          const words =
            form === 'moving'
              ? /^growing\.load: the file does not fit the model\n/
              : new RegExp(
                  `ackage was compiled with --${form}-weights, so it only takes its own weight file`,
                );
          expect(refused).toMatch(words);
          if (form !== 'moving') continue;
          expect(refused).not.toContain('--');
        }
      },
      COMPILE_TIMEOUT,
    );

    it(
      'have the hash of the file that a trainer exports',
      async () => {
        const files = await filesOf(target, { batch: 2, training: {} });
        const trainer = await load(files, target, { training: true });
        const exported = createHash('sha256').update(await trainer.exportWeights());
        expect(trainer.info.weights).toEqual({ form: 'moving', sha256: exported.digest('hex') });
        trainer.close();
      },
      COMPILE_TIMEOUT,
    );
  });

describe('the hash of the weights', () => {
  const hashOf = async (options: object): Promise<string> => {
    const { files } = await compile(model, { source: 'growing.ts', ...options });
    const [, hash = ''] = /sha256: '([0-9a-f]{64})'/.exec(String(files.get('index.ts'))) ?? [];
    return hash;
  };

  it(
    'does not depend on target and form, only on the weights',
    async () => {
      const own = await hashOf({});
      expect(own).toHaveLength(64);
      for (const form of FORMS) {
        expect(await hashOf({ targets: ['wasm'], ...OPTIONS[form] })).toBe(own);
        expect(await hashOf({ targets: ['webgpu', 'typescript'], ...OPTIONS[form] })).toBe(own);
      }
      expect(await hashOf({ targets: ['wasm'], exact: true, batch: 3 })).toBe(own);
      expect(await hashOf({ seed: 2 })).not.toBe(own);
    },
    COMPILE_TIMEOUT,
  );
});

describe('fixed weights', () => {
  it('leave nothing to do at load where no filters grow', async () => {
    const files = await filesOf('wasm', { fixedWeights: true, exact: true });
    expect([files.has('prepare.js'), files.has('parameters.js')]).toEqual([false, false]);
  });

  it('are refused in a package that trains', async () => {
    for (const option of ['fixedWeights', 'packedWeights'])
      await expect(filesOf('typescript', { [option]: true, training: {} })).rejects.toThrow(
        `compile: a package that trains changes its weights, so the option ${option} has no effect`,
      );
  });
});
