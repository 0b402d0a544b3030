/** What printing a package needs of the program that runs the compiler: in Node it is compiler/host. */
export interface EmitHost {
  /** The text of a file of runtime/, by its path there without `.ts`: `webgpu/device`. */
  runtimeText(part: string): string;
  readonly assemble: Assembler;
}

/** WebAssembly's text format to a module's bytes, validated. */
export type Assembler = (text: string) => Promise<Uint8Array>;
