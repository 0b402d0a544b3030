/** A run of the benches: which engines, which nets, then section by section. */
import { readFileSync } from 'node:fs';
import { selectTargets, type TargetName } from '../../compiler/targets/index.ts';
import { bundleTfjs, bundleWorkers } from './bundle.ts';
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
} from './engines.ts';
import { checkNets, INFERENCE_NETS, TRAINING_NETS } from './nets.ts';
import { measureColdStart, measurePeak } from './once.ts';
import type { Options, SectionName } from './options.ts';
import { peerFile, requirePeers } from './peers.ts';
import { prepareNet, type PreparedNet } from './prepare.ts';
import { machineInfo, type NetFacts, type Results } from './results.ts';
import { plainRuntime, relaxedRuntime, type Runtime } from './runtimes.ts';
import { shippedBytes, shippedPackage, type Shipped } from './shipped.ts';
import { measureSpeed } from './speed.ts';

export interface Voice {
  progress(text: string): void;
  note(text: string): void;
}

interface Bench {
  readonly options: Options;
  readonly voice: Voice;
  readonly targets: readonly TargetName[];
  readonly peers: readonly PeerName[];
  readonly engines: readonly Engine[];
  readonly scriptOf: (engine: Engine) => string;
  prepare(net: string): Promise<PreparedNet>;
}

export async function runBench(options: Options, voice: Voice): Promise<Results> {
  const bench = await createBench(options, voice);
  const { engines, peers, scriptOf } = bench;
  const nets = netsOf(options);
  const results = {
    task: options.training ? ('training' as const) : ('inference' as const),
    machine: machineInfo(),
    engines: engines.map(({ name, kind, runtime }) => ({
      ...{ name, kind, node: runtime.version, nodeArgs: runtime.args },
    })),
    peers: peerVersions(peers),
  };
  const facts: NetFacts[] = [];
  const speed: Results['speed'][number][] = [];
  for (const name of wants(options, 'speed') ? nets : []) {
    const net = await bench.prepare(name);
    facts.push({ net: name, batch: net.shape[0]!, facts: net.facts });
    const present = engines.filter((engine) => isPatient(engine, name, options));
    speed.push(await measureSpeed(net, results.task, present, scriptOf, options, voice.progress));
  }
  if (options.training) return { ...results, nets: facts, speed, coldStart: [], peaks: [], shipped: [] };
  const coldStart: Results['coldStart'][number][] = [];
  for (const name of wants(options, 'cold') ? chosen(options.cold, ['resnet18'], nets) : []) {
    const measured = await measureColdStart(await bench.prepare(name), engines, scriptOf, voice.progress);
    coldStart.push({ net: name, ...measured });
  }
  const shipped = wants(options, 'size') ? await measureShipped(bench, nets) : [];
  const peaks: Results['peaks'][number][] = [];
  for (const name of wants(options, 'memory') ? chosen(options.memory, ['resnet18', 'vgg16bn'], nets) : []) {
    const net = await bench.prepare(name);
    if (!facts.some((known) => known.net === name))
      facts.push({ net: name, batch: net.shape[0]!, facts: net.facts });
    peaks.push({ net: name, ...(await measurePeak(net, engines, scriptOf, voice.progress)) });
  }
  return { ...results, nets: facts, speed, coldStart, peaks, shipped };
}

const wants = ({ only }: Options, section: SectionName): boolean => only.includes(section);

function netsOf({ nets, training }: Options): readonly string[] {
  const trained = Object.keys(TRAINING_NETS);
  if (nets) checkNets(nets, training ? trained : undefined);
  return nets ?? (training ? trained : INFERENCE_NETS);
}

/** What was asked for, or the usual ones among those that are measured anyway, or the first of these. */
function chosen(
  asked: readonly string[] | undefined,
  usual: readonly string[],
  nets: readonly string[],
): readonly string[] {
  if (asked) checkNets(asked);
  const among = usual.filter((name) => nets.includes(name));
  return asked ?? (among.length > 0 ? among : nets.slice(0, 1));
}

/** tfjs-cpu takes minutes for a step of anything larger than LeNet-5; jax-js gets only nets that are a chain. */
const isPatient = ({ worker }: Engine, net: string, { slowPeers }: Options): boolean =>
  net === 'lenet5' || (worker !== 'jaxJs' && (worker !== 'tfjsCpu' || slowPeers));

async function createBench(options: Options, voice: Voice): Promise<Bench> {
  const task = options.training ? 'training' : 'inference';
  const targets = targetsOf(options);
  const device = options.gpu ? 'gpu' : 'cpu';
  const peers = options.peers ? checkPeers(options.peers, task, device) : peerNames(task, device);
  requirePeers(['esbuild', ...peerPackages(peers)]);
  const engines = enginesOf(options, targets, peers, voice);
  const scripts = await bundleWorkers(engines.map(({ worker }) => worker));
  const has = (name: PeerName): boolean => peers.includes(name);
  return {
    ...{ options, voice, targets, peers, engines, scriptOf: ({ worker }) => scripts[worker] },
    prepare(net) {
      voice.progress(`preparing ${net}`);
      return prepareNet(net, {
        ...{ task, batch: options.training ? TRAINING_NETS[net]! : 1, targets },
        onnx: has('ort-web') || has('ort-node') || has('ort-webgpu'),
        tfjs:
          has('tfjs-wasm') ||
          has('tfjs-webgpu') ||
          (has('jax-js') && net === 'lenet5') ||
          (has('tfjs-cpu') && (options.slowPeers || net === 'lenet5')),
      });
    },
  };
}

/** An empty list, `--targets none`, looks at the peers only. */
function targetsOf({ targets, gpu }: Options): readonly TargetName[] {
  if (!targets) return defaultTargets(gpu ? 'gpu' : 'cpu');
  return targets.length === 0 ? [] : selectTargets(targets, 'bench').map(({ name }) => name as TargetName);
}

function enginesOf(
  { node, plainNode, plain, plainPeers, gpu }: Options,
  targets: readonly TargetName[],
  peers: readonly PeerName[],
  voice: Voice,
): Engine[] {
  const relaxed = relaxedRuntime(node);
  // A GPU knows no SIMD of the processor.
  const older = plain && !gpu ? plainRuntime(plainNode) : undefined;
  if (plain && !gpu && !older)
    voice.note('this Node has relaxed SIMD on; --plain-node names an older one for plain SIMD');
  const peersIn = (runtime: Runtime): Engine[] => peers.map((name) => peerEngine(name, runtime));
  const isWeb = ({ kind }: Engine): boolean => kind === 'web';
  // Plain JavaScript has no SIMD of either kind.
  const simd = targets.filter((name: string) => name !== 'typescript');
  return [
    ...targets.map((target) => cnncEngine(target, relaxed)),
    ...(older ? simd.map((target) => cnncEngine(target, older)) : []),
    ...peersIn(relaxed),
    ...(older && plainPeers ? peersIn(older).filter(isWeb) : []),
  ];
}

async function measureShipped(
  { targets, peers, prepare }: Bench,
  nets: readonly string[],
): Promise<{ readonly what: string; readonly bytes: Shipped }[]> {
  const rows: { what: string; bytes: Shipped }[] = [];
  const [name = 'resnet18'] = chosen(undefined, ['resnet18'], nets);
  const { files } = await prepare(name);
  for (const target of targets)
    rows.push({ what: `cnnc ${target}, ${name}`, bytes: shippedPackage(files[`package-${target}`]!) });
  const read = (path: string): Uint8Array => readFileSync(peerFile(path));
  if (peers.includes('ort-web')) {
    const dist = ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];
    rows.push({
      what: 'ort-web',
      bytes: shippedBytes(dist.map((file) => read(`onnxruntime-web/dist/${file}`))),
    });
  }
  if (peers.includes('tfjs-wasm')) {
    const wasm = read('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
    rows.push({ what: 'tfjs-wasm', bytes: shippedBytes([await bundleTfjs(), wasm]) });
  }
  return rows;
}
