/** Images and their pixels. */

export type Picture = ImageBitmap | HTMLCanvasElement;

/** Larger images take longer to resize, and show the model nothing more. */
const MOST = 1024;

/** The pixels as RGBA. */
export function pixelsOf(picture: Picture): ImageData {
  const scale = Math.min(1, MOST / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const context = contextOf(new OffscreenCanvas(width, height));
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Draws all of the picture into the middle of the canvas. */
export function drawInto(canvas: HTMLCanvasElement, picture: Picture): void {
  const context = contextOf(canvas);
  const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = scale < 2;
  context.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function contextOf(canvas: HTMLCanvasElement | OffscreenCanvas): Context {
  const context = canvas.getContext('2d', { willReadFrequently: true }) as Context | null;
  if (!context) throw new Error('This browser has no canvas.');
  return context;
}
