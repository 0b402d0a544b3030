/** What printing a package needs of the program that runs the compiler: in Node it is compiler/host. */
export interface EmitHost {
  /** The text of a file of runtime/, by its path there without `.ts`: `webgpu/device`. */
  runtimeText(part: string): string;
  readonly assemble: Assembler;
}

/** WebAssembly's text format to a module's bytes, validated. It throws if the text is not a valid module. */
export type Assembler = (text: string) => Promise<Uint8Array>;

/** The same without waiting, for what is measured in the middle of lowering. */
export type AssembleNow = (text: string) => Uint8Array;
