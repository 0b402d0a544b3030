/** What a package's API offers around images: `labels`, `preprocess`, `topK` and `detect`, where the model has them. */
import type { SourceFile } from 'ts-morph';
import { detectionImports, writeDetection } from './detectionFace.ts';
import type { CompiledModel } from './types.ts';

/** From `runtime.ts`. */
export const imageImports = (model: CompiledModel): string[] => [
  ...(model.preprocess ? ['preprocess as preprocessPixels'] : []),
  ...(classifies(model) ? ['topK as rank', 'type Ranked'] : []),
  ...detectionImports(model),
];

export function writeImageFace(file: SourceFile, model: CompiledModel): void {
  if (model.preprocess) writePreprocess(file, model);
  if (classifies(model)) writeTopK(file, model);
  writeDetection(file, model);
}

export function writeLabels(file: SourceFile, { labels }: CompiledModel): void {
  if (!labels) return;
  file.addStatements(
    `\n/** The classes, in the order of the outputs. */\nexport const labels = ${JSON.stringify(labels)} as const;`,
  );
}

function writePreprocess(file: SourceFile, model: CompiledModel): void {
  file.addStatements(`\nconst preprocessing = ${JSON.stringify(model.preprocess)} as const;`);
  file.addFunction({
    name: 'preprocess',
    isExported: true,
    parameters: [
      { name: 'pixels', type: 'Uint8Array | Uint8ClampedArray' },
      { name: 'width', type: 'number' },
      { name: 'height', type: 'number' },
      { name: 'out', type: 'Float32Array', hasQuestionToken: true },
    ],
    returnType: 'Float32Array',
    docs: ["From an image's pixels (gray, RGB or RGBA, 8 bit, interleaved) to the network's input."],
    statements: ['return preprocessPixels(pixels, width, height, preprocessing, out);'],
  });
}

/** The first output is one vector of scores for each image, as many as there are labels. */
function classifies({ outputs, labels }: CompiledModel): boolean {
  const [type] = Object.values(outputs);
  return type?.shape.length === 2 && (labels === undefined || labels.length === type.shape[1]);
}

/** A softmax at the end already makes probabilities; `topK` must not apply another one. */
function endsInSoftmax(model: CompiledModel): boolean {
  const [output] = model.graph.outputs;
  return output !== undefined && model.graph.nodes[output.value]?.op === 'softmax';
}

function writeTopK(file: SourceFile, model: CompiledModel): void {
  const options = endsInSoftmax(model) ? ', { probabilities: true }' : '';
  const labels = model.labels ? 'labels' : 'undefined';
  file.addFunction({
    name: 'topK',
    isExported: true,
    parameters: [
      { name: 'scores', type: 'ArrayLike<number>' },
      { name: 'k', type: 'number' },
    ],
    returnType: 'Ranked[]',
    docs: ['The `k` most probable classes from the scores of one image, best first.'],
    statements: [
      options || model.labels ? `return rank(scores, k, ${labels}${options});` : 'return rank(scores, k);',
    ],
  });
}
