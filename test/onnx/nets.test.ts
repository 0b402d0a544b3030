/** Trained nets from their ONNX files on every target in `RUNNERS`; nets.slow.test.ts has wasm's other ways. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildGraph } from '../../compiler/frontend/buildGraph.ts';
import { matchWeights } from '../../compiler/frontend/matchWeights.ts';
import { readSafetensors, toFloat32 } from '../../compiler/frontend/safetensors.ts';
import { parametersOf } from '../../compiler/driver/weights.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import { describeNets, readNet } from './nets.ts';
import { RUNNERS } from './support.ts';

describeNets(RUNNERS);

describeWithTestdata("weights keep PyTorch's names", () => {
  it.each(['mnist-lenet5', 'cifar10-resnet20-optA', 'cifar10-resnet20-optB', 'ultraface-slim-320'])(
    '%s',
    (name) => {
      const { translated } = readNet(name);
      const bytes = readFileSync(testdata(`nets/${name}/weights.safetensors`));
      const graph = buildGraph(translated.model, { training: false });
      // Strict: every tensor of the state dict has its place, and no other.
      const { weights } = matchWeights(readSafetensors(bytes, name), parametersOf(graph), name);
      const imported = readSafetensors(translated.weights, name).tensors;
      for (const [parameter, values] of weights) expect(toFloat32(imported.get(parameter)!)).toEqual(values);
      expect(weights.size).toBe(imported.size);
    },
  );
});
