/**
 * npm run bench:start -- [model] [Mbit/s] [rounds] [target]
 *
 * The cold start of a package with each form of weight file, from a local disk and over a slow line: the time from the
 * start of the program until the first result. Each start is a new process. A round has each form once, one after the
 * other; medians of the rounds. The line is simulated in the process: a download of the weight file and of the kernels
 * passes on so many bits a second.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '../../../compiler/index.ts';
import { loadModel } from '../../../compiler/host/loadModel.ts';
import { zooFile } from '../../../compiler/host/zoo.ts';
import { formatBytes } from '../../../compiler/program/bytes.ts';
import type { TargetName } from '../../../compiler/targets/index.ts';
import { median } from '../statistics.ts';

const FORMS = {
  moving: {},
  fixed: { fixedWeights: true },
  packed: { packedWeights: true },
} as const;
type Form = keyof typeof FORMS;
const forms = Object.keys(FORMS) as Form[];

const PROGRAM = fileURLToPath(new URL('program.mjs', import.meta.url));

const [name = 'resnet18', line = '50', rounds = '9', target = 'wasm'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'cnnc-start-'));
try {
  const model = await loadModel(zooFile(name) ?? name);
  for (const form of forms)
    await compile(model, {
      ...{ out: join(folder, form), targets: [target as TargetName], seed: 1, source: name },
      ...FORMS[form],
    });
  const places = { disk: 0, [`${line} Mbit/s`]: Number(line) };
  console.log(`${name} for ${target}, medians of ${rounds} rounds in ms`);
  for (const [place, rate] of Object.entries(places)) {
    const times = measure(rate, Number(rounds));
    for (const form of forms) {
      const bytes = statSync(join(folder, form, 'weights.safetensors')).size;
      console.log(
        `${place.padEnd(12)} ${form.padEnd(8)} ${formatBytes(bytes).padStart(8)} ${median(times[form]).toFixed(0).padStart(7)}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** The times of each form. The first round is not counted: it fills the caches of the file system. */
function measure(rate: number, count: number): Record<Form, number[]> {
  const times: Record<Form, number[]> = { moving: [], fixed: [], packed: [] };
  for (let round = -1; round < count; round++)
    for (const form of round % 2 === 0 ? forms : forms.toReversed()) {
      const milliseconds = start(join(folder, form), rate);
      if (round >= 0) times[form].push(milliseconds);
    }
  return times;
}

function start(packageFolder: string, rate: number): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, packageFolder, String(rate)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}
