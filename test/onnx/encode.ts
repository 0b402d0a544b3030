/** Writes small ONNX models, right and wrong ones, for tests. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

type Bytes = Uint8Array;

function message(write: (w: BinaryWriter) => void): Bytes {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

const bytes = (w: BinaryWriter, field: number, value: Bytes): void =>
  void w.tag(field, WireType.LengthDelimited).bytes(value);
const text = (w: BinaryWriter, field: number, value: string): void =>
  void w.tag(field, WireType.LengthDelimited).string(value);
const integer = (w: BinaryWriter, field: number, value: number): void =>
  void w.tag(field, WireType.Varint).int64(value);

export type AttributeValue =
  number | string | readonly number[] | { readonly float: number } | { readonly tensor: Bytes };

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

function attribute(name: string, value: AttributeValue): Bytes {
  return message((w) => {
    text(w, 1, name);
    if (typeof value === 'number') {
      integer(w, 3, value);
      integer(w, 20, 2);
    } else if (typeof value === 'string') {
      text(w, 4, value);
      integer(w, 20, 3);
    } else if ('float' in value) {
      w.tag(2, WireType.Bit32).float(value.float);
      integer(w, 20, 1);
    } else if ('tensor' in value) {
      bytes(w, 5, value.tensor);
      integer(w, 20, 4);
    } else {
      for (const number of value) integer(w, 8, number);
      integer(w, 20, 7);
    }
  });
}

const node = ({ op, inputs, outputs, name = '', domain = '', attributes = {} }: NodeSpec): Bytes =>
  message((w) => {
    for (const input of inputs) text(w, 1, input);
    for (const output of outputs) text(w, 2, output);
    text(w, 3, name);
    text(w, 4, op);
    for (const [key, value] of Object.entries(attributes)) bytes(w, 5, attribute(key, value));
    text(w, 7, domain);
  });

export interface TensorSpec {
  readonly name: string;
  readonly dims: readonly number[];
  /** TensorProto.DataType; default f32. */
  readonly type?: number;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly raw?: Bytes;
  readonly external?: Readonly<Record<string, string>>;
}

export const tensor = ({ name, dims, type = 1, floats, ints, raw, external }: TensorSpec): Bytes =>
  message((w) => {
    for (const extent of dims) integer(w, 1, extent);
    integer(w, 2, type);
    for (const value of floats ?? []) w.tag(4, WireType.Bit32).float(value);
    for (const value of ints ?? []) integer(w, type === 7 ? 7 : 5, value);
    text(w, 8, name);
    if (raw) bytes(w, 9, raw);
    for (const [key, value] of Object.entries(external ?? {})) {
      const entry = message((e) => {
        text(e, 1, key);
        text(e, 2, value);
      });
      bytes(w, 13, entry);
    }
    if (external) integer(w, 14, 1);
  });

export interface ValueSpec {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly type?: number;
}

const value = ({ name, shape, type = 1 }: ValueSpec): Bytes =>
  message((w) => {
    const dims = message((s) => {
      for (const extent of shape)
        bytes(
          s,
          1,
          message((d) => (typeof extent === 'number' ? integer(d, 1, extent) : text(d, 2, extent))),
        );
    });
    const tensorType = message((t) => {
      integer(t, 1, type);
      bytes(t, 2, dims);
    });
    text(w, 1, name);
    bytes(
      w,
      2,
      message((t) => bytes(t, 1, tensorType)),
    );
  });

export interface ModelSpec {
  readonly nodes: readonly NodeSpec[];
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly initializers?: readonly TensorSpec[];
  /** Default 17. */
  readonly opset?: number;
}

export function encodeModel({ nodes, inputs, outputs, initializers = [], opset = 17 }: ModelSpec): Bytes {
  const graph = message((w) => {
    for (const spec of nodes) bytes(w, 1, node(spec));
    text(w, 2, 'graph');
    for (const spec of initializers) bytes(w, 5, tensor(spec));
    for (const spec of inputs) bytes(w, 11, value(spec));
    for (const spec of outputs) bytes(w, 12, value(spec));
  });
  return message((w) => {
    integer(w, 1, 8);
    bytes(w, 7, graph);
    bytes(
      w,
      8,
      message((o) => integer(o, 2, opset)),
    );
  });
}
