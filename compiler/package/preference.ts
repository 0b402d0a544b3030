/** The order in which a package's `load()` chooses a target, and the targets that it loads only on request. */
import type { TargetedModel, TargetRecord } from '../emit/target.ts';

export const inOrderOfPreference = (models: readonly TargetedModel[]): TargetedModel[] =>
  [...models].sort((a, b) => a.target.choice.place - b.target.choice.place);

/** Whether calls of the target's models return promises. */
export const isPromised = ({ api }: TargetRecord): boolean => api.calls === 'promised';

/**
 * The targets that `load()` chooses from: it takes the first that works on the host. The type of the model must not
 * depend on the host, so a target whose calls return promises is among them only if all targets are such. The list ends
 * with the first target that works on every host. `targets` are in the order of preference.
 */
export function automatic(targets: readonly TargetRecord[]): readonly TargetRecord[] {
  const alike = targets.every(isPromised) ? targets : targets.filter((target) => !isPromised(target));
  const always = alike.findIndex(({ choice }) => !choice.test);
  return always < 0 ? alike : alike.slice(0, always + 1);
}

/** The target that `load()` takes first in a package that has all of these. */
export function preferred(targets: readonly TargetRecord[]): TargetRecord {
  const [first] = automatic([...targets].sort((a, b) => a.choice.place - b.choice.place));
  return first!;
}

/** The targets that are loaded only on request. */
export const namedOnly = (targets: readonly TargetRecord[]): readonly TargetRecord[] =>
  targets.filter((target) => !automatic(targets).includes(target));
