/** A run of the benches: which engines, which nets, then section by section. */
import { createBench, type Bench, type Messages } from './bench.ts';
import type { Engine } from './engines.ts';
import { checkNets, INFERENCE_NETS, TRAINING_NETS } from './nets.ts';
import { measureColdStart, measurePeak } from './once.ts';
import type { Options, SectionName } from './options.ts';
import { machineInfo, type NetFacts, type Results } from './results.ts';
import { isProcess, type ProcessRuntime } from './runtimes.ts';
import { measureShipped } from './shippedEngines.ts';
import { measureSpeed } from './speed.ts';

/** Sections about processes of Node, and about files, whose sizes do not depend on the host. */
const NODE_SECTIONS: readonly SectionName[] = ['cold', 'size', 'memory'];

export async function runBench(options: Options, messages: Messages): Promise<Results> {
  const bench = await createBench(options, messages);
  try {
    return await measure(bench);
  } finally {
    await bench.close();
  }
}

async function measure(bench: Bench): Promise<Results> {
  const { options, engines, start, versions, messages } = bench;
  const nets = netsOf(options);
  const results = {
    task: options.training ? ('training' as const) : ('inference' as const),
    host: options.host,
    machine: machineInfo(),
    engines: engines.map(({ name, kind, runtime }) => ({ name, kind, runtime: runtime.version })),
    peers: versions,
  };
  const facts: NetFacts[] = [];
  const speed: Results['speed'][number][] = [];
  for (const name of wants(options, 'speed') ? nets : []) {
    const net = await bench.prepare(name);
    facts.push({ net: name, batch: net.shape[0]!, facts: net.facts });
    const present = engines.filter((engine) => isPatient(engine, name, options));
    speed.push(await measureSpeed(net, results.task, present, start, options, messages.progress));
  }
  return { ...results, speed, ...(await measureInNode(bench, nets, facts)) };
}

type NodeResults = Pick<Results, 'nets' | 'coldStart' | 'peaks' | 'shipped'>;

/** `nets` are the facts so far. */
async function measureInNode(
  bench: Bench,
  nets: readonly string[],
  known: readonly NetFacts[],
): Promise<NodeResults> {
  const { options, scriptOf, messages } = bench;
  const facts = [...known];
  const coldStart: Results['coldStart'][number][] = [];
  const peaks: Results['peaks'][number][] = [];
  const asked = NODE_SECTIONS.filter((section) => wants(options, section));
  if (options.training || options.host !== 'node') {
    if (!options.training && asked.length > 0) messages.note(`Node only: ${asked.join(', ')}`);
    return { nets: facts, coldStart, peaks, shipped: [] };
  }
  const engines = bench.engines.filter(isInProcess);
  for (const name of asked.includes('cold') ? chosen(options.cold, ['resnet18'], nets) : []) {
    const measured = await measureColdStart(await bench.prepare(name), engines, scriptOf, messages.progress);
    coldStart.push({ net: name, ...measured });
  }
  const [sized = 'resnet18'] = chosen(undefined, ['resnet18'], nets);
  const shipped = asked.includes('size') ? await measureShipped(bench, await bench.prepare(sized)) : [];
  for (const name of asked.includes('memory') ? chosen(options.memory, ['resnet18', 'vgg16bn'], nets) : []) {
    const net = await bench.prepare(name);
    if (!facts.some((fact) => fact.net === name))
      facts.push({ net: name, batch: net.shape[0]!, facts: net.facts });
    peaks.push({ net: name, ...(await measurePeak(net, engines, scriptOf, messages.progress)) });
  }
  return { nets: facts, coldStart, peaks, shipped };
}

const isInProcess = (engine: Engine): engine is Engine<ProcessRuntime> => isProcess(engine.runtime);

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
const isPatient = ({ script }: Engine, net: string, { slowPeers }: Options): boolean =>
  net === 'lenet5' || (script !== 'jaxJs' && (script !== 'tfjsCpu' || slowPeers));
