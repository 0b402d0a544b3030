/** The results as markdown: a table a section, and below it in words what could not be measured. */
import { documentTables } from './documentTables.ts';
import type { HostName } from './options.ts';
import type { EngineInfo, Results, Section } from './results.ts';
import type { EngineSpeed, NetSpeed } from './speed.ts';
import {
  formatKilobytes,
  formatMebibytes,
  formatMs,
  formatRatio,
  markdownTable,
  type Cell,
} from './tables.ts';

const HOST_TITLES: Readonly<Record<HostName, string>> = { node: 'Node', chromium: 'Chromium' };

export function report(results: Results): string {
  const { machine, task, host } = results;
  const unit = task === 'training' ? 'a training step' : 'inference, batch 1';
  const title = `# cnnc bench: ${unit}, one thread, in ${HOST_TITLES[host]}`;
  const memory = `${formatMebibytes(machine.memoryBytes)} MiB`;
  return [
    title,
    `${machine.cpu}, ${machine.cores} cores, ${memory}, ${machine.platform}; load ${machine.load.toFixed(1)} at the start.\n${enginesText(results)}`,
    ...speedSection(results),
    ...coldSection(results),
    ...shippedSection(results),
    ...peakSection(results),
    ...hostSection(results),
    ...documentSection(results),
    '',
  ].join('\n\n');
}

const enginesText = ({ engines, peers }: Results): string => {
  const runtimes = [...new Set(engines.map(({ runtime }) => runtime))];
  const names = (runtime: string): string =>
    engines
      .filter((engine) => engine.runtime === runtime)
      .map(({ name }) => name)
      .join(', ');
  const versions = Object.entries(peers).map(([name, version]) => `${name} ${version}`);
  return [
    ...runtimes.map((runtime) => `${runtime}: ${names(runtime)}.`),
    ...versions.map((text) => `${text}.`),
  ].join('\n');
};

type Timed = Extract<EngineSpeed, { state: 'timed' }>;

const isTimed = (speed: EngineSpeed | undefined): speed is Timed => speed?.state === 'timed';

function speedSection({ speed, engines }: Results): string[] {
  if (speed.length === 0) return [];
  const ratios = ratioColumns(engines);
  const header = [
    'ms, median (min)',
    ...engines.map(({ name }) => name),
    ...ratios.map(({ title }) => title),
  ];
  const rows = speed.map((net) => [
    net.net,
    ...engines.map(({ name }) => timeCell(net.engines.find(({ engine }) => engine === name))),
    ...ratios.map(({ ratio }) => ratio(net)),
  ]);
  const legend = ratios.length === 0 ? [] : [LEGEND];
  return ['## Time', markdownTable(header, rows), ...legend, ...listed(speed.flatMap(problemsOf))];
}

const LEGEND = 'vs web: times faster than the fastest web peer; vs native: than the native one.';

function timeCell(speed: EngineSpeed | undefined): Cell {
  if (!speed) return undefined;
  return isTimed(speed) ? `${formatMs(speed.times.median)} (${formatMs(speed.times.min)})` : speed.state;
}

function problemsOf({ net, engines, reference }: NetSpeed): string[] {
  return engines.flatMap((speed) => {
    switch (speed.state) {
      case 'timed':
        return [];
      case 'failed':
        return [`${net}: ${speed.engine} failed: ${speed.reason}`];
      case 'differs':
        return [
          `${net}: ${speed.engine} is not timed, its outputs are ${speed.difference.toExponential(1)} from those of ${reference}`,
        ];
    }
  });
}

interface RatioColumn {
  readonly title: string;
  ratio(net: NetSpeed): Cell;
}

/** How many times faster each of cnnc's engines is than the fastest web peer, and than the native one. */
const ratioColumns = (engines: readonly EngineInfo[]): RatioColumn[] =>
  engines
    .filter(({ kind }) => kind === 'cnnc')
    .flatMap(({ name }) =>
      (['web', 'native'] as const).flatMap((kind) => {
        const peers = engines.filter((engine) => engine.kind === kind).map((engine) => engine.name);
        const title = `${name.replace(/^cnnc /, '')} vs ${kind}`;
        return peers.length === 0 ? [] : [{ title, ratio: (net) => ratioCell(net, name, peers) }];
      }),
    );

function ratioCell({ engines }: NetSpeed, name: string, peers: readonly string[]): Cell {
  const own = engines.find(({ engine }) => engine === name);
  const others = engines.filter(isTimed).filter(({ engine }) => peers.includes(engine));
  if (!isTimed(own) || others.length === 0) return undefined;
  return formatRatio(Math.min(...others.map(({ times }) => times.median)) / own.times.median);
}

function coldSection({ coldStart }: Results): string[] {
  if (coldStart.length === 0) return [];
  const rows = coldStart.flatMap(({ net, results }) =>
    results.map(({ engine, ms }) => [net, engine, formatMs(ms.median), formatMs(ms.min)]),
  );
  return [
    '## Cold start',
    markdownTable(['process start to first logits, ms', 'engine', 'median of 5', 'min'], rows),
    ...listed(coldStart.flatMap(failuresOf)),
  ];
}

function shippedSection({ shipped }: Results): string[] {
  if (shipped.length === 0) return [];
  const rows = shipped.map(({ what, bytes }) => [
    what,
    `${bytes.files}`,
    formatKilobytes(bytes.raw),
    formatKilobytes(bytes.gzip),
  ]);
  return ['## Shipped, without weights', markdownTable(['code', 'files', 'raw', 'gzip -9'], rows)];
}

function peakSection({ peaks, nets }: Results): string[] {
  if (peaks.length === 0) return [];
  const rows = peaks.flatMap(({ net, results }) => {
    const [facts] = Object.values(nets.find((known) => known.net === net)?.facts ?? {});
    const needed = facts && facts.weightBytes + facts.arenaBytes;
    return results.map(({ engine, bytes }) => [
      net,
      engine,
      formatMebibytes(bytes),
      needed && formatMebibytes(needed),
      needed && formatRatio(bytes / needed),
    ]);
  });
  const header = ['peak resident MiB above bare Node', 'engine', 'peak', 'weights + arena', 'ratio'];
  return ['## Memory', markdownTable(header, rows as Cell[][]), ...listed(peaks.flatMap(failuresOf))];
}

const hostSection = ({ host }: Results): string[] =>
  host === 'node' ? [] : ['Cold start, shipped bytes and memory are measured in Node only.'];

function documentSection(results: Results): string[] {
  const tables = documentTables(results);
  return tables.length === 0 ? [] : ['## For README.md and docs/performance.md', ...tables];
}

const failuresOf = <T>({ net, failures }: Section<T>): string[] =>
  failures.map(({ engine, reason }) => `${net}: ${engine} failed: ${reason}`);

const listed = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join('\n')];
