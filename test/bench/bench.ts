/** What a run of the benches has ready before it measures: engines, their scripts and versions, and nets on demand. */
import { selectTargets, type TargetName } from '../../compiler/targets/index.ts';
import { openChromium, type Chromium } from './chromium.ts';
import {
  checkPeers,
  cnncEngine,
  defaultTargets,
  peerEngine,
  peerNames,
  peerPackages,
  peerVersions,
  type Engine,
  type PeerName,
  type Runtimes,
} from './engines.ts';
import { TRAINING_NETS } from './nets.ts';
import type { Options } from './options.ts';
import { BenchError, requirePeers } from './peers.ts';
import { prepareNet, type PreparedNet } from './prepare.ts';
import { findPyTorch, type PyTorch } from './python.ts';
import { plainRuntime, relaxedRuntime } from './runtimes.ts';
import { createStarter, type Starter } from './start.ts';

export interface Messages {
  progress(text: string): void;
  note(text: string): void;
}

export interface Bench extends Starter {
  readonly options: Options;
  readonly messages: Messages;
  readonly targets: readonly TargetName[];
  readonly peers: readonly PeerName[];
  readonly engines: readonly Engine[];
  /** The peers' packages. */
  readonly versions: Readonly<Record<string, string>>;
  prepare(net: string): Promise<PreparedNet>;
  close(): Promise<void>;
}

export async function createBench(options: Options, messages: Messages): Promise<Bench> {
  checkHost(options);
  const pytorch = options.training ? findPyTorch() : undefined;
  const peers = peersOf(options, pytorch, messages);
  requirePeers(['esbuild', ...peerPackages(peers)]);
  const targets = targetsOf(options);
  const chromium = options.host === 'chromium' ? await openChromium() : undefined;
  try {
    const engines = enginesOf(options, targets, peers, messages, { chromium, pytorch });
    return {
      ...{ options, messages, targets, peers, engines, ...(await createStarter(engines, chromium)) },
      versions: { ...peerVersions(peers), ...(peers.includes('pytorch') && { torch: pytorch!.version }) },
      prepare: (net) => prepare(net, options, targets, peers, messages),
      close: async () => chromium?.close(),
    };
  } catch (error) {
    await chromium?.close();
    throw error;
  }
}

function checkHost({ host, training, gpu }: Options): void {
  if (host === 'chromium' && (training || gpu))
    throw new BenchError('--host chromium is for inference on the processor: not with --training or --gpu');
}

function peersOf(
  { peers, training, gpu }: Options,
  pytorch: PyTorch | undefined,
  messages: Messages,
): PeerName[] {
  const task = training ? 'training' : 'inference';
  const device = gpu ? 'gpu' : 'cpu';
  const missing = training && pytorch === undefined;
  if (!peers) {
    if (missing)
      messages.note('PyTorch is not measured, because no python3 has it: apt-get install python3-torch');
    return peerNames(task, device).filter((name) => name !== 'pytorch' || !missing);
  }
  if (missing && peers.includes('pytorch'))
    throw new BenchError('no python3 has PyTorch: apt-get install python3-torch');
  return checkPeers(peers, task, device);
}

/** An empty list, `--targets none`, looks at the peers only. */
function targetsOf({ targets, gpu }: Options): readonly TargetName[] {
  if (!targets) return defaultTargets(gpu ? 'gpu' : 'cpu');
  return targets.length === 0 ? [] : selectTargets(targets, 'bench').map(({ name }) => name as TargetName);
}

interface Found {
  readonly chromium?: Chromium;
  readonly pytorch?: PyTorch;
}

function enginesOf(
  { node, plainNode, plain, plainPeers, gpu }: Options,
  targets: readonly TargetName[],
  peers: readonly PeerName[],
  messages: Messages,
  { chromium, pytorch }: Found,
): Engine[] {
  const runtimes = { node: relaxedRuntime(node), page: chromium?.runtime, python: pytorch?.runtime };
  // A GPU knows no SIMD of the processor, and no browser has a flag that takes relaxed SIMD away.
  const hasPlain = plain && !gpu && !chromium;
  const older = hasPlain ? plainRuntime(plainNode) : undefined;
  if (hasPlain && !older)
    messages.note('this Node has relaxed SIMD on; --plain-node names an older one for plain SIMD');
  const peersIn = (given: Runtimes): Engine[] => peers.map((name) => peerEngine(name, given));
  const isWeb = ({ kind }: Engine): boolean => kind === 'web';
  // Plain JavaScript has no SIMD of either kind.
  const simd = targets.filter((name: string) => name !== 'typescript');
  return [
    ...targets.map((target) => cnncEngine(target, runtimes.page ?? runtimes.node)),
    ...(older ? simd.map((target) => cnncEngine(target, older)) : []),
    ...peersIn(runtimes),
    ...(older && plainPeers ? peersIn({ ...runtimes, node: older }).filter(isWeb) : []),
  ];
}

function prepare(
  net: string,
  { training, slowPeers }: Options,
  targets: readonly TargetName[],
  peers: readonly PeerName[],
  messages: Messages,
): Promise<PreparedNet> {
  messages.progress(`preparing ${net}`);
  const has = (...names: readonly PeerName[]): boolean => names.some((name) => peers.includes(name));
  const isSmall = net === 'lenet5';
  return prepareNet(net, {
    ...{ task: training ? 'training' : 'inference', batch: training ? TRAINING_NETS[net]! : 1, targets },
    onnx: has('ort-web', 'ort-node', 'ort-webgpu'),
    tfjs:
      has('tfjs-wasm', 'tfjs-webgpu') ||
      (has('jax-js') && isSmall) ||
      (has('tfjs-cpu') && (slowPeers || isSmall)),
    tflite: has('litert'),
    weights: has('pytorch'),
  });
}
