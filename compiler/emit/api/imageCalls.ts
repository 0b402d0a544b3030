/**
 * `classify` and `detect` of a package's model: `preprocess`, `forward` and `topK` or `detect` in one call. A model has
 * them if one image is all that it takes.
 */
import { block, functionSource } from '../declarations.ts';
import { sizeOf, type TensorType } from '../../ir/types.ts';
import type { CompiledModel } from '../model.ts';

/**
 * Whether the first output is one vector of scores for each image, as many as there are labels. The vector may be a
 * plane of one pixel, f32[N, C, 1, 1], as in many ONNX files.
 */
export function hasScores({ outputs, labels }: CompiledModel): boolean {
  const [, classes, ...rest] = Object.values(outputs)[0]?.shape ?? [];
  if (classes === undefined || rest.some((extent) => extent !== 1)) return false;
  return labels === undefined ? rest.length === 0 : labels.length === classes;
}

/** A call of the model that takes an image. */
interface ImageCall {
  readonly name: string;
  readonly doc: string;
  /** The parameters after the image. */
  readonly parameter: { readonly name: string; readonly type: string; readonly otherwise?: string };
  readonly result: string;
  /** An expression for the result; `one` gives an expression for an output of one image. */
  readonly body: (one: (output: string) => string) => string;
}

function imageCalls(model: CompiledModel): ImageCall[] {
  const takesImage = model.preprocess !== undefined && Object.keys(model.inputs).length === 1;
  if (!takesImage) return [];
  return [
    ...(hasScores(model) ? [classifyCall(model)] : []),
    ...(model.detection ? [detectCall(model.detection)] : []),
  ];
}

const classifyCall = ({ outputs }: CompiledModel): ImageCall => ({
  name: 'classify',
  doc: 'The `k` most probable classes of an image, best first; 5 by default: `preprocess`, `forward` and `topK` in one call.',
  parameter: { name: 'k', type: 'number', otherwise: '5' },
  result: 'Ranked[]',
  body: (one) => `topK(${one(Object.keys(outputs)[0]!)}, k)`,
});

const detectCall = ({ scores, boxes }: NonNullable<CompiledModel['detection']>): ImageCall => ({
  name: 'detect',
  doc: 'The boxes in an image, best first: `preprocess`, `forward` and the function `detect` in one call.',
  parameter: { name: 'thresholds', type: 'Thresholds' },
  result: 'Detection[]',
  body: (one) => `detect({ ${scores}: ${one(scores)}, ${boxes}: ${one(boxes)} }, thresholds)`,
});

export const hasImageCalls = (model: CompiledModel): boolean => imageCalls(model).length > 0;

/** The members of the interface `Model`, each with its line break. */
export const imageMembers = (model: CompiledModel, calls: 'immediate' | 'promised'): string =>
  imageCalls(model)
    .map(({ name, doc, parameter, result }) => {
      const type = calls === 'promised' ? `Promise<${result}>` : result;
      return `  /** ${doc}${batchDoc(model)} */\n  ${name}(image: ImageSource, ${parameter.name}?: ${parameter.type}): ${type};\n`;
    })
    .join('');

const batchOf = (model: CompiledModel): number => imageInput(model)[1].shape[0]!;

const imageInput = ({ inputs }: CompiledModel): [string, TensorType] => Object.entries(inputs)[0]!;

const batchDoc = (model: CompiledModel): string =>
  batchOf(model) === 1 ? '' : ` Runs the whole batch: the other ${batchOf(model) - 1} images are zeros.`;

/** Adds the calls to an expression for a model without them. */
export const withImageCalls = (model: CompiledModel, expression: string): string =>
  hasImageCalls(model) ? `addImageCalls(${expression})` : expression;

/** The function `addImageCalls` of `index.ts`. */
export function imageCallsSource(model: CompiledModel, calls: 'immediate' | 'promised'): string {
  const some = imageCalls(model);
  if (some.length === 0) return '';
  const names = some.map(({ name }) => `'${name}'`).join(' | ');
  const isPromised = calls === 'promised';
  const methods = some.map((one) => methodText(model, one, isPromised));
  return functionSource(
    `function addImageCalls(model: Omit<Model, ${names}>): Model`,
    ['Adds the calls that take an image.'],
    [`return ${block(['...model,', ...methods])};`],
  );
}

function methodText(model: CompiledModel, call: ImageCall, isPromised: boolean): string {
  const { name, parameter, body } = call;
  const batch = batchOf(model);
  const one = (output: string): string => {
    const size = sizeOf(model.outputs[output]!.shape) / batch;
    return batch === 1 ? `outputs.${output}` : `outputs.${output}.subarray(0, ${size})`;
  };
  const run = isPromised
    ? ['const outputs = (await forwardImage(model, program, image)) as Outputs;']
    : immediateRun(model);
  const otherwise = parameter.otherwise ? ` = ${parameter.otherwise}` : '';
  const head = `${isPromised ? 'async ' : ''}${name}(image, ${parameter.name}${otherwise})`;
  return `${head} ${block([...run, `return ${body(one)};`])},`;
}

/** Lines that run the network on one image and declare `outputs`. */
function immediateRun(model: CompiledModel): string[] {
  const [name, { shape }] = imageInput(model);
  const batch = batchOf(model);
  if (batch === 1) return [`const outputs = model.forward({ ${name}: preprocess(image) });`];
  return [
    '// The other images of the batch stay zeros.',
    `const input = new Float32Array(${sizeOf(shape)});`,
    `preprocess(image, input.subarray(0, ${sizeOf(shape) / batch}));`,
    `const outputs = model.forward({ ${name}: input });`,
  ];
}
