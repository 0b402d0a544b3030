/**
 * Initial values of parameters, drawn from a seed. The generator is counter-based, so each parameter depends
 * only on the seed and its own name. The arithmetic is exact, so every machine gets the same bits.
 */
import { isParameter } from '../ir/leaves.ts';
import { nodeOf, sizeOf, type Graph, type Node } from '../ir/types.ts';
import { compileKernel } from '../kernel/javascript.ts';
import type { Kernel } from '../kernel/types.ts';
import { graphBuilder } from '../ops/infer.ts';
import { constantAttrs, constant } from '../ops/leaves.ts';
import { referenceKernel } from '../ops/reference.ts';
import { normalQuantile } from './normalQuantile.ts';
import { randomUniform } from '../ops/randomUniform.ts';

export function initializeParameters(graph: Graph, seed: number): Map<string, Float32Array> {
  const parameters = graph.nodes.filter(isParameter);
  return new Map(parameters.map((node) => [node.attrs.name, initialValues(node, seed)]));
}

function initialValues({ attrs }: Node<'parameter'>, seed: number): Float32Array {
  const values = new Float32Array(sizeOf(attrs.type.shape));
  const { initializer } = attrs;
  switch (initializer.kind) {
    case 'constant':
      return values.fill(initializer.value);
    case 'normal':
      return transform(
        drawUniform(attrs.name, seed, values),
        (u) => normalQuantile(u * 2 ** 24) * initializer.deviation,
      );
    case 'uniform':
      return transform(drawUniform(attrs.name, seed, values), (u) => (2 * u - 1) * initializer.bound);
  }
}

function transform(values: Float32Array, change: (value: number) => number): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = change(values[i]!);
  return values;
}

/**
 * Fills `values` with whole multiples of 2^-24 in [0, 1), with the kernel of the operator `randomUniform`.
 */
function drawUniform(name: string, seed: number, values: Float32Array): Float32Array {
  compileKernel(uniformKernel(values.length))(Uint32Array.of(seed >>> 0, streamOf(name)), values);
  return values;
}

function uniformKernel(length: number): Kernel {
  const g = graphBuilder('initialize');
  const seed = g.node(constant.name, [], constantAttrs([2], [0, 0], 'u32'));
  const drawn = g.node(randomUniform.name, [seed], { shape: [length], stream: 0 });
  const graph = g.finish([{ name: 'values', value: drawn }]);
  return referenceKernel(nodeOf(graph, drawn), [nodeOf(graph, seed).type]);
}

/**
 * FNV-1a hash of the parameter's name. It selects a stream of random numbers that other parameters do not
 * affect.
 */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
