/** The pages and workers of the documents, in Chromium: what they show is what Node computes. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { describeInChromium } from '../browser/chromium.ts';
import { createServers } from '../browser/server.ts';
import { esbuild } from '../browser/esbuild.ts';
import { createFolders } from '../support/folders.ts';
import { projectRoot } from '../support/imports.ts';
import { importPackage } from '../support/packages.ts';
import { BLOCKS } from './blocks.ts';
import { commandsIn } from './commands.ts';

const newFolder = createFolders();
const serve = createServers();

const blockWith = (holds: string): string =>
  BLOCKS.find(({ file, text }) => file === 'docs/in-a-page.md' && text.includes(holds))!.text;

/** A folder with packages of `generated/`. */
function folderWith(...names: readonly string[]): string {
  const folder = newFolder();
  for (const name of names)
    cpSync(join(projectRoot, 'generated', name), join(folder, 'generated', name), { recursive: true });
  return folder;
}

const HEAD = '<!doctype html><meta charset="utf-8" /><link rel="icon" href="data:," /><output></output>';

/** Writes a page that shows what its script `say`s. */
function writePage(folder: string, scripts: string): string {
  const say = 'const say = (said) => (document.querySelector("output").textContent = JSON.stringify(said));';
  writeFileSync(join(folder, 'page.html'), `${HEAD}<script>${say}</script>${scripts}`);
  return 'page.html';
}

async function logitsOf(image: Float32Array): Promise<number[]> {
  const { load } = await importPackage(join(projectRoot, 'generated/lenet5'));
  const model = await load();
  return [...model.forward({ image })['logits']!];
}

describeInChromium('the page about pages', (open) => {
  it('has a page without a bundler that reads a digit', async () => {
    const folder = folderWith('lenet5');
    cpSync(join(projectRoot, 'models/images/three.png'), join(folder, 'three.png'));
    // A file is chosen as a user would; the page then shows its classes in the output.
    const choose = `<script type="module">
      const bytes = await (await fetch('three.png')).blob();
      const files = new DataTransfer();
      files.items.add(new File([bytes], 'three.png'));
      const input = document.querySelector('input');
      while (!input.onchange) await new Promise((resolve) => setTimeout(resolve, 20));
      const output = document.querySelector('output');
      input.files = files.files;
      const shown = new MutationObserver(() => {
        shown.disconnect();
        output.textContent = JSON.stringify({ answer: output.textContent });
      });
      // The harness reads an answer in JSON.
      shown.observe(output, { childList: true });
      input.dispatchEvent(new Event('change'));
    </script>`;
    writeFileSync(join(folder, 'page.html'), blockWith('<!doctype html>') + choose);
    const { answer } = await open(`${await serve(folder)}page.html`);
    expect(answer).toMatch(/^3: (?:9\d|100)\.\d %, \d: \d+\.\d %, \d: \d+\.\d %$/);
  });

  it('has a worker', async () => {
    const folder = folderWith('lenet5');
    writeFileSync(join(folder, 'worker.js'), blockWith('// worker.js'));
    const page = writePage(
      folder,
      `<script>
        const worker = new Worker('worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => say({ answer: [...data] });
        worker.onerror = ({ message }) => say({ error: message });
        worker.postMessage(new Float32Array(1024));
      </script>`,
    );
    expect(await open((await serve(folder)) + page)).toEqual({
      answer: await logitsOf(new Float32Array(1024)),
    });
  });

  it('has one file that runs from file://', async () => {
    const folder = folderWith('lenet5-wasm');
    const program = blockWith('import kernels from').replace('console.log(', 'say(');
    writeFileSync(join(folder, 'app.js'), program.replace(/say\((.*)\)\);$/, 'say({ answer: $1 }));'));
    const flags = commandsIn(blockWith('--format=iife'))[0]!;
    const loader = Object.fromEntries(
      [...flags.matchAll(/--loader:(\.\w+)=(\w+)/g)].map(([, end, how]) => [end!, how!] as const),
    );
    expect(Object.keys(loader)).toEqual(['.wasm', '.safetensors']);
    const bundled = { bundle: true, format: 'iife', target: 'es2022', loader, logLevel: 'silent' };
    const outfile = join(folder, 'dist/app.js');
    await esbuild.build({ ...bundled, entryPoints: [join(folder, 'app.js')], outfile });
    const page = writePage(folder, '<script src="dist/app.js"></script>');
    const { answer, error } = await open(pathToFileURL(join(folder, page)).href);
    expect(error).toBeUndefined();
    const logits = Object.values((answer as { logits: Record<string, number> }).logits);
    const expected = await logitsOf(new Float32Array(1024));
    expect(logits).toHaveLength(10);
    logits.forEach((logit, i) => expect(Math.abs(logit - expected[i]!)).toBeLessThan(1e-4));
  });
});
