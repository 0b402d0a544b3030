/**
 * `layers.json`: every kernel call of a program for other programs to read, such as `cnnc bench`. A line a call;
 * arguments are written as in the phases' sources.
 */
import type { Kernel } from '../kernel/types.ts';
import type { CallVariant, KernelCall, Program } from '../program/types.ts';
import type { StorageNames } from './storage.ts';

/** `dispatches` counts those of a kernel, where a call is not one but several. */
export function layersJson(
  target: string,
  program: Program,
  storage: StorageNames,
  dispatches?: (kernel: Kernel) => number,
): string {
  const phases = program.phases.map(({ name, calls }) => {
    const lines = calls.map((call) => `      ${JSON.stringify(callFacts(call, storage, dispatches))}`);
    return `    ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n    ]`;
  });
  const facts = { name: program.name, target };
  const head = Object.entries(facts).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`,
  );
  return ['{', ...head, '  "phases": {', phases.join(',\n'), '  }', '}', ''].join('\n');
}

type Count = ((kernel: Kernel) => number) | undefined;

const callFacts = (call: KernelCall, storage: StorageNames, dispatches: Count) => ({
  ...kernelFacts(call, dispatches),
  ...(call.variants && {
    variants: Object.fromEntries(
      Object.entries(call.variants).map(([name, variant]) => [name, kernelFacts(variant, dispatches)]),
    ),
  }),
  label: call.label,
  result: call.result,
  multiplyAdds: call.multiplyAdds,
  bytes: call.bytes,
  args: call.args.map(storage.text),
});

const kernelFacts = ({ kernel, schedule }: CallVariant, dispatches: Count) => ({
  kernel: kernel.name,
  schedule,
  ...(dispatches && { dispatches: dispatches(kernel) }),
});
