/** The results as the tables of README.md and docs/performance.md have them, ready to be copied. */
import { NET_TITLES } from './nets.ts';
import type { EngineInfo, Results } from './results.ts';
import type { EngineSpeed, NetSpeed } from './speed.ts';
import { formatKilobytes, formatMs, markdownTable, type Cell } from './tables.ts';

/** The columns of the documents in their order. */
const COLUMNS: Readonly<Record<string, string>> = {
  'cnnc wasm': 'cnnc wasm',
  'cnnc wasm (plain SIMD)': 'plain SIMD',
  litert: 'LiteRT.js',
  'ort-web': 'onnxruntime-web',
  'tfjs-wasm': 'tfjs-wasm',
  'ort-node': 'onnxruntime-node',
  pytorch: 'PyTorch',
};

const OWN = 'cnnc wasm';

/** Empty where cnnc's WebAssembly was not measured, or nothing was measured beside it. */
export function documentTables(results: Results): string[] {
  const names = Object.keys(COLUMNS).filter((name) => results.engines.some((engine) => engine.name === name));
  if (!names.includes(OWN) || names.length === 1) return [];
  return [...timeTable(results, names), ...otherTable(results, names)];
}

const titlesOf = (names: readonly string[]): string[] => names.map((name) => COLUMNS[name]!);
const titleOf = (net: string): string => NET_TITLES[net] ?? net;

type Timed = Extract<EngineSpeed, { state: 'timed' }>;

const timedOf = ({ engines }: NetSpeed, name: string): Timed | undefined => {
  const found = engines.find(({ engine }) => engine === name);
  return found?.state === 'timed' ? found : undefined;
};

const medianOf = (net: NetSpeed, name: string): number | undefined => timedOf(net, name)?.times.median;

function timeTable({ speed, task, engines, nets }: Results, names: readonly string[]): string[] {
  if (speed.length === 0) return [];
  const times = (net: NetSpeed): Cell[] =>
    names.map((name) => {
      const median = medianOf(net, name);
      return median === undefined ? undefined : formatMs(median);
    });
  if (task === 'training') {
    const batchOf = (net: string): number | undefined => nets.find((facts) => facts.net === net)?.batch;
    const rows = speed.map((net) => [titleOf(net.net), `${batchOf(net.net)}`, ...times(net)]);
    return [markdownTable(['net', 'batch', ...titlesOf(names)], rows)];
  }
  const web = webPeers(engines, names);
  const rows = speed.map((net) => [titleOf(net.net), ...times(net), ...fastestCells(net, web)]);
  const fastest = web.length === 0 ? [] : ['fastest web peer', 'times faster'];
  return [markdownTable(['net', ...titlesOf(names), ...fastest], rows)];
}

const webPeers = (engines: readonly EngineInfo[], names: readonly string[]): string[] =>
  names.filter((name) => engines.some((engine) => engine.name === name && engine.kind === 'web'));

/** The name of the fastest web peer, and how many times as fast cnnc is. */
function fastestCells(net: NetSpeed, web: readonly string[]): Cell[] {
  const [fastest] = web
    .flatMap((name) => {
      const median = medianOf(net, name);
      return median === undefined ? [] : [{ name, median }];
    })
    .sort((a, b) => a.median - b.median);
  const own = medianOf(net, OWN);
  if (!fastest) return web.length === 0 ? [] : [undefined, undefined];
  return [COLUMNS[fastest.name], own === undefined ? undefined : (fastest.median / own).toFixed(2)];
}

/** Cold start, shipped code and memory: a row for each that was measured. */
function otherTable(results: Results, allNames: readonly string[]): string[] {
  const names = allNames.filter((name) => COLUMNS[name] !== 'plain SIMD');
  const rows = [...coldRows(results, names), ...codeRows(results, names), ...memoryRows(results, names)];
  return rows.length === 0 ? [] : [markdownTable(['', ...titlesOf(names)], rows)];
}

const coldRows = ({ coldStart }: Results, names: readonly string[]): Cell[][] =>
  coldStart.map(({ net, results }) => [
    `${titleOf(net)}: from the start of the process to the logits`,
    ...names.map((name) => {
      const found = results.find(({ engine }) => engine === name);
      return found && `${formatMs(found.ms.median)} ms`;
    }),
  ]);

function codeRows({ shipped }: Results, names: readonly string[]): Cell[][] {
  if (shipped.length === 0) return [];
  const cells = names.map((name) => {
    const found = shipped.find(({ what }) => what === name || what.startsWith(`${name}, `));
    return found && formatKilobytes(found.bytes.gzip);
  });
  return [['code without weights, gzip', ...cells]];
}

const memoryRows = ({ peaks, nets }: Results, names: readonly string[]): Cell[][] =>
  peaks.map(({ net, results }) => {
    const [facts] = Object.values(nets.find((known) => known.net === net)?.facts ?? {});
    const cells = names.map((name) => {
      const found = results.find(({ engine }) => engine === name);
      return found && facts && (found.bytes / (facts.weightBytes + facts.arenaBytes)).toFixed(2);
    });
    return [`${titleOf(net)}: peak memory, in times of weights + arena`, ...cells];
  });
