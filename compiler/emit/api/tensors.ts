/** Pieces that the APIs of inference and training share: types of tensors by name, and their checks. */
import { plural } from '../../diagnostics/diagnostic.ts';
import { formatType, sizeOf, type TensorType } from '../../ir/types.ts';
import type { FieldText } from '../declarations.ts';
import { ARRAYS } from '../text.ts';

export type TensorTypes = Readonly<Record<string, TensorType>>;

export const describeTensor = (type: TensorType): string => {
  const size = sizeOf(type.shape);
  return `${formatType(type)}, row-major: ${size} ${size === 1 ? 'number' : 'numbers'}`;
};

export const tensorFields = (types: TensorTypes): FieldText[] =>
  Object.entries(types).map(([name, type]) => ({
    name,
    type: ARRAYS[type.dtype],
    doc: describeTensor(type),
  }));

/** The fields of tensors with any number of images along the first axis. */
export const manyFields = (types: TensorTypes): FieldText[] =>
  Object.entries(types).map(
    ([
      name,
      {
        dtype,
        shape: [, ...rest],
      },
    ]) => ({
      name,
      type: ARRAYS[dtype],
      doc: `${dtype}[${['images', ...rest].join(',')}], row-major: ${plural(sizeOf(rest), 'number')} for each image`,
    }),
  );

/** The expected types for `checkInputs`, as source. */
export const expectedTypes = (types: TensorTypes): string => {
  const entries = Object.entries(types).map(
    ([name, { dtype, shape }]) =>
      `{ name: ${JSON.stringify(name)}, shape: [${shape.join(', ')}], dtype: '${dtype}' }`,
  );
  return `[${entries.join(', ')}] as const`;
};

/** An expression that is true if an argument is wrong. It is cheap; the full check runs only to throw the error. */
export const typeTest = (argument: string, types: TensorTypes, mayBeAbsent = true): string =>
  Object.entries(types)
    .map(
      ([name, { dtype, shape }]) =>
        `!(${argument}${mayBeAbsent ? '?' : ''}.${name} instanceof ${ARRAYS[dtype]}) || ${argument}.${name}.length !== ${sizeOf(shape)}`,
    )
    .join(' || ');

/** The types as a literal of `info`. */
export const typesLiteral = (types: TensorTypes): string => {
  const entries = Object.entries(types).map(
    ([name, { dtype, shape }]) => `${name}: { dtype: '${dtype}', shape: [${shape.join(', ')}] }`,
  );
  return `{ ${entries.join(', ')} }`;
};
