/** Networks of ONNX's model zoo with constant weights: import, shapes, and a run. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readOnnxTensor } from '../../compiler/importers/onnx/readModel.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import { importPath, numbersOf, OTHER_RUNNERS, runBatch, RUNNERS } from './support.ts';

const SIZE = 3 * 224 * 224;

for (const runner of [...RUNNERS, ...OTHER_RUNNERS]) {
  describeWithTestdata(`${runner.name}: light models`, () => {
    it.each(['squeezenet', 'resnet50', 'bvlc_alexnet'])('%s', (name) => {
      const translated = importPath(testdata(`onnx-light/light_${name}.onnx`));
      const input = Float32Array.from({ length: SIZE }, (_, i) => i / SIZE);
      const [output] = Object.values(runBatch(runner, translated, 1, input));
      const file = testdata(`onnx-light/light_${name}_output_0.pb`);
      const expected = numbersOf(readOnnxTensor(readFileSync(file), file));
      expect(output!.length).toBe(1000);
      // ONNX's own tolerance for these.
      expected.data.forEach((wanted, i) => expect(Math.abs(output![i]! - wanted)).toBeLessThan(1e-6));
    });
  });
}
