/** A package alone: imported by another process from a folder that holds nothing else. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Model } from 'cnnc';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders, readFolder } from '../support/folders.ts';
import { describeRunning, installDawn, runNodeFor } from '../support/gpuPackages.ts';
import { describeDifferences, maxRelativeError } from '../support/numbers.ts';
import { classifier, twoInputs } from '../support/packageModels.ts';
import { compilePackage, oracleOutputs, randomInputs, TOLERANCES } from '../support/packages.ts';

const anyFolder = createFolders();

function newFolder(target: TargetName): string {
  const folder = anyFolder();
  if (target === 'webgpu') installDawn(folder);
  return folder;
}

type Numbers = Readonly<Record<string, readonly number[]>>;

/** Loads the package by `specifier` and prints its outputs; twice with different numbers first. */
const program = (specifier: string): string => `
  import { readFileSync } from 'node:fs';
  import { load } from ${JSON.stringify(specifier)};
  const inputs = JSON.parse(readFileSync('inputs.json', 'utf8'));
  const arrays = (change) =>
    Object.fromEntries(Object.entries(inputs).map(([name, numbers]) => [name, Float32Array.from(numbers, change)]));
  const model = await load();
  // What an earlier call left in memory must not show.
  await model.forward(arrays(() => NaN));
  await model.forward(arrays((value) => -3 * value));
  const outputs = await model.forward(arrays((value) => value));
  console.log(JSON.stringify(Object.fromEntries(Object.entries(outputs).map(([name, array]) => [name, [...array]]))));
`;

async function place(model: Model, folder: string, target: TargetName): Promise<void> {
  writePackage(folder, await compilePackage(model, 'model.ts', { targets: [target] }));
}

function outputsOf(model: Model, folder: string, specifier: string, target: TargetName): Numbers {
  const inputs = Object.entries(randomInputs(model)).map(([name, array]) => [name, [...array]]);
  writeFileSync(join(folder, 'inputs.json'), JSON.stringify(Object.fromEntries(inputs)));
  writeFileSync(join(folder, 'main.mjs'), program(specifier));
  return JSON.parse(runNodeFor(target)(folder, 'main.mjs')) as Numbers;
}

function expectOracle(model: Model, outputs: Numbers, target: TargetName): void {
  const tolerance = TOLERANCES[target];
  const expected = oracleOutputs(model, randomInputs(model));
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, numbers] of Object.entries(expected)) {
    const message = `${name}: ${describeDifferences(outputs[name]!, numbers, tolerance)}`;
    expect(maxRelativeError(outputs[name]!, numbers), message).toBeLessThanOrEqual(tolerance);
  }
}

for (const target of targetNames)
  describeRunning(target, `a package for ${target} alone`, () => {
    it.each([classifier, twoInputs])('$name computes what the oracle does', async (model) => {
      const folder = newFolder(target);
      await place(model, join(folder, 'package'), target);
      expectOracle(model, outputsOf(model, folder, './package/index.js', target), target);
    });

    it('is found by its name where npm would put it', async () => {
      const folder = newFolder(target);
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      await place(classifier, join(folder, 'node_modules', 'pets'), target);
      expectOracle(classifier, outputsOf(classifier, folder, 'pets', target), target);
    });
  });

describe.each(targetNames)('the files of a package for %s', (target) => {
  it('import nothing but their own, and of Node only what reads the weights', async () => {
    const folder = newFolder(target);
    await place(classifier, join(folder, 'package'), target);
    const specifiers = [...readFolder(join(folder, 'package'))]
      .filter(([name]) => /\.(js|ts)$/.test(name))
      .flatMap(([name, text]) =>
        [...text.toString().matchAll(/from '([^']*)'/g)].map((match) => `${name}: ${match[1]}`),
      );
    expect(specifiers.length).toBeGreaterThan(5);
    expect(specifiers.filter((line) => !/: \.\/\w+\.js$/.test(line))).toEqual([]);
  });

  it('say nothing of the machine or the day that they were compiled on', async () => {
    const folder = newFolder(target);
    await place(classifier, join(folder, 'package'), target);
    for (const [name, bytes] of readFolder(join(folder, 'package'))) {
      const text = bytes.toString('latin1');
      expect(text, name).not.toContain(process.cwd());
      expect(text, name).not.toContain(folder);
      expect(text, name).not.toMatch(/\b20\d\d-\d\d-\d\d\b/);
    }
  });
});

for (const target of targetNames)
  describeRunning(target, `a package for ${target} whose weights are wrong`, () => {
    const failing = (weights: string): string => `
    import { readFileSync } from 'node:fs';
    import { load } from './package/index.js';
    const error = await load({ weights: ${weights} }).catch((thrown) => thrown);
    console.log(error instanceof Error ? error.message : 'it was loaded');
  `;
    const messageOf = (folder: string, weights: string): string => {
      writeFileSync(join(folder, 'main.mjs'), failing(weights));
      return runNodeFor(target)(folder, 'main.mjs').trim();
    };

    it('says so, whatever is wrong with them', async () => {
      const folder = newFolder(target);
      await place(classifier, join(folder, 'package'), target);
      await place(twoInputs, join(folder, 'other'), target);
      expect(messageOf(folder, `'./missing.safetensors'`)).toMatch(
        /^cannot read \.\/missing\.safetensors: ENOENT/,
      );
      expect(messageOf(folder, `'./other/weights.safetensors'`)).toMatch(
        /^pets\.load: the file does not fit the model(\n {2}[\w.]+: (missing in the file|the file has .+))+$/,
      );
      expect(messageOf(folder, `readFileSync('package/weights.safetensors').subarray(0, 3000)`)).toMatch(
        /^safetensors: the file is truncated/,
      );
      expect(messageOf(folder, `readFileSync('package/weights.safetensors')`)).toBe('it was loaded');
      expect(readFileSync(join(folder, 'package', 'weights.safetensors')).length).toBeGreaterThan(3000);
    });
  });
