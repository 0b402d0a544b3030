/**
 * Prepares a net for each engine, with the same weights from one seed: cnnc's package for each target, ONNX by cnnc's
 * own export (batch norms folded, so that no engine starts with that work), the plan for tfjs, LiteRT.js' model of that
 * plan, PyTorch's weights, and one image for all.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGraph, compile, exportOnnx, type Graph, type Model } from '../../compiler/index.ts';
import { initializeParameters } from '../../compiler/frontend/initialize.ts';
import { writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import { isParameter } from '../../compiler/ir/leaves.ts';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import type { TargetName } from '../../compiler/targets/index.ts';
import { modelFile, zooModel } from '../support/models.ts';
import { cached, hashSources } from './cache.ts';
import { permute } from './permute.ts';
import { planTfjs } from './planTfjs.ts';
import { planTflite } from './tflite/plan.ts';
import { writeTflite } from './tflite/write.ts';
import type { Task } from './workers/job.ts';
import type { TfjsPlan } from './workers/tfjsPlan.ts';

/** What is beside the package's code; bytes. */
export interface PackageFacts {
  readonly weightBytes: number;
  readonly arenaBytes: number;
  readonly multiplyAdds: number;
}

export interface PreparedNet {
  readonly name: string;
  /** The image's shape, NCHW. */
  readonly shape: readonly number[];
  /** Paths: `package-<target>`, `onnx`, `plan`, `tensors`, `tflite`, `weights`, `image`, `imageNhwc`, `label`. */
  readonly files: Readonly<Record<string, string>>;
  /** Facts of the packages by target. */
  readonly facts: Readonly<Record<string, PackageFacts>>;
}

export interface Wanted {
  readonly task: Task;
  readonly batch: number;
  readonly targets: readonly TargetName[];
  readonly onnx: boolean;
  readonly tfjs: boolean;
  readonly tflite: boolean;
  /** The parameters as a file of PyTorch. */
  readonly weights: boolean;
}

const SEED = 1;
const WEIGHTS = 'weights.safetensors';
const folderOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Everything that a prepared file depends on. */
function hashOfSources(): string {
  const own = ['prepare.ts', 'planTfjs.ts', 'permute.ts', 'parameterNumbers.ts'].map((name) =>
    readFileSync(folderOf(`test/bench/${name}`), 'utf8'),
  );
  return hashSources(['compiler', 'runtime', 'models', 'test/bench/tflite'].map(folderOf), ...own);
}

export async function prepareNet(name: string, wanted: Wanted): Promise<PreparedNet> {
  const { task, batch } = wanted;
  const model = await zooModel(name);
  const shape = [batch, ...model.inputs['image']!.shape.slice(1)];
  const prefix = `${hashOfSources()}-${name}-${task}-${batch}`;
  const folder = (what: string, make: (draft: string) => Promise<void>) => cached(`${prefix}-${what}`, make);
  const files = inputFiles(await folder('inputs', (draft) => writeInputs(draft, model, shape)), task);
  const facts: Record<string, PackageFacts> = {};
  for (const target of wanted.targets) {
    const made = await folder(target, (draft) => writePackage(draft, model, name, target, wanted));
    files[`package-${target}`] = join(made, 'package');
    facts[target] = JSON.parse(readFileSync(join(made, 'facts.json'), 'utf8')) as PackageFacts;
  }
  if (wanted.onnx)
    files['onnx'] = join(await folder('onnx', (draft) => writeOnnx(draft, model, batch)), 'net.onnx');
  if (wanted.tfjs || wanted.tflite) {
    const made = await folder('tfjs', (draft) => writePlan(draft, model, wanted));
    Object.assign(files, { plan: join(made, 'plan.json'), tensors: join(made, 'tensors.bin') });
  }
  if (wanted.tflite)
    files['tflite'] = join(await folder('tflite', (draft) => writeModel(draft, files)), 'net.tflite');
  if (wanted.weights)
    files['weights'] = join(await folder('weights', (draft) => writeWeights(draft, model, batch)), WEIGHTS);
  return { name, shape, files, facts };
}

function inputFiles(folder: string, task: Task): Record<string, string> {
  const files = { image: join(folder, 'image.bin'), imageNhwc: join(folder, 'image-nhwc.bin') };
  return task === 'training' ? { ...files, label: join(folder, 'label.bin') } : files;
}

async function writeInputs(folder: string, model: Model, shape: readonly number[]): Promise<void> {
  const image = randomImage(shape);
  writeFileSync(join(folder, 'image.bin'), bytesOf(image));
  writeFileSync(join(folder, 'image-nhwc.bin'), bytesOf(permute(image, shape, [0, 2, 3, 1])));
  const classes = model.labels?.length ?? 10;
  const label = Int32Array.from({ length: shape[0]! }, (_, i) => (i * 7) % classes);
  writeFileSync(join(folder, 'label.bin'), bytesOf(label));
}

/** Uniform in [-1, 1), the same on every machine. */
function randomImage(shape: readonly number[]): Float32Array {
  let state = 12345;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

async function writePackage(
  folder: string,
  model: Model,
  name: string,
  target: TargetName,
  { task, batch }: Wanted,
): Promise<void> {
  const { weightBytes, arenaBytes, multiplyAdds, training } = await compile(model, {
    ...{ out: join(folder, 'package'), source: modelFile(name), targets: [target], batch, seed: SEED },
    training: task === 'training' ? {} : undefined,
  });
  const facts: PackageFacts = { weightBytes, arenaBytes, multiplyAdds, ...(training && stepFacts(training)) };
  writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts));
}

const stepFacts = ({ arenaBytes, multiplyAdds }: { arenaBytes: number; multiplyAdds: number }) => ({
  arenaBytes,
  multiplyAdds,
});

async function writeOnnx(folder: string, model: Model, batch: number): Promise<void> {
  writeFileSync(join(folder, 'net.onnx'), await exportOnnx(model, { batch, seed: SEED, folded: true }));
}

async function writePlan(folder: string, model: Model, { task, batch }: Wanted): Promise<void> {
  const isTraining = task === 'training';
  const built = buildGraph(model, { training: isTraining, batch });
  const graph: Graph = isTraining ? built : runPasses(built, passesFor('export'));
  const { plan, numbers } = planTfjs(graph, initializeParameters(built, SEED), 'logits', !isTraining);
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  writeFileSync(join(folder, 'tensors.bin'), bytesOf(numbers));
}

/** The plan's model for TFLite. */
async function writeModel(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const plan = JSON.parse(readFileSync(files['plan']!, 'utf8')) as TfjsPlan;
  const { buffer, byteOffset, byteLength } = readFileSync(files['tensors']!);
  const numbers = new Float32Array(buffer, byteOffset, byteLength / 4);
  writeFileSync(join(folder, 'net.tflite'), writeTflite(planTflite(plan, numbers)));
}

async function writeWeights(folder: string, model: Model, batch: number): Promise<void> {
  const graph = buildGraph(model, { training: true, batch });
  const numbers = initializeParameters(graph, SEED);
  const tensors = graph.nodes.filter(isParameter).map(({ attrs: { name, type } }) => ({
    ...{ name, shape: type.shape, data: numbers.get(name)! },
  }));
  writeFileSync(join(folder, WEIGHTS), writeSafetensors(tensors));
}
