/** The constants that nodes of an exported model need. Equal small ones are stored once. */
import type { OnnxData, OnnxElement } from '../../ops/shared/onnx.ts';
import type { InitializerMessage } from './messages.ts';
import type { ClaimName } from './names.ts';

/** Only constants with at most this many numbers are compared. */
const SMALL = 16;

export interface Constants {
  readonly initializers: readonly InitializerMessage[];
  /** Returns the name of a constant with these numbers. */
  constant(element: OnnxElement, shape: readonly number[], data: OnnxData): string;
}

export function createConstants(claim: ClaimName): Constants {
  const initializers: InitializerMessage[] = [];
  const known = new Map<string, string>();
  return {
    initializers,
    constant(element, shape, data) {
      const key =
        data.length <= SMALL ? `${element}[${shape.join()}] ${[...data].map(spell).join()}` : undefined;
      const same = key === undefined ? undefined : known.get(key);
      if (same !== undefined) return same;
      const name = claim('constant');
      initializers.push({ name, element, shape, data });
      if (key !== undefined) known.set(key, name);
      return name;
    },
  };
}

/** Distinguishes `-0` from `0`. */
const spell = (value: number | bigint): string => (Object.is(value, -0) ? '-0' : String(value));
