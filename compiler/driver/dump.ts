/**
 * The files that `--dump-ir` writes: the graph at every stage, and for each target its programs and the stages of every
 * kernel, from the schedule that builds it to the text that the target prints.
 *
 *     00-model.txt ... 13-orderForMemory.txt      the graph
 *     wasm/program.txt                            kernel calls and buffers, with their places
 *     wasm/kernels/conv2d_5x5_1to6_relu.txt       a kernel as it is built, after each pass, and as it is printed
 *     wasm/training/program.txt                   the same for a training step
 */
import type { TargetRecord, TargetedModel } from '../emit/target.ts';
import { printGraph } from '../ir/printer.ts';
import { printKernel } from '../kernel/printer.ts';
import type { MemoryPlan } from '../program/memoryPlan.ts';
import { printProgram } from '../program/printer.ts';
import type { CallVariant, KernelCall, KernelStage, Program } from '../program/types.ts';
import type { Stage } from './recorder.ts';

/** One text file of `--dump-ir`. */
export interface DumpedFile {
  /** Path with `/` between folders. */
  readonly path: string;
  readonly text: string;
}

export const dumpGraph = ({ name, graph }: Stage): DumpedFile => ({
  path: `${name}.txt`,
  text: printGraph(graph),
});

export function dumpModel({ target, program, plan, training }: TargetedModel): DumpedFile[] {
  return [
    ...dumpProgram(target, program, plan, target.name),
    ...(training ? dumpProgram(target, training.program, training.plan, `${target.name}/training`) : []),
  ];
}

function dumpProgram(target: TargetRecord, program: Program, plan: MemoryPlan, folder: string): DumpedFile[] {
  const files = new Map([[`${folder}/program.txt`, printProgram(program, plan)]]);
  const nameOf = fileNames();
  for (const call of program.phases.flatMap(({ calls }) => calls)) {
    for (const { choice, kernel, schedule } of kernelsOf(call)) {
      const path = `${folder}/kernels/${nameOf(kernel.name)}.txt`;
      if (files.has(path)) continue;
      const stages = (call.stages ?? []).filter(({ variant }) => variant === choice);
      files.set(path, kernelText(call, schedule, stages, target.printKernel(kernel), target.name));
    }
  }
  return [...files].map(([path, text]) => ({ path, text }));
}

/** The longest name of a kernel's file. File systems take 255 bytes. */
const NAME_LENGTH = 200;

/** Names files after kernels. A kernel with a long fused tail has a long name, which is cut and gets a number. */
function fileNames(): (kernel: string) => string {
  const cut = new Map<string, string>();
  return (kernel) => {
    if (kernel.length <= NAME_LENGTH) return kernel;
    const name = cut.get(kernel) ?? `${kernel.slice(0, NAME_LENGTH)}~${cut.size + 1}`;
    cut.set(kernel, name);
    return name;
  };
}

const kernelsOf = (call: KernelCall): (CallVariant & { readonly choice?: string })[] => [
  call,
  ...Object.entries(call.variants ?? {}).map(([choice, variant]) => ({ choice, ...variant })),
];

/** The stages of a kernel as text. A variant that a pass has made starts from the call's kernel. */
function kernelText(
  call: KernelCall,
  schedule: string,
  stages: readonly KernelStage[],
  printed: string,
  target: string,
): string {
  const own = (call.stages ?? []).filter(({ variant, pass }) => variant === undefined && pass === undefined);
  const all = stages.some(({ pass }) => pass === undefined) ? stages : [...own, ...stages];
  return [
    `${call.label}: ${schedule}`,
    ...all.flatMap(({ pass, kernel }) => [
      '',
      `== ${pass === undefined ? 'as it is built' : `after ${pass}`}`,
      printKernel(kernel),
    ]),
    '',
    `== as ${target} prints it`,
    printed.trimEnd(),
    '',
  ].join('\n');
}
