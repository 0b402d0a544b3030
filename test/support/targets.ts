/** The targets of the table, sorted for tests. */
import { TARGETS, targetNames, type TargetName } from '../../compiler/targets/index.ts';

const isImmediate = (name: TargetName): boolean =>
  TARGETS.find((one) => one.name === name)!.api.calls === 'immediate';

/** Targets whose calls return when all is done; the others' return promises. */
export const immediateTargetNames: readonly TargetName[] = targetNames.filter(isImmediate);
