import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matchWeights } from '../../compiler/frontend/matchWeights.ts';
import { readSafetensors, writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import { safetensorsBytes } from '../support/safetensorsBytes.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';

const fileOf = (shapes: Record<string, readonly number[]>) => {
  const tensors = Object.entries(shapes).map(([name, shape], i) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return { name, shape, data: new Float32Array(size).fill(i + 1) };
  });
  return readSafetensors(writeSafetensors(tensors), 'w');
};

const expected = [
  { name: 'conv1.weight', shape: [2, 1, 3, 3] },
  { name: 'fc.weight', shape: [3, 2] },
  { name: 'fc.bias', shape: [3] },
];

const fitting = { 'fc.bias': [3], 'conv1.weight': [2, 1, 3, 3], 'fc.weight': [3, 2] };

describe('matchWeights', () => {
  it("gives the weights in the model's order", () => {
    const { weights, left } = matchWeights(fileOf(fitting), expected, 'w');
    expect([...weights.keys()]).toEqual(['conv1.weight', 'fc.weight', 'fc.bias']);
    expect(weights.get('fc.bias')).toEqual(new Float32Array([1, 1, 1]));
    expect(left).toEqual([]);
  });

  it('takes names with the prefix `module.` and ignores num_batches_tracked', () => {
    const file = fileOf({
      'module.fc.bias': [3],
      'module.conv1.weight': [2, 1, 3, 3],
      'module.fc.weight': [3, 2],
      'module.bn1.num_batches_tracked': [],
      num_batches_tracked: [],
    });
    expect([...matchWeights(file, expected, 'w').weights.keys()]).toEqual([
      'conv1.weight',
      'fc.weight',
      'fc.bias',
    ]);
    const tracked = { name: 'bn1.num_batches_tracked', shape: [] };
    expect(matchWeights(file, [...expected, tracked], 'w').weights.size).toBe(4);
  });

  it('takes the exact name before the one with the prefix `module.`, which is then unexpected', () => {
    const file = fileOf({ ...fitting, 'module.fc.bias': [3] });
    expect(() => matchWeights(file, expected, 'w')).toThrow(
      /1 unexpected\n {2}extra {7}module\.fc\.bias: F32\[3\]$/,
    );
  });

  it('names all problems at once', () => {
    const bytes = safetensorsBytes(
      [
        ['net.conv1.weight', 'F32', [2, 1, 3, 3], new Float32Array(18)],
        ['fc.weight', 'F32', [2, 3], new Float32Array(6)],
        ['fc.bias', 'I32', [3], new Int32Array(3)],
      ],
      {},
    );
    expect(() => matchWeights(readSafetensors(bytes, 'w'), expected, 'w.safetensors')).toThrow(
      [
        'weights (w.safetensors): the file does not fit the 3 weights of the model: ' +
          '1 missing, 1 unexpected, 1 of another shape, 1 not of a float type',
        '  missing     conv1.weight: the model expects [2,1,3,3]; did you mean `net.conv1.weight`?',
        '  wrong shape fc.weight: the file has F32[2,3], the model expects [3,2]',
        '  not float   fc.bias: the file has I32[3], the model expects floats',
        '  extra       net.conv1.weight: F32[2,1,3,3]',
      ].join('\n'),
    );
  });

  it('suggests a near name only where the shape is the same', () => {
    const suggestion = (shape: readonly number[]) => {
      const file = fileOf({ 'conv1.weight': [2, 1, 3, 3], 'fc.weight': [3, 2], 'fc.bais': shape });
      try {
        matchWeights(file, expected, 'w');
      } catch (error) {
        return /did you mean `(.*)`/.exec(String(error))?.[1];
      }
      return 'accepted';
    };
    expect(suggestion([3])).toBe('fc.bais');
    expect(suggestion([4])).toBeUndefined();
  });

  it('stops after 30 lines', () => {
    const many = Array.from({ length: 45 }, (_, i) => ({ name: `layer${i}`, shape: [1] }));
    expect(() => matchWeights(fileOf({}), many, 'w')).toThrow(
      /45 missing\n(.*\n){29} {2}missing {5}layer29: .*\n {2}… and 15 more$/,
    );
  });

  it('leaves out what the options allow', () => {
    const file = fileOf({ 'conv1.weight': [2, 1, 3, 3], 'fc.weight': [1000, 2], head: [1] });
    const { weights, left } = matchWeights(file, expected, 'w', { allowExtra: true, allowMismatch: true });
    expect([...weights.keys()]).toEqual(['conv1.weight']);
    expect(left).toEqual([
      {
        name: 'fc.weight',
        reason: 'wrong shape',
        detail: 'the file has F32[1000,2], the model expects [3,2]',
      },
      { name: 'fc.bias', reason: 'missing', detail: 'the model expects [3]' },
      { name: 'head', reason: 'extra', detail: 'F32[1]' },
    ]);
    expect(() => matchWeights(file, expected, 'w', { allowExtra: true })).toThrow(
      '1 missing, 1 of another shape',
    );
    expect(() => matchWeights(file, expected, 'w', { allowMismatch: true })).toThrow(': 1 unexpected');
  });

  it('refuses a file of which nothing fits, whatever is allowed', () => {
    const options = { allowExtra: true, allowMismatch: true };
    expect(() => matchWeights(fileOf({ other: [1] }), expected, 'w', options)).toThrow(
      'weights (w): the file has none of the 3 weights of the model',
    );
  });
});

describeWithTestdata('matchWeights on resnet20', () => {
  it('fits the file to its own parameters', () => {
    const path = 'nets/cifar10-resnet20-optB/weights.safetensors';
    const file = readSafetensors(readFileSync(testdata(path)), path);
    const parameters = [...file.tensors.values()].filter(({ dtype }) => dtype === 'F32');
    expect(parameters.length).toBeLessThan(file.tensors.size);
    expect(matchWeights(file, parameters, path).weights.size).toBe(parameters.length);
  });
});
