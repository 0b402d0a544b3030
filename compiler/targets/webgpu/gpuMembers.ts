/** Members of the interfaces `Model` and `Trainer` of a package for WebGPU: how both tell of a lost device, and end. */
export const gpuMembers = (owner: 'model' | 'trainer'): string =>
  `  /** Calls back when the device is lost, at once where it is already; not for \`close\`. The ${owner} must be loaded anew. */
  onLost(report: (loss: GpuLoss) => void): void;
  /** Destroys the ${owner}'s buffers, and its device where none was handed in; calls that are not done are rejected. */
  close(): void;`;
