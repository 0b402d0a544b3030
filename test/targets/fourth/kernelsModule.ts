/** `kernels.ts` of a package: the kernels as data, which `interpreter.ts` makes functions of; and as text for a reader. */
import { readFileSync } from 'node:fs';
import { docComment } from '../../../compiler/emit/text.ts';
import type { EmittedFile } from '../../../compiler/emit/types.ts';
import { printKernel } from '../../../compiler/kernel/printer.ts';
import type { Expr, Kernel, Statement } from '../../../compiler/kernel/types.ts';
import type * as Data from './interpreter.ts';

export function kernelsSource(name: string, kernels: readonly Kernel[]): EmittedFile {
  const header = docComment([`The kernels of ${name} as data; kernels.txt has them for reading.`]);
  const imports = "import { interpreted, type Kernel } from './interpreter.js';\n";
  const text = [`${header}${imports}`, ...kernels.map(kernelSource)].join('\n');
  return { kind: 'formatted', text };
}

export const kernelsText = (kernels: readonly Kernel[]): string =>
  kernels.map((kernel) => `${printKernel(kernel)}\n`).join('\n');

/** The interpreter as it stands beside this file. */
export const interpreterSource = (): EmittedFile => ({
  kind: 'formatted',
  text: readFileSync(new URL('./interpreter.ts', import.meta.url), 'utf8'),
});

function kernelSource(kernel: Kernel): string {
  const names = literal(kernel.buffers.map((buffer) => buffer.name));
  const lines = dataOf(kernel.body).map((statement) => `  ${literal(statement)},`);
  return `${docComment(kernel.comment)}export const ${kernel.name}: Kernel = interpreted(${names}, [\n${lines.join('\n')}\n]);\n`;
}

/** A number as source: JSON has no infinities and no -0. */
function literal(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key}: ${literal(one)}`)
    .join(', ')} }`;
}

/** What the interpreter runs. */
export const dataOf = (body: readonly Statement[]): Data.Statement[] => body.flatMap(statementsOf);

function statementsOf(s: Statement): Data.Statement[] {
  switch (s.kind) {
    case 'for': {
      const { kind, name, step } = s;
      return [{ kind, name, from: exprOf(s.from), to: exprOf(s.to), step, body: dataOf(s.body) }];
    }
    case 'if': {
      const [then, otherwise] = [dataOf(s.then), dataOf(s.otherwise)];
      return [{ kind: 'if', condition: exprOf(s.condition), then, otherwise }];
    }
    case 'declare':
    case 'assign':
      return [{ kind: s.kind, name: s.name, value: exprOf(s.value) }];
    case 'store':
      return [{ kind: 'store', buffer: s.buffer, index: exprOf(s.index), value: exprOf(s.value) }];
    case 'block':
      if (s.grid) throw new Error('the interpreter runs no grids');
      return [{ kind: 'block', body: dataOf(s.body) }];
    case 'comment':
      return [];
    case 'barrier':
    case 'reduce':
      throw new Error(`the interpreter runs no ${s.kind}`);
  }
}

function exprOf(e: Expr): Data.Expr {
  switch (e.kind) {
    case 'const':
    case 'var':
      return e;
    case 'load':
      return { ...e, index: exprOf(e.index) };
    case 'unary':
    case 'cast':
      return { ...e, value: exprOf(e.value) };
    case 'binary':
      return { ...e, left: exprOf(e.left), right: exprOf(e.right) };
    case 'fma':
      return { ...e, a: exprOf(e.a), b: exprOf(e.b), c: exprOf(e.c) };
    case 'select':
      return {
        ...e,
        condition: exprOf(e.condition),
        then: exprOf(e.then),
        otherwise: exprOf(e.otherwise),
      };
    case 'splat':
    case 'vector':
    case 'lane':
      throw new Error(`the interpreter knows no ${e.kind}`);
  }
}
