/** Errors with targets, memory, passes and tuning. */
import type { CodeEntry } from './types.ts';

export const TARGET_CODES = {
  CNNC7001: {
    title: 'There is no such target',
    explanation: 'The name is not one of the targets, or the package was not compiled for it.',
    fix: 'Use one of the targets that the error lists.',
  },
  CNNC7002: {
    title: 'The model needs more memory than WebAssembly has',
    explanation: 'The memory of a WebAssembly module holds at most 4 GiB for weights and activations.',
    fix: 'Use a smaller batch. For training, add `--max-memory` or `--micro-batches`.',
  },
  CNNC7003: {
    title: 'A training step does not fit into the memory limit',
    explanation:
      'Even with all activations that can be recomputed left out, the step needs more than `--max-memory`.',
    fix: 'Raise the limit, use a smaller batch, or add `--micro-batches`.',
  },
  CNNC7004: {
    title: 'The batch cannot be divided into micro-batches',
    explanation: 'All micro-batches must have the same size.',
    fix: 'Choose a number for `--micro-batches` that divides the batch.',
  },
  CNNC7005: {
    title: 'This is not a tuning file',
    explanation: 'The file is not one that `--tune` has written, or another version of cnnc wrote it.',
    fix: 'Remove the file, or name another one.',
  },
  CNNC7006: {
    title: 'The pass cannot be disabled',
    explanation: 'There is no pass with this name, or compilation depends on it.',
    fix: 'Use one of the passes that the error lists.',
  },
  CNNC7007: {
    title: 'The option is for other targets',
    explanation: 'None of the chosen targets uses this option.',
    fix: 'Leave the option out, or add a target that uses it.',
  },
  CNNC7008: {
    title: 'The weights are too large to inline',
    explanation:
      'Weights that are written into the JavaScript take a third more space and cannot be streamed.',
    fix: 'Leave the weights in their own file, or store them in a smaller type.',
  },
  CNNC7009: {
    title: 'The package cannot have several batches',
    explanation:
      'A package for several batches runs the images of a call in groups and puts the results one after the other. So the first axis of every output must count images. A package that trains has one batch for training.',
    fix: 'Give one batch with `--batch`. For a package that trains, `--predict-batch` takes several.',
  },
} as const satisfies Readonly<Record<`CNNC7${string}`, CodeEntry>>;
