/**
 * A toy format, to show what a format needs: this file, and its line in a table of importers. A file is
 *
 *     toy
 *     input image Nx1x6x6
 *     conv2d first 3 8 kernel.bin
 *     relu
 *     linear scores 4 matrix.bin
 *
 * where each line reads the line before it, and numbers lie in files beside it: f32, first the weight, then the bias.
 */
import { fail } from '../../compiler/diagnostics/diagnostic.ts';
import { call, live, shapeOf, type Live, type Recorder } from '../../compiler/importers/recorded/calls.ts';
import { known, type Known } from '../../compiler/importers/recorded/known.ts';
import { makeLayer } from '../../compiler/importers/recorded/layers.ts';
import type { SourceGraph } from '../../compiler/importers/recorded/sourceGraph.ts';
import type { Importer, ModelSource } from '../../compiler/importers/types.ts';

export const toy: Importer = {
  name: 'toy',
  title: 'Toy',
  noun: 'a .toy file',
  extensions: ['.toy'],
  signature: (bytes) => new TextDecoder().decode(bytes.subarray(0, 4)) === 'toy\n',
  examples: { compile: ['cnnc compile net.toy'], import: ['cnnc import net.toy'] },
  load: async () => readToy,
};

type Line = readonly string[];

const LINES = {
  conv2d: (r, x, [name, kernel, channels, file], numbersOf) => {
    const shape = [Number(channels), shapeOf(x)[1]!, Number(kernel), Number(kernel)];
    const parameters = split(numbersOf(file!), name!, shape);
    const options = { channels: shape[0], kernel: shape[2] };
    return makeLayer({ r, inputs: [x], layerName: () => name! }, 'conv2d', x, options, parameters, name);
  },
  relu: (r, x) => call(r, 'f32', 'relu', [x]),
  linear: (r, x, [name, features, file], numbersOf) => {
    const flat = call(r, 'f32', 'flatten', [x]);
    const parameters = split(numbersOf(file!), name!, [Number(features), shapeOf(flat)[1]!]);
    const site = { r, inputs: [flat], layerName: () => name! };
    return makeLayer(site, 'linear', flat, { features: Number(features) }, parameters, name);
  },
} satisfies Readonly<
  Record<string, (r: Recorder, x: Live, rest: Line, numbersOf: (file: string) => Float32Array) => Live>
>;

/** The weight comes first, then a bias for each of its first extent. */
function split(numbers: Float32Array, name: string, shape: readonly number[]): Record<string, Known> {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return {
    weight: known('f32', shape, numbers.subarray(0, size), `${name}.weight`),
    bias: known('f32', [shape[0]!], numbers.subarray(size), `${name}.bias`),
  };
}

function readToy({ bytes, file, files }: ModelSource): SourceGraph {
  const refuse = (found: string): never => fail('CNNC3015', 'toy', { file }, found);
  const [, input, ...lines] = new TextDecoder().decode(bytes).trim().split('\n').map(words);
  if (input?.[0] !== 'input') return refuse('the second line is no input');
  const unknown = lines.find(([operation]) => !(operation! in LINES));
  if (unknown) refuse(`there is no operation ${unknown[0]}`);
  const numbersOf = (location: string): Float32Array => {
    const found = files?.(location);
    return found
      ? new Float32Array(found.read(0, found.size).buffer)
      : refuse(`${location} is not a file beside it`);
  };
  const shape = input[2]!.split('x').map((extent) => (/^\d+$/.test(extent) ? Number(extent) : extent));
  return {
    inputs: [{ name: input[1]!, dtype: 'f32', shape }],
    outputs: ['result'],
    record(r, inputs) {
      const start = live(r, inputs.get(input[1]!)!);
      const apply = (x: Live, [operation, ...rest]: Line): Live =>
        LINES[operation as keyof typeof LINES](r, x, rest, numbersOf);
      return [lines.reduce(apply, start)];
    },
  };
}

const words = (line: string): string[] => line.split(' ');
