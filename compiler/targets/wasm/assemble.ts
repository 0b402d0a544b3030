/**
 * Kernels -> one WebAssembly module, as text and as bytes. It imports its memory and exports one function per kernel.
 * The parameters of a function are the byte addresses of the kernel's buffers, multiples of 4. The host's assembler
 * validates the module.
 */
import type { Assembler } from '../../emit/host.ts';
import { shapesSentence } from '../../emit/batches.ts';
import type { Kernel } from '../../kernel/types.ts';
import { mathFunctions } from './math/index.ts';
import { printKernel } from './printer.ts';
import { comment, printSexpr, type Sexpr } from './sexpr.ts';
import { shareFunctions } from './shareFunctions.ts';
import type { ModuleOptions } from './variants.ts';

export interface AssembledModule {
  readonly wat: string;
  readonly bytes: Uint8Array;
}

export function printModule(name: string, kernels: readonly Kernel[], { relaxed }: ModuleOptions): string {
  const used = new Set<string>();
  const functions = kernels.map((kernel) => printKernel(kernel, { relaxed, uses: (one) => used.add(one) }));
  const header: Sexpr[] = [
    comment(
      `The kernels of ${name.replaceAll(/[\r\n]/g, ' ')}. Arguments are addresses in bytes. ${shapesSentence(kernels)}`,
    ),
    ['import', '"env"', '"memory"', ['memory', '0']],
  ];
  const mathematics = mathFunctions(used);
  const shared = shareFunctions(functions.flatMap((one) => ['', ...one]));
  const lines = [...header, ...shared].flatMap((one) => (one === '' ? [''] : printSexpr(one, 2)));
  return ['(module', ...lines, ...mathematics, ')', ''].join('\n');
}

/** The functions of one kernel, as in the module without relaxed SIMD. */
export const printKernelText = (kernel: Kernel): string =>
  printKernel(kernel, { relaxed: false, uses: () => {} })
    .flatMap((one) => printSexpr(one, 0))
    .join('\n');

export async function assembleModule(
  name: string,
  kernels: readonly Kernel[],
  options: ModuleOptions,
  assemble: Assembler,
): Promise<AssembledModule> {
  const wat = printModule(name, kernels, options);
  return { wat, bytes: await assemble(wat) };
}
