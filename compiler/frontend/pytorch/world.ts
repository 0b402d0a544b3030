/**
 * The globals that a checkpoint of tensors needs, and the results of calling them: dictionaries, and tensors as views
 * of storages. Any other global is refused by its name as soon as it appears.
 */
import type { Refuse, RefuseFound } from '../refuse.ts';
import type { StoredDType } from '../safetensors.ts';
import { isKind, type World } from './pickle.ts';
import { describeValue, type Storage, type TensorView, type Value } from './values.ts';

const STORAGES: ReadonlyMap<string, StoredDType> = new Map([
  ['torch.DoubleStorage', 'F64'],
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
]);

type Call = (args: readonly Value[], refuse: RefuseFound, name: string) => Value;

const opaque =
  (what: string): Call =>
  () => ({ kind: 'opaque', what });

const emptyDict: Call = (args, refuse, name) =>
  args.length === 0
    ? { kind: 'dict', entries: new Map() }
    : refuse(`${name} is called with ${args.map(describeValue).join(', ')}`);

const CALLS: ReadonlyMap<string, Call> = new Map([
  ['collections.OrderedDict', emptyDict],
  ['torch._utils._rebuild_tensor', tensorOf],
  ['torch._utils._rebuild_tensor_v2', tensorOf],
  ['torch._utils._rebuild_parameter', parameterOf],
  ['torch._utils._rebuild_parameter_with_state', parameterOf],
  // Globals of schedulers, optimizers and settings, which checkpoints keep next to the weights.
  ['collections.defaultdict', (): Value => ({ kind: 'dict', entries: new Map() })],
  ['collections.Counter', opaque('a counter')],
  ['torch.Size', opaque('a size')],
  ['torch.device', opaque('a device')],
  ['builtins.set', opaque('a set')],
  ['__builtin__.set', opaque('a set')],
  ['_codecs.encode', opaque('bytes')],
  ['argparse.Namespace', opaque('settings')],
  ['numpy.dtype', opaque('a dtype')],
  ['numpy.core.multiarray.scalar', opaque('a number of numpy')],
  ['numpy._core.multiarray.scalar', opaque('a number of numpy')],
]);

const isDType = (name: string): boolean => /^torch\.(b?float|u?int|bool|complex)\d*$/.test(name);

/** Creates the world. `refuse` adds the position in the file. */
export function createWorld(refuse: Refuse): World {
  const fail = (found: string): never => refuse('CNNC2024', found);
  return {
    admit(name) {
      if (CALLS.has(name) || STORAGES.has(name) || isDType(name)) return;
      // Types, used as default factories and the like. They are named but never called.
      if (/^(builtins|__builtin__)\.(dict|list|int|float|bool|str)$/.test(name)) return;
      refuse(
        'CNNC2023',
        `it holds a Python object of ${JSON.stringify(name.slice(0, 200))}, which is not read`,
        ['expected a state dict: torch.save(model.state_dict(), file) instead of torch.save(model, file)'],
      );
    },
    call(name, args) {
      const call = CALLS.get(name);
      return call ? call(args, fail, name) : fail(`it calls ${name}`);
    },
    persistent: (id) => storageOf(id, fail),
    refuse: (found, at) => fail(at === undefined ? found : `${found} (byte ${at} of data.pkl)`),
  };
}

/** `('storage', torch.FloatStorage, '0', 'cpu', 64)` */
function storageOf(id: Value, refuse: RefuseFound): Storage {
  const [what, type, key, , elements] = isKind(id, 'tuple') ? id.items : [];
  if (what !== 'storage') return refuse(`it refers to ${describeValue(id)}, expected a storage`);
  const dtype = isKind(type, 'global') ? STORAGES.get(type.name) : undefined;
  if (!dtype || typeof key !== 'string' || !isCount(elements)) {
    return refuse(
      `a storage is ${[type, key, elements].map((part) => describeValue(part ?? null)).join(', ')}`,
    );
  }
  return { kind: 'storage', key, dtype, elements };
}

/** `(storage, offset, size, stride, requires_grad, hooks)` */
function tensorOf(args: readonly Value[], refuse: RefuseFound): TensorView {
  const [storage, offset, size, stride] = args;
  if (!isKind(storage, 'storage')) return refuse(`a tensor's storage is ${describeValue(storage ?? null)}`);
  const [shape, strides] = [countsOf(size), countsOf(stride)];
  if (!shape || !strides || shape.length !== strides.length || !isCount(offset)) {
    const [from, to, step] = [offset, size, stride].map((part) => describeValue(part ?? null));
    return refuse(`a tensor's offset is ${from}, its size ${to}, its strides ${step}`);
  }
  return { kind: 'tensor', storage, offset, shape, strides };
}

/** `(data, requires_grad, hooks)` */
function parameterOf([data]: readonly Value[], refuse: RefuseFound): TensorView {
  return isKind(data, 'tensor') ? data : refuse(`a parameter's data is ${describeValue(data ?? null)}`);
}

const MAX_RANK = 64;

function countsOf(value: Value | undefined): readonly number[] | undefined {
  if (!isKind(value, 'tuple') || value.items.length > MAX_RANK) return undefined;
  return value.items.every(isCount) ? value.items : undefined;
}

const isCount = (value: Value | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
