/** The table of docs/runtimes.md: what packages are tested on, with the versions that the lock files pin. */
import { join } from 'node:path';
import { HOSTS, lockedVersion, PROCESSES, WORKERD } from './runtimes.ts';

const PROJECT_LOCK = join(HOSTS, '..', '..', 'package-lock.json');

const WHAT: Readonly<Record<string, string>> = {
  'Node 20': '`import` and `require`, inference and training, both targets',
  'Node 22': 'the same',
  'Node 24': 'the same',
  Bun: 'the same',
  Deno: 'the same, with `--allow-read`',
  workerd: 'kernels and weights that are imported, inference and training, both targets',
};

const BUNDLERS: Readonly<Record<string, string>> = {
  vite: 'files found without a plugin, in pages and workers, below any base',
  webpack: 'files found without a plugin, in pages and workers',
  rollup: 'files copied beside the bundle, or everything inside',
  esbuild: 'the same, and one script that is opened as a file',
};

/** Rows of what a lock file does not pin. */
const BROWSER = [
  ['Chromium, page and module worker', "Debian's", 'every target, inference and training'],
  ['Chromium, strict content security policy', "Debian's", "`script-src 'self' 'wasm-unsafe-eval'`"],
  [
    'Chromium, service worker of a Manifest V3 extension',
    "Debian's",
    'both targets, and training in a bundle',
  ],
] as const;

export function runtimesTable(): string {
  const hosts = [...PROCESSES, WORKERD].map(({ name, folder }) => [
    name.replace(/ \d+$/, ''),
    lockedVersion(join(HOSTS, 'package-lock.json'), folder),
    WHAT[name]!,
  ]);
  const bundlers = Object.entries(BUNDLERS).map(([name, what]) => [
    { vite: 'Vite', webpack: 'webpack', rollup: 'Rollup', esbuild: 'esbuild' }[name]!,
    lockedVersion(PROJECT_LOCK, name),
    what,
  ]);
  const rows = [['where', 'version', 'what is tested'], ...hosts, ...BROWSER, ...bundlers];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[], fill = ' '): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!, fill)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head!), line(['', '', ''], '-'), ...body.map((row) => line(row))].join('\n');
}
