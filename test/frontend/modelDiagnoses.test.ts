/** Every wrong use is a `Diagnostic` that says what was found, where, and what was expected. */
import { describe, expect, it } from 'vitest';
import { buildGraph, defineModel, Diagnostic, type Net, type Tensor } from 'cnnc';

/** The message of the diagnosis that `action` ends in, with line numbers of this file as `:n`. */
function diagnosisOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    return error.message.replace(/modelDiagnoses\.test\.ts:\d+/g, 'here:n').replaceAll('test/frontend/', '');
  }
  throw new Error('nothing was diagnosed');
}

const building = (build: (net: Net, x: Tensor) => unknown, shape: readonly number[] = [1, 4, 8, 8]): string =>
  diagnosisOf(() =>
    buildGraph(
      defineModel({
        name: 'net',
        inputs: { x: shape },
        build: (net, { x }) => build(net, x) as Record<string, Tensor>,
      }),
      { training: false },
    ),
  );

/** Options of a model file that has not been type-checked. */
const untyped = (value: unknown) => value as never;

describe('layers', () => {
  it.each([
    [{ channels: 4, kernal: 3 }, 'unknown option kernal, did you mean kernel?'],
    [{ kernel: 3 }, 'the option channels is missing, expected a whole number from 1'],
    [{ channels: 4.5, kernel: 3 }, 'the option channels is 4.5, expected a whole number from 1'],
    [
      { channels: 4, kernel: [3, 3, 3] },
      'the option kernel is [3, 3, 3], expected a whole number from 1, or [height, width]',
    ],
    [
      { channels: 4, kernel: 3, padding: 'valid' },
      'the option padding is "valid", expected a whole number from 0, [height, width], or [top, left, bottom, right], or "same"',
    ],
    [{ channels: 4, kernel: 3, bias: 0 }, 'the option bias is 0, expected true or false'],
    [{ channels: 6, kernel: 3, groups: 3 }, '4 input channels cannot be split into 3 groups'],
    [
      undefined,
      'the options are undefined, expected an object with channels, kernel, stride, dilation, bias, padding, groups',
    ],
  ])('conv2d with %j', (options, found) => {
    expect(building((net, x) => net.conv2d('conv1', x, untyped(options)))).toBe(
      `conv2d at conv1 (here:n): ${found}`,
    );
  });

  it('names the layer and the line where shapes do not fit', () => {
    const message = building((net, x) => net.scope('layer1').add(x, net.slice(x, { ends: [1, 4, 3, 8] })));
    expect(message).toBe(
      [
        'add at layer1.add (here:n): the shapes [1,4,8,8] and [1,4,3,8] do not broadcast',
        '  a f32[1,4,8,8]',
        '  b f32[1,4,3,8]',
      ].join('\n'),
    );
  });

  it('a name twice', () => {
    const conv = (net: Net, x: Tensor) => net.conv2d('conv', x, { channels: 4, kernel: 1 });
    expect(building((net, x) => conv(net, conv(net, x)))).toBe(
      'conv2d at conv (here:n): the parameter conv.weight exists already\n  the first one was made in here:n',
    );
  });

  it.each([
    [
      'no name',
      (net: Net, x: Tensor) =>
        net.conv2d(untyped(x), untyped({ channels: 4, kernel: 1 }), untyped(undefined)),
      "conv2d at conv2d (here:n): this layer has parameters, so its first argument must be a name: net.conv2d('name', x, ...)",
    ],
    [
      'an odd name',
      (net: Net, x: Tensor) => net.conv2d('a b', x, { channels: 4, kernel: 1 }),
      'conv2d (here:n): the name "a b" is not allowed; names consist of letters, digits, "_", "-" and dots between them',
    ],
    [
      'an odd scope',
      (net: Net) => net.scope('layer1').scope('.0'),
      'scope at layer1 (here:n): the name ".0" is not allowed; names consist of letters, digits, "_", "-" and dots between them',
    ],
    [
      'no tensor',
      (net: Net) => net.relu(untyped(undefined)),
      'relu at relu (here:n): an input is undefined, expected a tensor',
    ],
    [
      'a second operand that is none',
      (net: Net, x: Tensor) => net.add(x, untyped('3')),
      'add at add (here:n): an input is "3", expected a tensor',
    ],
    [
      'an axis too far',
      (net: Net, x: Tensor) => net.softmax(x, { axis: 4 }),
      'softmax at softmax (here:n): the axis is 4, a tensor of rank 4 has -4 to 3',
    ],
    [
      'an image for a vector',
      (net: Net, x: Tensor) => net.linear('fc', x, { features: 10 }),
      'linear at fc (here:n): the input has rank 4, expected 2 (N, features)\n  net.flatten(x) makes a vector of an image',
    ],
    [
      'nothing to concatenate',
      (net: Net) => net.concat([]),
      'concat at concat (here:n): the list of tensors is empty',
    ],
    [
      'too few steps',
      (net: Net, x: Tensor) => net.slice(x, { steps: [2, 2] }),
      'slice at slice (here:n): the option steps has 2 numbers, the input has rank 4',
    ],
    [
      'two open extents',
      (net: Net, x: Tensor) => net.reshape(x, { shape: [-1, -1] }),
      'reshape at reshape (here:n): the shape [-1, -1] has 2 extents of -1, at most one can be computed',
    ],
    [
      'an open extent that does not fit',
      (net: Net, x: Tensor) => net.reshape(x, { shape: [-1, 7] }),
      'reshape at reshape (here:n): 256 elements do not fit the shape [-1, 7]',
    ],
    [
      'an unknown mode',
      (net: Net, x: Tensor) => net.pad(x, { mode: untyped('wrap') }),
      'pad at pad (here:n): the option mode is "wrap", expected "constant" or "reflect" or "edge"',
    ],
    [
      'slopes for other channels',
      (net: Net, x: Tensor) => net.prelu('p', x, { slopes: 3 }),
      'prelu at p (here:n): the option slopes is 3, expected 1 or one for each of 4 channels',
    ],
    [
      'another shape to normalize',
      (net: Net, x: Tensor) => net.layerNorm('ln', x, { shape: [4, 8] }),
      'layerNorm at ln (here:n): the option shape is [4, 8], the input [1,4,8,8] ends with other dimensions',
    ],
    [
      'groups that do not divide',
      (net: Net, x: Tensor) => net.groupNorm('gn', x, { groups: 3 }),
      'groupNorm at gn (here:n): 4 channels cannot be split into 3 groups',
    ],
    [
      'output channels that do not divide',
      (net: Net, x: Tensor) => net.convTranspose2d('up', x, { channels: 5, kernel: 2, groups: 2 }),
      'convTranspose2d at up (here:n): 5 output channels cannot be split into 2 groups',
    ],
    [
      'a vector for an image',
      (net: Net, x: Tensor) => net.locallyConnected2d('lc', net.flatten(x), { channels: 5, kernel: 2 }),
      'locallyConnected2d at lc (here:n): the input has rank 2, expected 4 (N, C, H, W)',
    ],
    [
      'size and scale',
      (net: Net, x: Tensor) => net.resize(x, { size: 4, scale: 2 }),
      'resize at resize (here:n): size and scale are both given, expected one of them',
    ],
    [
      'neither size nor scale',
      (net: Net, x: Tensor) => net.resize(x, {}),
      'resize at resize (here:n): size and scale are both missing, expected one of them',
    ],
    [
      'a scale that leaves nothing',
      (net: Net, x: Tensor) => net.resize(x, { scale: 0.1 }),
      'resize at resize (here:n): a scale of 0.1 by 0.1 leaves nothing of 8x8',
    ],
    [
      'corners to align of nearest pixels',
      (net: Net, x: Tensor) => net.resize(x, { scale: 2, alignCorners: true }),
      'resize at resize (here:n): alignCorners has no meaning for nearest',
    ],
    [
      'parts that do not fill',
      (net: Net, x: Tensor) => net.concat(net.split(x, { parts: [1, 2] })),
      'split at split (here:n): parts of 1, 2 do not fill axis 1 with its 4',
    ],
    [
      'unequal parts',
      (net: Net, x: Tensor) => net.concat(net.split(x, { parts: 3 })),
      'split at split (here:n): 4 cannot be cut into 3 equal parts',
    ],
    [
      'indices from elsewhere',
      (net: Net, x: Tensor) => net.maxUnpool(x, net.argMax(x, { keepDims: true })),
      'maxUnpool at maxUnpool (here:n): the option size is missing: these indices are not from net.maxPoolWithIndices',
    ],
    [
      'not a number',
      (net: Net, x: Tensor) => net.mul(x, NaN),
      'mul at mul (here:n): the second operand is NaN, expected a tensor or a number',
    ],
    [
      'a norm below 1',
      (net: Net, x: Tensor) => net.lpPool(x, { kernel: 2, p: 0.5 }),
      'lpPool at lpPool (here:n): the option p is 0.5, expected a number from 1',
    ],
    [
      'axes that are no numbers',
      (net: Net, x: Tensor) => net.reduceMean(x, { axes: untyped('1') }),
      'reduceMean at reduceMean (here:n): the option axes is "1", expected a whole number or a list of them',
    ],
    [
      'no name for slopes',
      (net: Net, x: Tensor) => net.prelu(untyped(x), untyped(undefined)),
      "prelu at prelu (here:n): this layer has parameters, so its first argument must be a name: net.prelu('name', x, ...)",
    ],
  ])('%s', (_, build, message) => {
    expect(building(build)).toBe(message);
  });
});

describe('build', () => {
  let kept: Tensor | undefined;
  it.each([
    ['nothing', () => undefined, 'build returned nothing, expected outputs by name, such as { logits }'],
    [
      'a tensor',
      (_net: Net, x: Tensor) => x,
      'build returned a tensor of shape [1,4,8,8], expected outputs by name, such as { logits }',
    ],
    [
      'an empty object',
      () => ({}),
      'build returned an empty object, expected outputs by name, such as { logits }',
    ],
    ['a number', () => ({ logits: 3 }), 'output logits is 3, expected a tensor'],
    [
      'an odd name',
      (_net: Net, x: Tensor) => ({ 'a-b': x }),
      'the output\'s name "a-b" is not an identifier',
    ],
    ['a promise', async (_net: Net, x: Tensor) => ({ x }), 'build returned a promise; it must not be async'],
  ])('returns %s', (_, build, found) => {
    expect(building(build)).toBe(`model at net (here:n): ${found}`);
  });

  it('keeps a tensor for the next build', () => {
    building((net, x) => {
      kept = net.relu(x);
      return undefined;
    });
    expect(building(() => ({ kept }))).toMatch(/output kept belongs to another net/);
    expect(building((net) => net.relu(kept!))).toMatch(/an input belongs to another net/);
  });

  it('throws: its own line, without a stack trace', () => {
    const message = building((_net, x) => (x as unknown as { bias: number[] }).bias.length);
    expect(message).toBe(
      "model at net (here:n): build failed\n  here:n: TypeError: Cannot read properties of undefined (reading 'length')",
    );
  });
});

describe('defineModel', () => {
  const valid = { name: 'net', inputs: { x: [1, 3, 8, 8] }, build: () => ({}) };
  const preprocess = { width: 8, height: 8, channels: 'rgb' };
  it.each([
    [
      { ...valid, name: undefined },
      'model (here:n): the name is undefined, expected lower-case letters, digits, ".", "-" and "_"',
    ],
    [
      { ...valid, name: '../x' },
      'model at ../x (here:n): the name is "../x", expected lower-case letters, digits, ".", "-" and "_"',
    ],
    [{ ...valid, input: {} }, 'model at net (here:n): unknown option input, did you mean inputs?'],
    [
      { ...valid, inputs: {} },
      'model at net (here:n): inputs is an empty object, expected shapes by name, such as { image: [1, 3, 224, 224] }',
    ],
    [
      { ...valid, inputs: { x: [1, 2.5] } },
      'model at net (here:n): input x has shape [1, 2.5], expected whole numbers from 1, the batch first',
    ],
    [
      { ...valid, inputs: { x: [] } },
      'model at net (here:n): input x has shape [], expected whole numbers from 1, the batch first',
    ],
    [
      { ...valid, inputs: { x: { dtype: 'f16', shape: [1] } } },
      'model at net (here:n): input x has dtype "f16", expected f32, i32, u32',
    ],
    [
      { ...valid, inputs: { 'a b': [1] } },
      'model at net (here:n): the input\'s name "a b" is not an identifier',
    ],
    [{ ...valid, build: 3 }, 'model at net (here:n): build is 3, expected a function of (net, inputs)'],
    [{ ...valid, labels: [1] }, 'model at net (here:n): labels must be a list of strings'],
    [
      { ...valid, preprocess: { ...preprocess, width: 9 } },
      'model at net (here:n): preprocess: it makes [N,3,8,9], the input is [1,3,8,8]',
    ],
    [
      { ...valid, preprocess: { ...preprocess, mean: [0.5] } },
      'model at net (here:n): preprocess: mean has 1 numbers, rgb has 3',
    ],
    [
      { ...valid, preprocess: { ...preprocess, std: [1, 0, 1] } },
      'model at net (here:n): preprocess: std must not be 0',
    ],
    [
      { ...valid, preprocess: { ...preprocess, shortSide: 4 } },
      'model at net (here:n): preprocess: a shorter side of 4 leaves no 8x8 to cut out',
    ],
    [
      { ...valid, preprocess: { ...preprocess, channels: 'rgba' } },
      'model at net (here:n): preprocess: the option channels is "rgba", expected "rgb" or "bgr" or "gray"',
    ],
    [
      { ...valid, inputs: { x: [1, 10] }, preprocess },
      'model at net (here:n): preprocess needs exactly one image input f32[N, C, H, W], the model has 0',
    ],
    ['resnet', 'model (here:n): the argument of defineModel is "resnet", expected { name, inputs, build }'],
  ])('%j', (definition, message) => {
    expect(diagnosisOf(() => defineModel(untyped(definition)))).toBe(message);
  });
});

describe('buildGraph', () => {
  const model = defineModel({
    name: 'net',
    inputs: { image: [1, 3, 8, 8] },
    build: (net, { image }) => ({ y: net.relu(image) }),
  });
  it.each([
    [{ batch: 0 }, 'the batch is 0, expected a whole number from 1'],
    [{ inputs: { imgae: [1, 3, 8, 8] } }, 'there is no input imgae, did you mean image?'],
    [{ inputs: { image: [3, 8, 8] } }, 'input image has rank 4 ([1,3,8,8]), not 3'],
    [
      { inputs: { image: [1, 3, 8, 0] } },
      'input image has shape [1, 3, 8, 0], expected whole numbers from 1, the batch first',
    ],
    [{ batch: 2, inputs: { image: [1, 3, 8, 8] } }, 'the batch is 2, but input image is to be [1,3,8,8]'],
  ])('%j', (options, found) => {
    expect(diagnosisOf(() => buildGraph(model, { training: false, ...options }))).toBe(
      `model at net (here:n): ${found}`,
    );
  });
});
