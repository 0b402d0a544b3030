/**
 * What `cnnc init` knows about the model of an app: which files belong to it, what its input is, and which output the page
 * shows. A model that the page cannot show is a `Diagnostic`.
 */
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';
import { buildGraph } from '../../frontend/buildGraph.ts';
import type { Model } from '../../frontend/model.ts';
import { loadModel } from '../../host/loadModel.ts';
import { importerByExtension } from '../../importers/choose.ts';
import { packageRoot } from '../../host/packageRoot.ts';
import { importedFiles } from '../../plugin/dependencies.ts';
import type { Shapes } from '../arguments.ts';

export interface AppModel {
  readonly name: string;
  /** Files of the app: paths below its folder of models, and where they are copied from. */
  readonly files: ReadonlyMap<string, string>;
  /** The model file among them. */
  readonly file: string;
  /** The weight file among them, if the model does not name it itself. */
  readonly weights?: string;
  /** The file is marked for the plugin, because bundlers would take it for a script. */
  readonly isScript: boolean;
  readonly input: ImageInput;
  /** Shapes that the file leaves open. */
  readonly inputs: Shapes;
  readonly output: string;
  readonly classes: number;
  readonly hasPreprocess: boolean;
  readonly hasLabels: boolean;
  /** Nothing gives the weights, so they are random. */
  readonly isRandom: boolean;
}

export interface ImageInput {
  readonly name: string;
  readonly batch: number;
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** The input is f32[N, H, W, C]. */
  readonly channelsLast: boolean;
}

export interface ModelFlags {
  readonly weights?: string;
  readonly input?: Shapes;
}

/** LeNet-5, with the weights that it names. */
export const DEFAULT_MODEL = join(packageRoot, 'models', 'lenet5.ts');

export async function readAppModel(file: string, flags: ModelFlags): Promise<AppModel> {
  const { input: inputs = {} } = flags;
  const model = isScript(file) ? await loadModel(file) : await importedModel(file, inputs);
  const [output, classes] = scoresOf(model, file);
  return {
    ...filesOf(file, model, flags.weights),
    name: model.name,
    isScript: isScript(file),
    input: imageInput(model, file),
    inputs,
    output,
    classes,
    hasPreprocess: model.preprocess !== undefined,
    hasLabels: model.labels !== undefined,
    isRandom: isScript(file) && (flags.weights ?? model.weights) === undefined,
  };
}

const isScript = (file: string): boolean => importerByExtension(file) === undefined;

async function importedModel(file: string, inputs: Shapes): Promise<Model> {
  const { importFile } = await import('../../host/importFile.ts');
  return (await importFile(file, { inputs })).model;
}

/** The model file with what it imports and the weights that it names, in folders as they are; given weights beside it. */
function filesOf(
  file: string,
  model: Model,
  weights: string | undefined,
): Pick<AppModel, 'files' | 'file' | 'weights'> {
  const named = weights === undefined && model.weights !== undefined ? [model.weights] : [];
  const all = [...importedFiles(file), ...named];
  const top = commonFolder(all.map(dirname));
  const pathOf = (one: string): string => relative(top, one).replaceAll('\\', '/');
  // A file that does not say which model it is, such as `model.onnx`, gets the model's name.
  const own = isScript(file) ? pathOf(resolve(file)) : `${model.name}${extname(file)}`;
  const files = new Map(all.map((one, i) => [i === 0 ? own : pathOf(one), one]));
  if (weights === undefined) return { files, file: own };
  const name = basename(own, extname(own)) + extname(weights);
  const path = dirname(own) === '.' ? name : `${dirname(own)}/${name}`;
  files.set(path, resolve(weights));
  return { files, file: own, weights: path };
}

function commonFolder(folders: readonly string[]): string {
  const contains = (top: string): boolean => folders.every((one) => !relative(top, one).startsWith('..'));
  const climb = (top: string): string => (contains(top) ? top : climb(dirname(top)));
  return climb(folders[0]!);
}

function imageInput(model: Model, file: string): ImageInput {
  const inputs = Object.entries(model.inputs);
  const [name, { shape }] = inputs[0]!;
  const [batch, ...extents] = shape;
  const isPlanes = (count: number | undefined): count is 1 | 3 => count === 1 || count === 3;
  if (inputs.length === 1 && extents.length === 3) {
    const [first, second, last] = extents as [number, number, number];
    const common = { name, batch: batch! };
    if (isPlanes(first))
      return { ...common, channels: first, height: second, width: last, channelsLast: false };
    if (isPlanes(last))
      return { ...common, channels: last, height: first, width: second, channelsLast: true };
  }
  const found = inputs.map(([one, type]) => `${one} [${type.shape.join(',')}]`);
  return fail(
    'CNNC4030',
    'cnnc init',
    { file },
    `the page shows images to the model, whose inputs are ${found.join(', ')}`,
    ['expected one input of images with 1 or 3 channels, such as [1,3,224,224]'],
  );
}

/** The output that holds a score for each class, and their number. */
function scoresOf(model: Model, file: string): readonly [string, number] {
  const graph = buildGraph(model, { training: false });
  const outputs = graph.outputs.map(({ name, value }) => [name, graph.nodes[value]!.type.shape] as const);
  const scores = outputs.find(
    ([, [, classes, ...rest]]) => classes !== undefined && classes > 1 && rest.every((one) => one === 1),
  );
  if (scores) return [scores[0], scores[1][1]!];
  const found = outputs.map(([name, shape]) => `${name} [${shape.join(',')}]`);
  return fail(
    'CNNC4030',
    'cnnc init',
    { file },
    `the page shows classes, and the outputs of the model are ${found.join(', ')}`,
    ['expected an output with a score for each class, such as [1,1000]'],
  );
}
