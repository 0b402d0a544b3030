/** `parameters.ts` of a wasm package that trains: the addresses of all that the model keeps between calls. */
import { functionSource, importsSource, list, moduleSource, recordSource } from '../../emit/declarations.ts';
import {
  parameterEntries,
  parameterMembers,
  parameterSize,
  type PackageParameter,
} from '../../emit/parameters.ts';
import type { ParameterKeys } from '../../emit/storage.ts';
import { docComment } from '../../emit/text.ts';
import type { WasmLayout } from './memoryLayout.ts';

export function parametersSource(
  parameters: readonly PackageParameter[],
  keys: ParameterKeys,
  layout: WasmLayout,
): string {
  const header = docComment([
    'Addresses in bytes of the numbers that the model keeps between calls, in canonical shapes, row-major: weights, running',
    "statistics (buffers) and the optimizer's state.",
  ]);
  const addresses = parameterMembers(parameters, keys, ({ name }) => String(layout.parameters.get(name)));
  const { stored, others } = parameterEntries(
    parameters,
    keys,
    (key, one) => `data: new Float32Array(buffer, p.${key}, ${parameterSize(one)})`,
  );
  return moduleSource(
    header,
    importsSource([{ from: './runtime.js', names: ['NamedParameter'], isTypeOnly: true }]),
    recordSource('p', [], addresses),
    functionSource(
      'export function nameWeights(buffer: ArrayBuffer): NamedParameter[]',
      [
        'Views of the parameters that weight files hold, with their names and shapes there, in the order of the file.',
      ],
      [`return ${list(stored)};`],
    ),
    functionSource(
      'export function nameParameters(buffer: ArrayBuffer): NamedParameter[]',
      ['Views of all parameters: those of weight files, and those that only training needs.'],
      [`return [...nameWeights(buffer),\n${others.join('\n')}\n];`],
    ),
  );
}
