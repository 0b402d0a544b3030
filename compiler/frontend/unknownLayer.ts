/**
 * Diagnoses calls of layers that do not exist, such as `net.conv2D(...)`. To read an unknown property of a net gives
 * undefined, as with any object, so `in`, destructuring and `await` work as usual. The read is noted. If the model then
 * calls the undefined value, the TypeError becomes a diagnosis with the nearest layer.
 */
import { fail, nearest } from '../diagnostics/diagnostic.ts';
import { callerPlace, type Caller } from './place.ts';

/** Unknown names that a model has read from its net, with the place of the last read. */
export type UnknownNames = Map<string, Caller>;

/** The same object. Reads of strings that it does not have are noted. */
export const noteUnknown = <T extends object>(object: T, unknown: UnknownNames): T =>
  new Proxy(object, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target)) {
        // The last read is the last entry.
        unknown.delete(key);
        unknown.set(key, callerPlace());
      }
      return Reflect.get(target, key) as unknown;
    },
  });

/** Fails if the error comes from the call of an unknown layer. */
export function checkCalled(error: Error, unknown: UnknownNames, known: readonly string[]): void {
  const name = calledName(error, [...unknown.keys()]);
  if (name === undefined) return;
  const same = known.find((one) => one.toLowerCase() === name.toLowerCase());
  const near = same ?? nearest(name, known);
  const hint = near === undefined ? '' : `, did you mean ${near}?`;
  fail('CNNC1109', 'net', unknown.get(name)!, `there is no layer ${name}${hint}`);
}

/** The name whose call threw the error: engines say `net.conv2D is not a function` or `net[kind] is not a function`. */
function calledName({ name: kind, message }: Error, names: readonly string[]): string | undefined {
  const [called, rest] = message.split(' is not a function');
  if (kind !== 'TypeError' || rest === undefined) return undefined;
  if (called!.endsWith(']')) return names.at(-1);
  return names.find((name) => called === name || called!.endsWith(`.${name}`));
}
