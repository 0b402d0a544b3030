/** The page: takes an image, shows the five most probable classes and the time. */
import { loadClassifier, type Ranked, type Result } from './model.ts';
// digits
import { createPad } from './pad.ts';
// /digits
import { drawInto, pixelsOf } from './picture.ts';

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

const canvas = find<HTMLCanvasElement>('picture');
const file = find<HTMLInputElement>('file');
const drop = find('drop');

const loading = loadClassifier();
loading.then(({ about }) => (find('about').textContent = about), showError);

/** Runs the model on an image's pixels and shows what it finds. */
async function classify(pixels: ImageData): Promise<void> {
  const classifier = await loading;
  show(await classifier.classify(pixels));
}

function show({ ranked, milliseconds, target }: Result): void {
  find('error').textContent = '';
  find('time').textContent = `${milliseconds.toFixed(1)} ms, ${target}`;
  find('classes').replaceChildren(...ranked.map(rowOf));
}

function rowOf({ label, probability }: Ranked): HTMLElement {
  const percent = `${(probability * 100).toFixed(1)}%`;
  const bar = document.createElement('i');
  bar.style.width = percent;
  const row = document.createElement('li');
  row.append(span(label), span(percent), bar);
  return row;
}

function span(text: string): HTMLElement {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}

function showError(error: unknown): void {
  find('error').textContent = error instanceof Error ? error.message : String(error);
}

/** Takes an image from the file picker, the clipboard, a drop or the sample. */
async function take(source: Blob, name: string): Promise<void> {
  try {
    const picture = await createImageBitmap(source);
    drawInto(canvas, picture);
    canvas.setAttribute('aria-label', name);
    // digits
    pad.restart();
    // /digits
    await classify(pixelsOf(picture));
  } catch (error) {
    showError(error);
  }
}

function takeFirst(files: FileList | null | undefined): void {
  const image = [...(files ?? [])].find(({ type }) => type.startsWith('image/'));
  if (image) void take(image, image.name);
  else showError('This is not an image.');
}

file.addEventListener('change', () => {
  takeFirst(file.files);
  // The same file can be chosen again.
  file.value = '';
});
document.addEventListener('paste', ({ clipboardData }) => takeFirst(clipboardData?.files));

drop.addEventListener('dragover', (event) => {
  event.preventDefault();
  drop.classList.add('dragging');
});
drop.addEventListener('dragleave', () => drop.classList.remove('dragging'));
drop.addEventListener('drop', (event) => {
  event.preventDefault();
  drop.classList.remove('dragging');
  takeFirst(event.dataTransfer?.files);
});

find('sample').addEventListener('click', async () => {
  const response = await fetch(`${import.meta.env.BASE_URL}sample.png`);
  await take(await response.blob(), 'The sample');
});
// digits

const pad = createPad(canvas, () => {
  canvas.setAttribute('aria-label', 'Your drawing');
  classify(pixelsOf(canvas)).catch(showError);
});
find('clear').addEventListener('click', () => {
  pad.clear();
  canvas.setAttribute('aria-label', 'No image yet');
  find('classes').replaceChildren();
  find('time').textContent = 'The classes appear here.';
});
// /digits
