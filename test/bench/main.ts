/** `npm run bench`: cnnc and its peers. README.md describes what is measured and how. */
import { writeFileSync } from 'node:fs';
import { silentProgress, createProgress } from '../../compiler/cli/progress.ts';
import { processTerminal } from '../../compiler/cli/terminal.ts';
import { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { removeOld } from './cache.ts';
import { parseOptions, type Options } from './options.ts';
import { BenchError } from './peers.ts';
import { report } from './report.ts';
import type { Results } from './results.ts';
import { runBench } from './run.ts';

async function main(options: Options): Promise<number> {
  const terminal = processTerminal();
  const progress = process.env['CI'] ? silentProgress : createProgress(terminal);
  try {
    removeOld();
    const results = await runBench(options, {
      progress: (text) => progress.step(text),
      note: (text) => terminal.err(`${text}\n`),
    });
    progress.end();
    const text = report(results);
    terminal.out(text);
    if (options.markdown !== undefined) writeFileSync(options.markdown, text);
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
    return hasOwnProblems(results) ? 1 : 0;
  } catch (error) {
    progress.end();
    if (!(error instanceof BenchError || error instanceof Diagnostic)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

/** What a peer cannot do is reported. What cnnc cannot do is a failure. */
function hasOwnProblems({ engines, speed, coldStart, peaks }: Results): boolean {
  const own = new Set(engines.filter(({ kind }) => kind === 'cnnc').map(({ name }) => name));
  const untimed = speed.flatMap((net) => net.engines.filter(({ state }) => state !== 'timed'));
  const failures = [...coldStart, ...peaks].flatMap((section) => section.failures);
  return [...untimed, ...failures].some(({ engine }) => own.has(engine));
}

process.exitCode = await main(parseOptions(process.argv.slice(2)));
