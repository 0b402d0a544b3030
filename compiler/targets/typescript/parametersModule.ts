/** `parameters.ts` of a package that trains: every parameter, running statistic and optimizer state. */
import {
  block,
  functionSource,
  importsSource,
  interfaceSource,
  list,
  moduleSource,
} from '../../emit/declarations.ts';
import {
  describeParameter,
  parameterEntries,
  parameterSize,
  type PackageParameter,
} from '../../emit/parameters.ts';
import type { ParameterKeys } from '../../emit/storage.ts';
import { docComment } from '../../emit/text.ts';

export function parametersSource(parameters: readonly PackageParameter[], keys: ParameterKeys): string {
  const header = docComment([
    'The numbers that the model keeps between calls, in canonical shapes, row-major: weights, running statistics (buffers) and',
    "the optimizer's state.",
  ]);
  const fields = parameters.map((one) => ({
    name: keys.get(one.name)!,
    type: 'Float32Array',
    doc: describeParameter(one),
  }));
  const zeros = parameters.map((one) => `${keys.get(one.name)}: new Float32Array(${parameterSize(one)}),`);
  const { all } = parameterEntries(parameters, keys, (key) => `data: p.${key}`);
  return moduleSource(
    header,
    importsSource([{ from: './runtime.js', names: ['NamedParameter'], isTypeOnly: true }]),
    interfaceSource('Parameters', fields),
    functionSource(
      'export function createParameters(): Parameters',
      ['Creates the parameters, all zero.'],
      [`return ${block(zeros)};`],
    ),
    functionSource(
      'export function nameParameters(p: Parameters): NamedParameter[]',
      ['The parameters with their names and shapes in files, in the order of the files.'],
      [`return ${list(all)};`],
    ),
  );
}
