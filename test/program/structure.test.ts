/**
 * What the nets of models/ become: how many kernel calls, how many kernels, how much memory. Nothing is run; VGG and
 * ResNet-1202, which take longer, are in structure.slow.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { distinctKernels } from '../../compiler/program/deduplicate.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import type { KernelCall } from '../../compiler/program/types.ts';
import { compileStructure, MIB } from '../support/structure.ts';

const callsOf = async (name: string): Promise<readonly KernelCall[]> =>
  runCalls((await compileStructure(name)).program);

describe('kernel calls at inference', () => {
  it('ResNet-18: 20 convolutions, two pools and a linear layer', async () => {
    expect((await callsOf('resnet18')).length).toBeLessThanOrEqual(23);
  });

  it('LeNet-5: what is flattened lies as its reader wants it', async () => {
    expect((await callsOf('lenet5')).length).toBeLessThanOrEqual(7);
  });

  // A layer is norm and ReLU, the 1x1 with the second norm folded in, the 3x3; the first norm has nothing to fold into.
  // In four layers of the first block norm and 1x1 run in four bands of rows.
  it('DenseNet-121: three for each of 58 layers, three for each of 3 transitions, both ends, and bands', async () => {
    expect((await callsOf('densenet121')).length).toBeLessThanOrEqual(3 * 58 + 3 * 3 + 5 + 4 * 6);
  });

  it.each(['densenet121', 'densenetbc100', 'googlenet', 'squeezenet1_0', 'mobilenetv2', 'resnet50'])(
    '%s copies nothing',
    async (name) => {
      const copies = (await callsOf(name)).filter(({ schedule }) => schedule === 'copy');
      expect(copies.map(({ label }) => label)).toEqual([]);
    },
  );
});

/**
 * MiB of activations of one image, from the nets' shapes: the largest sum of what one layer reads, writes and must
 * keep. DenseNet's norms before the bottlenecks run in bands of rows, or it would be 7.27.
 */
const PEAKS: Readonly<Record<string, number>> = {
  resnet18: 3.83,
  resnet50: 6.89,
  mobilenetv2: 5.75,
  densenet121: 6.89,
};

describe('the arena', () => {
  it.each(Object.entries(PEAKS))('of %s is within %f MiB', async (name, mebibytes) => {
    const { plan } = await compileStructure(name);
    expect(plan.arenaBytes / MIB).toBeLessThanOrEqual(mebibytes);
  });

  it.each([
    ['resnet18', 1],
    ['resnet50', 1],
    ['mobilenetv1', 1],
    ['mobilenetv2', 1],
    ['densenet121', 1.05],
    ['googlenet', 1.05],
  ])('of %s is at most %f times its lower bound', async (name, most) => {
    const { plan } = await compileStructure(name);
    expect(plan.arenaBytes / plan.lowerBoundBytes).toBeLessThanOrEqual(most);
  });

  it.each([
    ['resnet20', 32, 1.05],
    ['resnet18', 4, 1.05],
  ])('of training %s at batch %i is at most %f times its lower bound', async (name, batch, most) => {
    const { training } = await compileStructure(name, { batch, training: { optimizer: 'sgd' } });
    expect(training!.plan.arenaBytes / training!.plan.lowerBoundBytes).toBeLessThanOrEqual(most);
  });
});

describe('equal blocks share kernels', () => {
  it.each([
    ['', 'resnet20', 'resnet56', 'resnet110'],
    ['with projections', 'resnet20b', 'resnet56b', 'resnet110b'],
  ])('deeper nets of the same three stages have as many %s', async (_, ...names) => {
    const counts = await Promise.all(
      names.map(async (name) => distinctKernels([(await compileStructure(name)).program]).length),
    );
    expect(counts).toEqual(counts.map(() => counts[0]));
  });
});
