import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  checkInput,
  checkInputs,
  checkLoadOptions,
  checkNumber,
  withoutOptions,
  type Expected,
} from '../../runtime/check.ts';
import { checkTrainingOptions } from '../../runtime/training/hyperparameters.ts';

const image: Expected = { name: 'image', shape: [1, 3, 224, 224] };
const label: Expected = { name: 'label', shape: [8], dtype: 'i32' };

describe('checkInput', () => {
  const check = (value: unknown, expected = image) => checkInput('resnet18.forward', expected, value);

  it('accepts what fits, also from another realm', () => {
    expect(() => check(new Float32Array(150528))).not.toThrow();
    expect(() => check(new Int32Array(8), label)).not.toThrow();
    expect(() => check(runInNewContext('new Float32Array(150528)'))).not.toThrow();
    expect(() => check(new Float32Array(1), { name: 'loss', shape: [] })).not.toThrow();
  });

  it.each([
    [new Float32Array(100), 'resnet18.forward: input `image` needs 150528 numbers (1x3x224x224), got 100'],
    [undefined, 'resnet18.forward: input `image` is missing; it needs 150528 numbers (1x3x224x224)'],
    [
      [1, 2],
      'resnet18.forward: input `image` needs a Float32Array, got an array; wrap it: new Float32Array(image)',
    ],
    [new Float64Array(3), 'resnet18.forward: input `image` needs a Float32Array, got a Float64Array'],
    [new Uint8Array(3), 'resnet18.forward: input `image` needs a Float32Array, got a Uint8Array'],
    ['cat.png', 'resnet18.forward: input `image` needs a Float32Array, got the string "cat.png"'],
    [7, 'resnet18.forward: input `image` needs a Float32Array, got 7'],
  ])('refuses %s', (value, message) => {
    expect(() => check(value)).toThrow(new Error(message));
  });

  it('asks for the array of the dtype and names the role', () => {
    expect(() => checkInput('net.trainStep', label, new Float32Array(8))).toThrow(
      'net.trainStep: input `label` needs an Int32Array, got a Float32Array',
    );
    expect(() =>
      checkInput('net.backward', { name: 'logits', shape: [1, 10] }, new Float32Array(9), 'gradient'),
    ).toThrow('net.backward: gradient `logits` needs 10 numbers (1x10), got 9');
  });
});

describe('checkInputs', () => {
  const check = (values: unknown) => checkInputs('net.trainStep', [image, label], values);
  const pixels = new Float32Array(150528);

  it('accepts exactly the expected names', () => {
    expect(() => check({ label: new Int32Array(8), image: pixels })).not.toThrow();
  });

  it.each([
    [{ image: pixels }, 'net.trainStep: input `label` is missing; it needs 8 numbers (8)'],
    [
      { imgae: pixels, label: new Int32Array(8) },
      'net.trainStep: there is no input `imgae`; it takes { image, label }',
    ],
    [pixels, 'net.trainStep takes its inputs by name, { image, label }, got a Float32Array'],
    [undefined, 'net.trainStep takes its inputs by name, { image, label }, got undefined'],
  ])('refuses case %#', (values, message) => {
    expect(() => check(values)).toThrow(new Error(message));
  });
});

describe('checkNumber', () => {
  it('accepts a finite number from the least up', () => {
    expect(() => checkNumber('load', 'learningRate', 0, 0)).not.toThrow();
  });

  it.each([
    [NaN, 'load: `learningRate` needs a finite number, got NaN'],
    [Infinity, 'load: `learningRate` needs a finite number, got Infinity'],
    ['0.1', 'load: `learningRate` needs a finite number, got the string "0.1"'],
    [undefined, 'load: `learningRate` needs a finite number, got undefined'],
    [-1, 'load: `learningRate` needs a number of at least 0, got -1'],
  ])('refuses %s', (value, message) => {
    expect(() => checkNumber('load', 'learningRate', value, 0)).toThrow(new Error(message));
  });
});

describe('options of load', () => {
  const known = ['weights', 'relaxedSimd', 'kernels'];
  const check = (options: object) => checkLoadOptions('net', options, known);

  it('may be known, absent or undefined', () => {
    expect(() => check({})).not.toThrow();
    expect(() => check({ weights: 'a', kernels: undefined, unknown: undefined })).not.toThrow();
  });

  it.each([
    ['wieghts', 'did you mean `weights`?'],
    ['Weights', 'did you mean `weights`?'],
    ['weight', 'did you mean `weights`?'],
    ['relaxedSIMD', 'did you mean `relaxedSimd`?'],
    ['kernel', 'did you mean `kernels`?'],
  ])('%s resembles a known one', (name, hint) => {
    expect(() => check({ [name]: 1 })).toThrow(
      new Error(`net.load: there is no option \`${name}\`, ${hint}`),
    );
  });

  it('are listed where none is near', () => {
    expect(() => check({ url: 'x' })).toThrow(
      new Error('net.load: there is no option `url`; the options are weights, relaxedSimd, kernels'),
    );
  });

  it('do not make a package train', () => {
    expect(() => check({ training: true })).toThrow(
      new Error('net.load: this package does not train; compile it with --train'),
    );
  });

  it('are left out by name', () => {
    const options = { weights: 'a', kernels: 'b' };
    expect(withoutOptions(options, ['kernels', 'gpu'])).toEqual({ weights: 'a' });
    expect(options).toEqual({ weights: 'a', kernels: 'b' });
  });
});

describe('options of load in a package that trains', () => {
  const check = (options: object) => checkTrainingOptions('net', options, ['weights']);

  it('are those of training too', () => {
    expect(() => check({ weights: 'a' })).not.toThrow();
    expect(() => check({ training: true, seed: 1, learningRate: 0.1, maximumNorm: 2 })).not.toThrow();
  });

  it.each([
    [{ training: true, learningrate: 1 }, 'there is no option `learningrate`, did you mean `learningRate`?'],
    [{ learningRate: 1 }, 'the option `learningRate` is for load({ training: true })'],
    [{ seed: 1 }, 'the option `seed` is for load({ training: true })'],
    [{ training: false }, '`training` is false; it is true or left out'],
    [{ trainning: true }, 'there is no option `trainning`, did you mean `training`?'],
  ])('%j', (options, message) => {
    expect(() => check(options)).toThrow(new Error(`net.load: ${message}`));
  });
});
