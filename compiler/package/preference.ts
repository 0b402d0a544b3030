/** Which target `load()` of a package takes where none is named, and which targets it takes only where they are named. */
import type { TargetedModel, TargetRecord } from '../emit/target.ts';

export const inOrderOfPreference = (models: readonly TargetedModel[]): TargetedModel[] =>
  [...models].sort((a, b) => a.target.choice.place - b.target.choice.place);

/** Calls of its models return promises. */
export const isPromised = ({ api }: TargetRecord): boolean => api.calls === 'promised';

/**
 * `load()` chooses among these, the first that works here. The kind of model that it gives must not depend on the host: a
 * target whose calls return promises is among them only where all targets are such. None stands after a target that works
 * on every host. `targets` are in the order of preference.
 */
export function automatic(targets: readonly TargetRecord[]): readonly TargetRecord[] {
  const alike = targets.every(isPromised) ? targets : targets.filter((target) => !isPromised(target));
  const always = alike.findIndex(({ choice }) => !choice.test);
  return always < 0 ? alike : alike.slice(0, always + 1);
}

/** The others. */
export const namedOnly = (targets: readonly TargetRecord[]): readonly TargetRecord[] =>
  targets.filter((target) => !automatic(targets).includes(target));
