/**
 * The parts of a package's API for images: `labels`, `preprocess`, `topK` and `detect`, as far as the model has them.
 */
import { functionSource, moduleSource } from '../emit/declarations.ts';
import { isOp } from '../ops/isOp.ts';
import { softmax } from '../ops/softmax.ts';
import { detectionImports, detectionSource } from './detectionApi.ts';
import type { CompiledModel } from '../emit/model.ts';

/** The imports from `runtime.ts`. */
export const imageImports = (model: CompiledModel): string[] => [
  ...(model.preprocess ? ['preprocess as preprocessPixels'] : []),
  ...(classifies(model) ? ['topK as rank', 'type Ranked'] : []),
  ...detectionImports(model),
];

export const imageSource = (model: CompiledModel): string =>
  moduleSource(
    model.preprocess ? preprocessSource(model) : '',
    classifies(model) ? topKSource(model) : '',
    detectionSource(model),
  );

export const labelsSource = ({ labels }: CompiledModel): string =>
  labels
    ? `/** The classes, in the order of the outputs. */\nexport const labels = ${JSON.stringify(labels)} as const;\n`
    : '';

const preprocessSource = (model: CompiledModel): string =>
  moduleSource(
    `const preprocessing = ${JSON.stringify(model.preprocess)} as const;\n`,
    functionSource(
      `export function preprocess(
        pixels: Uint8Array | Uint8ClampedArray, width: number, height: number, out?: Float32Array
      ): Float32Array`,
      ["Turns an image's pixels (gray, RGB or RGBA, 8 bits each, interleaved) into the network's input."],
      ['return preprocessPixels(pixels, width, height, preprocessing, out);'],
    ),
  );

/** The first output is one vector of scores for each image, as many as there are labels. */
function classifies({ outputs, labels }: CompiledModel): boolean {
  const [type] = Object.values(outputs);
  return type?.shape.length === 2 && (labels === undefined || labels.length === type.shape[1]);
}

/** A softmax at the end already makes probabilities; `topK` must not apply another one. */
function endsInSoftmax(model: CompiledModel): boolean {
  const [output] = model.graph.outputs;
  return output !== undefined && isOp(model.graph.nodes[output.value], softmax);
}

function topKSource(model: CompiledModel): string {
  const options = endsInSoftmax(model) ? ', { probabilities: true }' : '';
  const labels = model.labels ? 'labels' : 'undefined';
  const more = options || model.labels ? `, ${labels}${options}` : '';
  return functionSource(
    'export function topK(scores: ArrayLike<number>, k: number): Ranked[]',
    ['The `k` most probable classes from the scores of one image, best first.'],
    [`return rank(scores, k${more});`],
  );
}
