/** A canvas to draw on in white. */
export function createPad(canvas, onStroke) {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const clear = () => {
    context.fillStyle = 'black';
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  const strokeTo = ({ offsetX, offsetY }) => {
    context.lineTo(
      (offsetX * canvas.width) / canvas.clientWidth,
      (offsetY * canvas.height) / canvas.clientHeight,
    );
    context.stroke();
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    context.lineWidth = canvas.width * 0.09;
    context.lineCap = context.lineJoin = 'round';
    context.strokeStyle = 'white';
    context.beginPath();
    strokeTo(event);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) strokeTo(event);
  });
  canvas.addEventListener('pointerup', onStroke);
  clear();
  return { clear, pixels: () => context.getImageData(0, 0, canvas.width, canvas.height) };
}
