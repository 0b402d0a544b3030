/**
 * `cnnc run <module> <image>...`: runs a generated package on images. Prints classes with probabilities if the first
 * output is a vector for each image, and the numbers of all outputs otherwise.
 */
import type { Command } from 'commander';
import { plural } from '../diagnostics/diagnostic.ts';
import { decodeImage } from '../host/decodeImage.ts';
import { parseWhole } from './arguments.ts';
import { loadPackage, type ImagePackage, type Ranked } from './package.ts';
import { createProgress, silentProgress, type Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { createCommand } from './usage.ts';

interface RunFlags {
  readonly top: number;
  readonly json?: boolean;
}

export function runCommand(terminal: Terminal): Command {
  const command = createCommand('run', terminal, [
    'cnnc run generated/resnet18 cat.jpg dog.png',
    'cnnc run generated/resnet18 cat.jpg --json',
  ]);
  return command
    .description('run a package on images and print the classes')
    .argument('<module>', 'the folder of a package that `cnnc compile` wrote')
    .argument('<image...>', 'PNG, JPEG, WebP or another image file that sharp reads')
    .option('--top <k>', 'number of classes to print', parseWhole('--top', 1), 5)
    .option('--json', 'print the result as JSON')
    .action((folder: string, images: readonly string[], flags: RunFlags) =>
      run(folder, images, flags, terminal),
    );
}

/** The result for one image. */
interface Verdict {
  readonly image: string;
  readonly classes?: readonly Ranked[];
  /** The numbers of every output for this image, if the package is not a classifier. */
  readonly outputs?: Readonly<Record<string, readonly number[]>>;
}

async function run(
  folder: string,
  images: readonly string[],
  flags: RunFlags,
  terminal: Terminal,
): Promise<void> {
  const progress = flags.json ? silentProgress : createProgress(terminal);
  const loaded = await loadPackage(folder);
  try {
    const verdicts: Verdict[] = [];
    for (let i = 0; i < images.length; i += loaded.batch) {
      const group = images.slice(i, i + loaded.batch);
      verdicts.push(...(await judge(loaded, group, flags.top, progress)));
    }
    progress.end();
    if (flags.json)
      terminal.out(`${JSON.stringify({ model: loaded.name, images: verdicts }, undefined, 2)}\n`);
    else for (const verdict of verdicts) terminal.out(formatVerdict(verdict));
  } finally {
    progress.end();
    loaded.close();
  }
}

/** Runs one batch. If there are fewer images than it needs, the rest of the input stays zero. */
async function judge(
  loaded: ImagePackage,
  images: readonly string[],
  top: number,
  progress: Progress,
): Promise<Verdict[]> {
  const batch = loaded.takesAny ? images.length : loaded.batch;
  const input = new Float32Array(batch * loaded.imageLength);
  for (const [i, image] of images.entries()) {
    progress.step(`reading ${image}`);
    const { pixels, width, height } = await decodeImage(image);
    input.set(loaded.preprocess(image, pixels, width, height), i * loaded.imageLength);
  }
  progress.step(`running ${loaded.name} on ${plural(images.length, 'image')}`);
  const outputs = await loaded.forward(input);
  return images.map((image, i) => {
    const own = Object.fromEntries(
      Object.entries(outputs).map(([name, numbers]) => {
        const length = numbers.length / batch;
        return [name, numbers.subarray(i * length, (i + 1) * length)] as const;
      }),
    );
    const scores = loaded.classifier === undefined ? undefined : own[loaded.classifier];
    if (scores) return { image, classes: loaded.topK(scores, top) };
    return {
      image,
      outputs: Object.fromEntries(Object.entries(own).map(([name, numbers]) => [name, [...numbers]])),
    };
  });
}

const SHOWN = 8;

function formatVerdict({ image, classes, outputs }: Verdict): string {
  const lines = classes
    ? classes.map(({ label, probability }) => `${(probability * 100).toFixed(2).padStart(6)} %  ${label}`)
    : Object.entries(outputs ?? {}).map(([name, numbers]) => `${name}: ${formatNumbers(numbers)}`);
  return `${[image, ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}

function formatNumbers(numbers: readonly number[]): string {
  const first = numbers.slice(0, SHOWN).map((number) => number.toPrecision(4));
  return numbers.length <= SHOWN
    ? first.join(' ')
    : `${first.join(' ')} ... (${numbers.length} numbers, --json prints all)`;
}
