/** `parameters.ts` of a WebGPU package that trains: the ranges of all that the model keeps between calls. */
import { importsSource, list, moduleSource, recordSource } from '../../emit/declarations.ts';
import { parameterEntries, parameterMembers, type PackageParameter } from '../../emit/parameters.ts';
import type { ParameterKeys } from '../../emit/storage.ts';
import { docComment } from '../../emit/text.ts';
import type { WebgpuLayout } from './memoryLayout.ts';
import { regionText } from './memoryModule.ts';

export function parametersSource(
  parameters: readonly PackageParameter[],
  keys: ParameterKeys,
  layout: WebgpuLayout,
): string {
  const header = docComment([
    'Ranges in bytes of the numbers that the model keeps between calls, in canonical shapes, row-major: weights, running',
    "statistics (buffers) and the optimizer's state.",
  ]);
  const ranges = parameterMembers(parameters, keys, ({ name }) => regionText(layout.parameters.get(name)!));
  const { stored, others } = parameterEntries(parameters, keys, (key) => `range: p.${key}`);
  return moduleSource(
    header,
    importsSource([{ from: './runtime.js', names: ['GpuParameter'], isTypeOnly: true }]),
    recordSource('p', [], ranges),
    parametersConstant(
      'weights',
      'The parameters that weight files hold, with their names and shapes there, in the order of the file.',
      stored,
    ),
    parametersConstant(
      'parameters',
      'All parameters: those of weight files, and those that only training needs.',
      ['...weights,', ...others],
    ),
  );
}

const parametersConstant = (name: string, doc: string, entries: readonly string[]): string =>
  `${docComment([doc])}export const ${name}: readonly GpuParameter[] = ${list(entries)};\n`;
