/**
 * The parts of a package's API for images: `labels`, `preprocess`, `topK` and `detect`, as far as the model has them.
 */
import { functionSource, moduleSource } from '../emit/declarations.ts';
import { isOp } from '../ops/isOp.ts';
import { softmax } from '../ops/softmax.ts';
import { detectionImports, detectionSource } from './detectionApi.ts';
import type { CompiledModel } from '../emit/model.ts';
import { WIDTH } from './style.ts';

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

/** A longer list of labels stands at the end of the module. */
const FEW_LABELS = 30;

const hasManyLabels = ({ labels = [] }: CompiledModel): boolean => labels.length > FEW_LABELS;

const LABELS = '/** The classes, in the order of the outputs. */';

export const labelsSource = (model: CompiledModel): string =>
  model.labels && !hasManyLabels(model)
    ? `${LABELS}\nexport const labels = ${JSON.stringify(model.labels)} as const;\n`
    : '';

/** Labels that would be in a reader's way at their usual place, several on a line. */
export const manyLabelsSource = (model: CompiledModel): string =>
  hasManyLabels(model)
    ? `${LABELS}\n// prettier-ignore\nexport const labels: readonly string[] = [\n${linesOf(model.labels!)}\n];\n`
    : '';

/** The elements of an array in lines of the usual width. */
function linesOf(labels: readonly string[]): string {
  const lines: string[] = [];
  for (const label of labels) {
    const element = `${JSON.stringify(label)},`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + element.length < WIDTH)
      lines[lines.length - 1] = `${last} ${element}`;
    else lines.push(`  ${element}`);
  }
  return lines.join('\n');
}

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

/**
 * The first output is one vector of scores for each image, as many as there are labels. The vector may be a plane of one
 * pixel, f32[N, C, 1, 1], as in many ONNX files.
 */
export function classifies({ outputs, labels }: CompiledModel): boolean {
  const [, classes, ...rest] = Object.values(outputs)[0]?.shape ?? [];
  if (classes === undefined || rest.some((extent) => extent !== 1)) return false;
  return labels === undefined ? rest.length === 0 : labels.length === classes;
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
