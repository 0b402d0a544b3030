/** WebAssembly's text format to bytes, by wabt, which also validates. Node and pages use it: the bytes are the same. */
import type { AssembleNow } from '../../emit/host.ts';

const FEATURES = {
  simd: true,
  relaxed_simd: true,
  sat_float_to_int: true,
  mutable_globals: true,
  sign_extension: true,
};

/** The declarations of wabt leave the argument out; without it, SIMD is invalid. */
interface Validating {
  validate(features: typeof FEATURES): void;
}

let loading: Promise<AssembleNow> | undefined;

/** Loads wabt once, with the first module: no other command waits for it. */
export const loadAssembler = (): Promise<AssembleNow> => (loading ??= load());

export const assemble = async (text: string): Promise<Uint8Array> => (await loadAssembler())(text);

async function load(): Promise<AssembleNow> {
  const { default: createWabt } = await import('wabt');
  const wabt = await createWabt();
  return (text) => {
    const module = wabt.parseWat('kernels.wat', text, FEATURES);
    try {
      (module as Validating).validate(FEATURES);
      // A copy: the bytes lie in the memory of wabt, which the next module overwrites.
      return module.toBinary({ canonicalize_lebs: true }).buffer.slice();
    } finally {
      module.destroy();
    }
  };
}
