/** A canvas to draw on: white strokes on black, as the digits that the network has learned. */

export interface Pad {
  clear(): void;
  /** The next stroke begins a new drawing: the canvas shows something else now. */
  restart(): void;
}

/** Thickness of a stroke, as a share of the canvas. MNIST's strokes are about as thick. */
const STROKE = 0.09;

/** `onStroke` is called after every stroke. */
export function createPad(canvas: HTMLCanvasElement, onStroke: () => void): Pad {
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  let isNew = true;
  const restart = (): void => void (isNew = true);
  const clear = (): void => {
    context.fillStyle = 'black';
    context.fillRect(0, 0, canvas.width, canvas.height);
    restart();
  };
  const place = ({ offsetX, offsetY }: PointerEvent): [number, number] => [
    (offsetX * canvas.width) / canvas.clientWidth,
    (offsetY * canvas.height) / canvas.clientHeight,
  ];
  const strokeTo = (event: PointerEvent): void => {
    context.lineTo(...place(event));
    context.stroke();
  };
  canvas.classList.add('pad');
  canvas.addEventListener('pointerdown', (event) => {
    if (isNew) clear();
    isNew = false;
    canvas.setPointerCapture(event.pointerId);
    context.lineWidth = canvas.width * STROKE;
    context.lineCap = context.lineJoin = 'round';
    context.strokeStyle = 'white';
    context.beginPath();
    context.moveTo(...place(event));
    strokeTo(event);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) strokeTo(event);
  });
  canvas.addEventListener('pointerup', onStroke);
  clear();
  return { clear, restart };
}
