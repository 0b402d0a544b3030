/**
 * Runs one program in all places: `use.js` exports `use()`, and a page, a worker of a page and a Node program call it
 * and report the result. There are no inline scripts, because a policy may forbid them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from '../support/folders.ts';
import type { Said } from './chromium.ts';

const html = (script: string): string => `<!doctype html>
<html>
  <head><meta charset="utf-8" /><title>test</title><link rel="icon" href="data:," /></head>
  <body><output></output><script type="module" src="./${script}"></script></body>
</html>
`;

const SAY = `import { use } from './use.js';
use().then(
  (answer) => say({ answer }),
  (error) => say({ error: error.message }),
);
`;

const IN_PAGE = `const say = (said) => (document.querySelector('output').textContent = JSON.stringify(said));\n`;
const IN_WORKER = `const say = (said) => postMessage(said);\n`;
const IN_NODE = `const say = (said) => console.log(JSON.stringify(said));\n`;

const WORKER = `
const worker = new Worker(new URL('./work.js', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => say(data);
worker.onerror = ({ message }) => say({ error: \`the worker: \${message}\` });
`;

/** `page.html` and `worker.html` run the body of `use`; `node.js` prints what it answers. */
export function writePages(folder: string, imports: string, body: string): void {
  mkdirSync(folder, { recursive: true });
  const files: Readonly<Record<string, string>> = {
    'use.js': `${imports}\nexport async function use() {\n${body}\n}\n`,
    'page.html': html('page.js'),
    'page.js': IN_PAGE + SAY,
    'worker.html': html('worker.js'),
    'worker.js': IN_PAGE + WORKER,
    'work.js': IN_WORKER + SAY,
    'node.js': IN_NODE + SAY,
    'package.json': '{ "type": "module" }',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Relaxed SIMD stands behind a flag there, and only there. */
const FLAGS = process.versions.node.startsWith('20.') ? ['--experimental-wasm-relaxed-simd'] : [];

/** What Node says. */
export const runPages = (folder: string): Said => JSON.parse(runNode(folder, ...FLAGS, 'node.js')) as Said;
