/**
 * The table of targets. To add a target, add its folder and a line here: the command line, the library's options and
 * their diagnoses are derived from the table. The first target is the default of a compile.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { TargetOption, TargetRecord } from '../emit/target.ts';
import { typescript } from './typescript/record.ts';
import { wasm } from './wasm/record.ts';
import { webgpu } from './webgpu/record.ts';

const TABLE = [typescript, wasm, webgpu] as const;

/** The names of the targets in the table. */
export type TargetName = (typeof TABLE)[number]['name'];

export const TARGETS: readonly TargetRecord[] = TABLE;

export const targetNames: readonly TargetName[] = TABLE.map(({ name }) => name);

/** The targets that support an option of a compile, as text: `the target wasm`, `the targets wasm and webgpu`. */
export function targetsWith(option: TargetOption, targets: readonly TargetRecord[] = TARGETS): string {
  const names = targets.filter(({ options }) => options.includes(option)).map(({ name }) => name);
  return `the ${names.length === 1 ? 'target' : 'targets'} ${names.join(' and ')}`;
}

/**
 * The named targets, each once and in the table's order; `all` selects every target. Records may be given as well, also
 * ones that are not in the table.
 */
export function selectTargets(
  wanted: readonly (string | TargetRecord)[],
  subject: string,
): readonly TargetRecord[] {
  const known = [...targetNames, 'all'];
  const names = wanted.filter((one): one is string => typeof one === 'string');
  const others = wanted.filter((one): one is TargetRecord => typeof one !== 'string');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || wanted.length === 0) {
    const found =
      unknown === undefined ? 'no target is named' : `there is no target ${JSON.stringify(unknown)}`;
    fail('CNNC7001', subject, {}, `${found}; expected one of ${known.join(', ')}`);
  }
  const selected = TARGETS.filter(
    (one) => names.includes('all') || names.includes(one.name) || others.includes(one),
  );
  return [...selected, ...others.filter((one) => !TARGETS.includes(one))];
}
