/**
 * Compares a compiled architecture with the plain loops of its graph before all passes. Weights come from a seed,
 * images are small where the net allows it. Running statistics are random too, since batch norms that change nothing
 * would hide mistakes.
 */
import { expect } from 'vitest';
import { buildGraph, type Graph } from 'cnnc';
import { initializeParameters } from '../../compiler/frontend/initialize.ts';
import { sizeOf, type Node } from '../../compiler/ir/types.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { referenceKernel } from '../../compiler/ops/reference.ts';
import { compiledModel } from '../support/compiled.ts';
import type { TargetName } from '../../compiler/targets/index.ts';
import { modelFile, zooModel } from '../support/models.ts';
import type { WasmOptions } from '../support/wasmMachine.ts';
import { runProgram } from '../support/runProgram.ts';
import { worstError } from '../support/trainedNets.ts';

/** Height and width; other nets take what their definition says. */
const SMALL: Readonly<Record<string, number>> = {
  inceptionv3: 107,
  unet: 188,
  styletransfer: 32,
  espcn: 16,
  darknet_tiny: 64,
  wrn28_10: 16,
  zfnetdeconv: 96,
};

const POOLED =
  /^(resnet(18|34|50|101|152)|resnext|wide_|densenet\d|googlenet|mobilenet|squeezenet|shufflenet|efficient|convnext|vit|fcn|vgg)/;

function imageShape(name: string, shape: readonly number[]): readonly number[] {
  const size = SMALL[name] ?? (POOLED.test(name) ? 64 : undefined);
  return size === undefined ? shape : [...shape.slice(0, 2), size, size];
}

/** Numbers around 0, the same on every machine. */
function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/**
 * Variances from 0.5 to 1.5, means and biases around 0. Six hundred branches that nothing normalizes would add up to more
 * than f32 holds: in such a net their last norms make them small.
 */
function perturbed(model: string, name: string, data: Float32Array): Float32Array {
  if (model.startsWith('resnet1202') && name.endsWith('bn2.weight')) return data.map((value) => value / 20);
  if (name.endsWith('running_var')) return noise(data.length).map((value) => 1 + value / 2);
  if (data.every((value) => value === 0)) return noise(data.length).map((value) => value / 4);
  return data;
}

function runLoops(graph: Graph, bindings: ReadonlyMap<string, Float32Array>): Float32Array[] {
  const values: Float32Array[] = [];
  for (const node of graph.nodes) values.push(runNode(graph, node, values, bindings));
  return values;
}

function runNode(
  graph: Graph,
  node: Node,
  values: readonly Float32Array[],
  bindings: ReadonlyMap<string, Float32Array>,
): Float32Array {
  if (node.op === 'input' || node.op === 'parameter') return bindings.get(node.attrs.name)!;
  if (node.op === 'constant') return Float32Array.from(node.attrs.data);
  const Numbers = node.type.dtype === 'f32' ? Float32Array : Int32Array;
  const out = new Numbers(sizeOf(node.type.shape)) as Float32Array;
  const types = node.inputs.map((input) => graph.nodes[input]!.type);
  compileKernel(referenceKernel(node, types))(...node.inputs.map((input) => values[input]!), out);
  return out;
}

export interface Way {
  readonly name: string;
  readonly target: TargetName;
  readonly exact?: boolean;
  readonly machine?: WasmOptions;
  /** Tolerance, relative to the largest expected number. */
  readonly tolerance: number;
}

/** All of them, with one run of the loops. */
export async function expectAgreement(name: string, ways: readonly Way[]): Promise<void> {
  const model = await zooModel(name);
  const shape = imageShape(name, model.inputs['image']!.shape);
  const inputs = { image: shape };
  const graph = buildGraph(model, { training: false, inputs });
  const drawn = [...initializeParameters(graph, 1)];
  const weights = new Map(drawn.map(([key, data]) => [key, perturbed(name, key, data)]));
  const image = noise(sizeOf(shape));
  const values = runLoops(graph, new Map([...weights, ['image', image]]));
  for (const { name: way, target, exact, machine, tolerance } of ways) {
    const source = modelFile(name);
    const options = { source, targets: [target], inputs, exact, packedWeights: true, weights: () => weights };
    const { program, plan } = compiledModel(model, options);
    const found = runProgram(program, plan, { image }, { target, ...machine });
    for (const output of graph.outputs) {
      const expected = values[output.value]!;
      expect(expected.every(Number.isFinite)).toBe(true);
      const error = worstError(found[output.name]!, expected);
      if (process.env['CNNC_ERRORS']) console.log(`${name} ${way} ${output.name} ${error}`);
      expect(error, `${way}, ${output.name}`).toBeLessThan(tolerance);
    }
  }
}
