/** Reads the photos of the test data that are BMP, which `sharp` does not: 24 bits, uncompressed, bottom-up. */
export interface RgbImage {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export function decodeBmp(file: Buffer): RgbImage {
  const [start, width, height] = [file.readUInt32LE(10), file.readInt32LE(18), file.readInt32LE(22)];
  if (file.readUInt16LE(28) !== 24 || height < 0) throw new Error('only 24-bit bottom-up BMP');
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = start + (height - 1 - y) * rowBytes;
    for (let i = 0; i < width * 3; i++) pixels[y * width * 3 + i] = file[row + i - (i % 3) + 2 - (i % 3)]!;
  }
  return { pixels, width, height };
}
