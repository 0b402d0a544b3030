/** The functions that printing a package needs from its host. compiler/host implements them in Node. */
export interface EmitHost {
  /** The text of a file of runtime/, by its path there without `.ts`: `webgpu/device`. */
  runtimeText(part: string): string;
  readonly assemble: Assembler;
}

/** Turns WebAssembly's text format into the bytes of a validated module. Throws if the text is not a valid module. */
export type Assembler = (text: string) => Promise<Uint8Array>;

/** The same synchronously, for measurements during lowering. */
export type AssembleNow = (text: string) => Uint8Array;
