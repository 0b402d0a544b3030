/** Every engine that can be measured: its worker, and the files that it reads. */
import type { TargetName } from '../../compiler/targets/index.ts';
import type { WorkerName } from './bundle.ts';
import { BenchError, peerFile, peerVersion, PEERS } from './peers.ts';
import type { PreparedNet } from './prepare.ts';
import type { PageRuntime, ProcessRuntime, Runtime } from './runtimes.ts';
import type { Task } from './workers/job.ts';

/** A script is bundled from a worker, or Python's. */
export type ScriptName = WorkerName | 'pytorch';

/** Ratios are cnnc's to the fastest web peer, and to the native one beside it. */
export type EngineKind = 'cnnc' | 'web' | 'native';

export interface Engine<R extends Runtime = Runtime> {
  /** Unique: the column's title. */
  readonly name: string;
  readonly kind: EngineKind;
  readonly script: ScriptName;
  readonly runtime: R;
  readonly target?: TargetName;
  files(net: PreparedNet): Readonly<Record<string, string>>;
}

/** On WebGPU everything runs by Dawn in the same Node, on the same adapter; native code is beside it as the measure. */
export type Device = 'cpu' | 'gpu';

interface Peer {
  readonly kind: EngineKind;
  readonly script: ScriptName;
  readonly packages: readonly string[];
  readonly task: Task;
  readonly devices: readonly Device[];
  files(net: PreparedNet): Readonly<Record<string, string>>;
}

const onnxFiles = ({ files, shape }: PreparedNet) => ({
  onnx: files['onnx']!,
  image: files['image']!,
  shape: shape.join('x'),
});

const tfjsFiles = ({ files }: PreparedNet) => ({
  plan: files['plan']!,
  tensors: files['tensors']!,
  imageNhwc: files['imageNhwc']!,
});

const dawnFiles = () => ({ dawn: peerFile('webgpu') });

const PEER_TABLE = {
  'ort-web': {
    ...{ kind: 'web', script: 'ortWeb', task: 'inference', devices: ['cpu'], packages: ['onnxruntime-web'] },
    files: (net) => ({ ...onnxFiles(net), ort: peerFile('onnxruntime-web/dist') }),
  },
  'tfjs-wasm': {
    ...{ kind: 'web', script: 'tfjsWasm', task: 'inference', devices: ['cpu'] },
    packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-cpu'],
    files: (net) => ({ ...tfjsFiles(net), wasm: peerFile('@tensorflow/tfjs-backend-wasm/dist') }),
  },
  litert: {
    ...{ kind: 'web', script: 'litert', task: 'inference', devices: ['cpu'] },
    packages: ['@litertjs/core'],
    files: ({ files, shape: [batch, channels, height, width] }) => ({
      ...{ tflite: files['tflite']!, imageNhwc: files['imageNhwc']! },
      shapeNhwc: [batch, height, width, channels].join('x'),
      wasm: peerFile('@litertjs/core/wasm'),
    }),
  },
  'ort-node': {
    ...{
      kind: 'native',
      script: 'ortNode',
      task: 'inference',
      devices: ['cpu', 'gpu'],
      packages: ['onnxruntime-node'],
    },
    files: (net) => ({ ...onnxFiles(net), peers: PEERS }),
  },
  'tfjs-cpu': {
    ...{ kind: 'web', script: 'tfjsCpu', task: 'training', devices: ['cpu'] },
    packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'],
    files: (net) => ({ ...tfjsFiles(net), label: net.files['label']! }),
  },
  'jax-js': {
    ...{ kind: 'web', script: 'jaxJs', task: 'training', devices: ['cpu'], packages: ['@jax-js/jax'] },
    files: (net) => ({
      ...{ jax: peerFile('@jax-js/jax/dist'), plan: net.files['plan']!, tensors: net.files['tensors']! },
      ...{ image: net.files['image']!, shape: net.shape.join('x'), label: net.files['label']! },
    }),
  },
  pytorch: {
    ...{ kind: 'native', script: 'pytorch', task: 'training', devices: ['cpu'], packages: [] },
    files: ({ name, files, shape }) => ({
      ...{ net: name, shape: shape.join('x'), weights: files['weights']! },
      ...{ image: files['image']!, label: files['label']! },
    }),
  },
  'ort-webgpu': {
    ...{ kind: 'web', script: 'ortWebgpu', task: 'inference', devices: ['gpu'] },
    packages: ['onnxruntime-web', 'webgpu'],
    files: (net) => ({ ...onnxFiles(net), ...dawnFiles(), ort: peerFile('onnxruntime-web/dist') }),
  },
  'tfjs-webgpu': {
    ...{ kind: 'web', script: 'tfjsWebgpu', task: 'inference', devices: ['gpu'] },
    packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgpu', 'webgpu'],
    files: (net) => ({ ...tfjsFiles(net), ...dawnFiles() }),
  },
} satisfies Readonly<Record<string, Peer>>;

export type PeerName = keyof typeof PEER_TABLE;

export const peerNames = (task: Task, device: Device): PeerName[] =>
  (Object.keys(PEER_TABLE) as PeerName[]).filter(
    (name) => PEER_TABLE[name].task === task && PEER_TABLE[name].devices.some((one) => one === device),
  );

export const peerPackages = (names: readonly PeerName[]): string[] => [
  ...new Set(names.flatMap((name) => PEER_TABLE[name].packages)),
];

export function checkPeers(names: readonly string[], task: Task, device: Device): PeerName[] {
  const known = peerNames(task, device);
  const unknown = names.filter((name) => !known.includes(name as PeerName));
  if (unknown.length > 0)
    throw new BenchError(`there is no peer ${unknown.join(', ')} for ${task}, known are ${known.join(', ')}`);
  return known.filter((name) => names.includes(name));
}

/** What users feel. */
export const defaultTargets = (device: Device): TargetName[] => [device === 'gpu' ? 'webgpu' : 'wasm'];

/** What the engines of a run may run in. */
export interface Runtimes {
  readonly node: ProcessRuntime;
  /** Where it is, the engines for the web are in pages. */
  readonly page?: PageRuntime;
  readonly python?: ProcessRuntime;
}

export function peerEngine(name: PeerName, { node, page, python }: Runtimes): Engine {
  const { kind, script, files }: Peer = PEER_TABLE[name];
  const javascript = kind === 'web' ? (page ?? node) : node;
  const runtime = script === 'pytorch' ? python! : javascript;
  return { name: titleOf(name, runtime), kind, script, runtime, files };
}

export function cnncEngine(target: TargetName, runtime: Runtime): Engine {
  return {
    ...{ name: titleOf(`cnnc ${target}`, runtime), kind: 'cnnc', script: 'cnnc', runtime, target },
    files: ({ files }) => ({
      package: `${files[`package-${target}`]!}/index.js`,
      image: files['image']!,
      ...(target === 'webgpu' ? dawnFiles() : {}),
      ...(files['label'] === undefined ? {} : { label: files['label'] }),
    }),
  };
}

const titleOf = (name: string, { name: runtime }: Runtime): string =>
  runtime === 'plain' ? `${name} (plain SIMD)` : name;

export const peerVersions = (names: readonly PeerName[]): Record<string, string> =>
  Object.fromEntries(peerPackages(names).map((name) => [name, peerVersion(name)]));
