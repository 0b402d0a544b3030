/**
 * `layers.json`: every kernel call of a program, for tools such as `cnnc bench`. Each call is one line; arguments are
 * written as in the phases' sources.
 */
import type { CallVariant, KernelCall, Program } from '../program/types.ts';
import { argumentTexts } from './phases.ts';
import type { StorageNames } from './storage.ts';
import type { TargetRecord } from './target.ts';

export function layersJson(target: Target, program: Program, storage: StorageNames): string {
  const phases = program.phases.map(({ name, calls }) => {
    const lines = calls.map((call) => `      ${JSON.stringify(callFacts(call, storage, target))}`);
    return `    ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n    ]`;
  });
  const facts = { name: program.name, target: target.name };
  const head = Object.entries(facts).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`,
  );
  return ['{', ...head, '  "phases": {', phases.join(',\n'), '  }', '}', ''].join('\n');
}

type Target = Pick<TargetRecord, 'name' | 'kernelFacts' | 'hasVariantModules'>;

const callFacts = (call: KernelCall, storage: StorageNames, target: Target) => ({
  ...kernelFacts(call, target),
  ...(call.variants && {
    variants: Object.fromEntries(
      Object.entries(call.variants).map(([name, variant]) => [
        name,
        { ...kernelFacts(variant, target), ...(target.hasVariantModules && { kernel: call.kernel.name }) },
      ]),
    ),
  }),
  label: call.label,
  result: call.result,
  multiplyAdds: call.multiplyAdds,
  bytes: call.bytes,
  args: argumentTexts(call, storage),
});

const kernelFacts = ({ kernel, schedule }: CallVariant, target: Target) => ({
  kernel: kernel.name,
  schedule,
  ...target.kernelFacts?.(kernel),
});
