/** Names of classes that are given for a model: lines of a file, or a list. */
import { fail, plural } from '../diagnostics/diagnostic.ts';
import type { TensorType } from '../ir/types.ts';

export interface GivenLabels {
  readonly names: readonly string[];
  /** The file that they are the lines of. */
  readonly file?: string;
}

/** The names in a text, one a line. */
export const parseLabels = (text: string): readonly string[] => text.trimEnd().split(/\r?\n/);

/** The number of classes: of an output with a score for each class, otherwise of the first output with channels. */
export function classesOf(outputs: Readonly<Record<string, TensorType>>): number | undefined {
  const shapes = Object.values(outputs).map(({ shape }) => shape);
  const scores = shapes.find(
    ([, classes = 0, ...rest]) => classes > 1 && rest.every((extent) => extent === 1),
  );
  return (scores ?? shapes.find(({ length }) => length > 1))?.[1];
}

/** Refuses another number of names than the model has classes. `subject` is the option. */
export function checkLabelCount(
  { names, file }: GivenLabels,
  classes: number | undefined,
  model: string,
  subject: string,
): void {
  if (names.length === classes) return;
  const found =
    file === undefined ? plural(names.length, 'name') : `the file has ${plural(names.length, 'line')}`;
  const wanted = classes === undefined ? 'no output with classes' : `${classes} classes`;
  fail('CNNC4005', subject, { file }, `${found}, ${model} has ${wanted}`);
}
