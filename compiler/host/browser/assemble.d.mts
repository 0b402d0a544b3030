/** Throws for a text that is no module. */
export function assemble(text: string): Uint8Array;
