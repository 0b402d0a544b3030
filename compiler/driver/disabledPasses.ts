/** `--disable-pass`: the passes that a user may switch off, from the tables of graph passes and kernel passes. */
import { fail, nearest } from '../diagnostics/diagnostic.ts';
import type { TargetRecord } from '../emit/target.ts';
import { graphPassNames } from '../passes/index.ts';
import type { PassNames } from '../passes/table.ts';
import { TARGETS } from '../targets/index.ts';

function kernelPassNames(targets: readonly TargetRecord[]): PassNames {
  const passes = targets.flatMap(({ schedule }) => schedule({ precision: 'fast' }).kernelPasses);
  const named = (optional: boolean): readonly string[] => [
    ...new Set(passes.filter(({ isOptional }) => isOptional === optional).map(({ name }) => name)),
  ];
  return { optional: named(true), required: named(false) };
}

/** The tables of graph passes and of the kernel passes of all targets, including these `others`. */
export const passTables = (others: readonly TargetRecord[] = []): readonly PassNames[] => [
  graphPassNames,
  kernelPassNames([...TARGETS, ...others]),
];

/** The named passes. Refuses a pass that does not exist or cannot be switched off. */
export function selectDisabled(
  names: readonly string[],
  subject: string,
  tables: readonly PassNames[] = passTables(),
): ReadonlySet<string> {
  const required = tables.flatMap((table) => table.required);
  const optional = tables.flatMap((table) => table.optional).filter((name) => !required.includes(name));
  for (const name of names) if (!optional.includes(name)) refuse(name, subject, optional, required);
  return new Set(names);
}

function refuse(
  name: unknown,
  subject: string,
  optional: readonly string[],
  required: readonly string[],
): never {
  const text = typeof name === 'string' ? name : String(name);
  const near = nearest(text, optional);
  const found = required.includes(text)
    ? `the pass ${text} cannot be disabled`
    : `there is no pass ${JSON.stringify(text)}${near ? `, did you mean ${near}?` : ''}`;
  return fail('CNNC7006', subject, {}, found, [`passes that can be disabled: ${optional.join(', ')}`]);
}
