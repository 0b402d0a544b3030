/** `parameters.ts` of a package that trains: every parameter, running statistic and optimizer state. */
import type { SourceFile } from 'ts-morph';
import { parameterSize, type PackageParameter } from '../../emit/parameters.ts';
import type { ParameterKeys } from '../../emit/storage.ts';
import { docComment } from '../../emit/text.ts';

/** Fills the file; returns its header. */
export function writeParameters(
  file: SourceFile,
  parameters: readonly PackageParameter[],
  keys: ParameterKeys,
): string {
  file.addInterface({
    name: 'Parameters',
    isExported: true,
    properties: parameters.map((parameter) => ({
      name: keys.get(parameter.name)!,
      type: 'Float32Array',
      isReadonly: true,
      docs: [`f32[${parameter.shape.join(',')}]`],
    })),
  });
  file.addFunction({
    name: 'createParameters',
    isExported: true,
    returnType: 'Parameters',
    docs: ['All zero.'],
    statements: [
      `return {\n${parameters.map((one) => `${keys.get(one.name)}: new Float32Array(${parameterSize(one)}),`).join('\n')}\n};`,
    ],
  });
  file.addFunction({
    name: 'nameParameters',
    isExported: true,
    parameters: [{ name: 'p', type: 'Parameters' }],
    returnType: 'NamedParameter[]',
    docs: ['With the names and shapes that weight files have, in their order.'],
    statements: [`return [\n${parameters.map((one) => namedEntry(one, keys.get(one.name)!)).join('\n')}\n];`],
  });
  file.addImportDeclaration({
    isTypeOnly: true,
    moduleSpecifier: './runtime.js',
    namedImports: ['NamedParameter'],
  });
  return docComment([
    'What the model keeps between calls, in canonical shapes, row-major: weights, running statistics (buffers) and',
    "the optimizer's state.",
  ]);
}

const namedEntry = ({ name, shape, role }: PackageParameter, key: string): string =>
  `{ name: ${JSON.stringify(name)}, shape: [${shape.join(', ')}], role: '${role}', data: p.${key} },`;
