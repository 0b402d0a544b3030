/** The checks of structure.test.ts, for nets that take longer to compile. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distinctKernels } from '../../compiler/program/deduplicate.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import { createFolders } from '../support/folders.ts';
import { modelFile } from '../support/models.ts';
import { compileStructure, MIB } from '../support/structure.ts';

const newFolder = createFolders();

describe.each(['vgg16', 'vgg16bn'])('%s', (name) => {
  it('is 13 convolutions, five pools and three linear layers', async () => {
    expect(runCalls((await compileStructure(name)).program).length).toBeLessThanOrEqual(21);
  });

  it('needs the memory of its second convolution, 2 x 64 channels of 224x224', async () => {
    const { plan } = await compileStructure(name);
    expect(plan.arenaBytes / MIB).toBeLessThanOrEqual(24.5);
    expect(plan.arenaBytes).toBe(plan.lowerBoundBytes);
  });
});

describe('ResNet-1202', () => {
  it('has the kernels of ResNet-20', async () => {
    const [deep, shallow] = [await compileStructure('resnet1202'), await compileStructure('resnet20')];
    const [many, few] = [deep, shallow].map(({ program }) => distinctKernels([program]).length);
    expect(many).toBe(few);
  });

  // 17 s on two cores of a Xeon; what is quadratic in the number of layers would take minutes.
  it('compiles in a minute', () => {
    const start = performance.now();
    const args = [
      'bin/cnnc.js',
      'compile',
      modelFile('resnet1202'),
      '--out',
      join(newFolder(), 'resnet1202'),
    ];
    execFileSync(process.execPath, args, { encoding: 'utf8' });
    expect((performance.now() - start) / 1000).toBeLessThan(60);
  });
});
