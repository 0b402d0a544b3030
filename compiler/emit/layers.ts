/**
 * `layers.json`: every kernel call of a program for other programs to read, such as `cnnc bench`. A line a call;
 * arguments are written as in the phases' sources.
 */
import type { KernelCall, Program } from '../program/types.ts';
import type { StorageNames } from './storage.ts';

export function layersJson(target: string, program: Program, storage: StorageNames): string {
  const phases = program.phases.map(({ name, calls }) => {
    const lines = calls.map((call) => `      ${JSON.stringify(callFacts(call, storage))}`);
    return `    ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n    ]`;
  });
  const facts = { name: program.name, target };
  const head = Object.entries(facts).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`,
  );
  return ['{', ...head, '  "phases": {', phases.join(',\n'), '  }', '}', ''].join('\n');
}

const variantFacts = (variants: NonNullable<KernelCall['variants']>) =>
  Object.fromEntries(
    Object.entries(variants).map(([name, { kernel, schedule }]) => [name, { kernel: kernel.name, schedule }]),
  );

const callFacts = (call: KernelCall, storage: StorageNames) => ({
  kernel: call.kernel.name,
  label: call.label,
  schedule: call.schedule,
  ...(call.variants && { variants: variantFacts(call.variants) }),
  result: call.result,
  multiplyAdds: call.multiplyAdds,
  bytes: call.bytes,
  args: call.args.map(storage.text),
});
