/** Members of the interfaces `Model` and `Trainer` of a package for WebGPU: how both tell of a lost device, and end. */
export const gpuMembers = (owner: 'model' | 'trainer'): string =>
  `  /** Calls \`report\` when the device is lost, at once if it is lost already, but not for \`close\`. Load the ${owner} again then. */
  onLost(report: (loss: GpuLoss) => void): void;
  /** Destroys the ${owner}'s buffers, and its device where none was handed in; calls that are not done are rejected. */
  close(): void;`;
