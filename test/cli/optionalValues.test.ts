/** Options whose value may be left out do not take the argument that follows. */
import { describe, expect, it } from 'vitest';
import { optionalValues } from '../../compiler/cli/compile.ts';
import { createProgram } from '../../compiler/cli/main.ts';
import { attachValues } from '../../compiler/cli/optionalValues.ts';
import { cnnc } from './support.ts';

const SILENT = { out: () => undefined, err: () => undefined, interactive: false };

describe('an option without its value', () => {
  it.each([
    ['--train models/lenet5.ts', '--train=all models/lenet5.ts'],
    ['--train lenet5.ts', '--train=all lenet5.ts'],
    ['--train model.mjs', '--train=all model.mjs'],
    ['--train ./model', '--train=all ./model'],
    ['--train squeezenet.onnx', '--train=all squeezenet.onnx'],
    ['--train resnet18', '--train=all resnet18'],
    ['--train --batch 8 lenet5.ts', '--train=all --batch 8 lenet5.ts'],
    ['lenet5.ts --train', 'lenet5.ts --train=all'],
    ['--inline --train lenet5.ts', '--inline=kernels --train=all lenet5.ts'],
  ])('%s', (given, read) => {
    expect(attachValues(given.split(' '), optionalValues())).toEqual(read.split(' '));
  });

  it.each([
    '--train head lenet5.ts',
    '--train last:2 lenet5.ts',
    '--train bias',
    '--train layer4.*,fc.* lenet5.ts',
    '--train conv1.weight lenet5.ts',
    '--train=head lenet5.ts',
    '--optimizer adamw lenet5.ts',
  ])('differs from one with it: %s', (given) => {
    expect(attachValues(given.split(' '), optionalValues())).toEqual(given.split(' '));
  });

  it('is known of every command', () => {
    const optional = createProgram(SILENT).commands.flatMap(({ options }) =>
      options.filter((option) => option.optional).map(({ long }) => String(long)),
    );
    expect(optional.sort()).toEqual(Object.keys(optionalValues()).sort());
  });

  it('leaves the model to the command', async () => {
    const { code, err } = await cnnc(['compile', '--train', 'models/lenet6.ts']);
    expect(code).toBe(1);
    expect(err).toContain('error CNNC1001: model file (models/lenet6.ts): the file does not exist');
  });
});
