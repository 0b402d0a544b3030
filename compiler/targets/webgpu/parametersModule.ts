/** `parameters.ts` of a WebGPU package that trains: where all lies that the model keeps between calls. */
import { isStored, type PackageParameter } from '../../emit/parameters.ts';
import type { ParameterKeys } from '../../emit/storage.ts';
import { docComment } from '../../emit/text.ts';
import type { WebgpuLayout } from './memoryLayout.ts';
import { regionText } from './memoryModule.ts';

export function parametersSource(
  parameters: readonly PackageParameter[],
  keys: ParameterKeys,
  layout: WebgpuLayout,
): string {
  const ranges = parameters.map(
    ({ name, shape }) =>
      `/** f32[${shape.join(',')}] */\n${keys.get(name)}: ${regionText(layout.parameters.get(name)!)},`,
  );
  const list = (those: readonly PackageParameter[]): string =>
    those
      .map(
        ({ name, shape, role }) =>
          `{ name: ${JSON.stringify(name)}, shape: [${shape.join(', ')}], role: '${role}', range: p.${keys.get(name)} },`,
      )
      .join('\n');
  const others = parameters.filter((one) => !isStored(one));
  const header = docComment([
    'Where the model keeps what lasts between calls, in canonical shapes, row-major: weights, running statistics',
    "(buffers) and the optimizer's state; ranges in bytes.",
  ]);
  return `${header}
import type { GpuParameter } from './runtime.js';

export const p = {\n${ranges.join('\n')}\n} as const;

/** What weight files hold, with its names and shapes there, in their order. */
export const weights: readonly GpuParameter[] = [\n${list(parameters.filter(isStored))}\n];

/** With what only training keeps. */
export const parameters: readonly GpuParameter[] = [...weights,\n${list(others)}\n];
`;
}
