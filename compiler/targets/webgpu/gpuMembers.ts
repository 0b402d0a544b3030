/** Members that the interfaces `Model` and `Trainer` of a package for WebGPU share: `onLost` and `close`. */
export const gpuMembers = (owner: 'model' | 'trainer'): string =>
  `  /** Calls \`report\` when the device is lost, or soon if it is lost already, but not after \`close\`. Load the ${owner} again then. */
  onLost(report: (loss: GpuLoss) => void): void;
  /** Destroys the ${owner}'s buffers, and its device unless you passed one. Calls that are not done are rejected. */
  close(): void;`;
