/** `parameters.ts` of a wasm package that trains: the addresses of all that the model keeps between calls. */
import { isStored, parameterSize, type PackageParameter } from '../../emit/parameters.ts';
import type { ParameterKeys } from '../../emit/storage.ts';
import { docComment } from '../../emit/text.ts';
import type { WasmLayout } from './memoryLayout.ts';

export function parametersSource(
  parameters: readonly PackageParameter[],
  keys: ParameterKeys,
  layout: WasmLayout,
): string {
  const addresses = parameters.map(
    ({ name, shape }) => `/** f32[${shape.join(',')}] */\n${keys.get(name)}: ${layout.parameters.get(name)},`,
  );
  const list = (those: readonly PackageParameter[]): string =>
    those.map((one) => namedEntry(one, keys.get(one.name)!)).join('\n');
  const others = parameters.filter((one) => !isStored(one));
  const header = docComment([
    'Where the model keeps what lasts between calls, in canonical shapes, row-major: weights, running statistics',
    "(buffers) and the optimizer's state; addresses in bytes.",
  ]);
  return `${header}
import type { NamedParameter } from './runtime.js';

export const p = {\n${addresses.join('\n')}\n} as const;

/** Views of what weight files hold, with its names and shapes there, in their order. */
export function nameWeights(buffer: ArrayBuffer): NamedParameter[] {
  return [\n${list(parameters.filter(isStored))}\n];
}

/** With what only training keeps. */
export function nameParameters(buffer: ArrayBuffer): NamedParameter[] {
  return [...nameWeights(buffer),\n${list(others)}\n];
}
`;
}

/** A view of a parameter, in the buffer of this name. */
export const parameterView = (parameter: PackageParameter, key: string, buffer: string): string =>
  `new Float32Array(${buffer}, p.${key}, ${parameterSize(parameter)})`;

const namedEntry = (parameter: PackageParameter, key: string): string => {
  const { name, shape, role } = parameter;
  const view = parameterView(parameter, key, 'buffer');
  return `{ name: ${JSON.stringify(name)}, shape: [${shape.join(', ')}], role: '${role}', data: ${view} },`;
};
