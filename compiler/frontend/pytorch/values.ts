/** What a checkpoint's pickle can hold, as data. Dictionaries are Maps, so `__proto__` is a key like any other. */
import type { StoredDType } from '../safetensors.ts';

export interface List {
  readonly kind: 'list';
  readonly items: Value[];
}

export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
}

export interface Dict {
  readonly kind: 'dict';
  readonly entries: Map<Value, Value>;
}

/** A name of a module that is on the list. Nothing is ever loaded or called. */
export interface Global {
  readonly kind: 'global';
  /** `torch._utils._rebuild_tensor_v2` */
  readonly name: string;
}

/** Numbers in an entry of the zip file. */
export interface Storage {
  readonly kind: 'storage';
  readonly key: string;
  readonly dtype: StoredDType;
  readonly elements: number;
}

/** A view of a storage. Offset and strides count elements. */
export interface TensorView {
  readonly kind: 'tensor';
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A value that is not used: a set, bytes, a device. */
export interface Opaque {
  readonly kind: 'opaque';
  readonly what: string;
}

export type Value =
  null | boolean | number | string | List | Tuple | Dict | Global | Storage | TensorView | Opaque;

/** Describes a value in a message, one level deep, because a value may contain itself. */
export function describeValue(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === null || typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'list':
    case 'tuple':
      return `a ${value.kind} of ${value.items.length}`;
    case 'dict':
      return `a dict of ${value.entries.size}`;
    case 'global':
      return value.name;
    case 'opaque':
      return value.what;
    case 'storage':
    case 'tensor':
      return `a ${value.kind}`;
  }
}
