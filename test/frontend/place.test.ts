/** Places of models: frames of every engine, and paths from the working folder, wherever the compiler runs. */
import { describe, expect, it } from 'vitest';
import { fromHere, relativePath, stackFrames } from '../../compiler/frontend/place.ts';

describe('frames of a stack', () => {
  it.each<[string, string, string | undefined]>([
    ['V8, a path', '    at build (/models/net.ts:31:12)', '/models/net.ts:31'],
    ['V8, a path alone', '    at /models/net.ts:3:1', '/models/net.ts:3'],
    ['V8, a path with a parenthesis', '    at /models (old)/net.ts:3:1', '/models (old)/net.ts:3'],
    ['V8, a file URL', '    at async file:///models/my%20net.ts?x=1:3:1', '/models/my net.ts:3'],
    ['V8, a page', '    at f (https://example.org/a/net.js?v=2:7:1)', 'https://example.org/a/net.js:7'],
    ['V8 on Windows', '    at f (C:\\models\\net.ts:7:1)', 'C:/models/net.ts:7'],
    ['V8 on Windows, a file URL', '    at f (file:///C:/models/net.ts:7:1)', 'C:/models/net.ts:7'],
    ['Firefox and Safari', 'build@https://example.org/net.js:31:12', 'https://example.org/net.js:31'],
    ['Safari without a name', '@http://localhost:8080/net.js:31:12', 'http://localhost:8080/net.js:31'],
    ['of Node itself', '    at node:internal/modules:1:2', undefined],
    ['without a place', '    at new Promise (<anonymous>)', undefined],
    ['a message', 'Error: at noon: 12:30', undefined],
  ])('%s', (_, line, expected) => {
    const [frame] = stackFrames(line);
    expect(frame && `${frame.file}:${frame.line}`).toBe(expected);
  });

  it('come innermost first', () => {
    const stack = 'Error: x\n    at a (/1.ts:1:1)\n    at <anonymous>\n    at b (/2.ts:2:1)';
    expect(stackFrames(stack)).toEqual([
      { file: '/1.ts', line: 1 },
      { file: '/2.ts', line: 2 },
    ]);
  });
});

describe('a path from a folder', () => {
  it.each([
    ['/work/cnnc', '/work/cnnc/models/net.ts', 'models/net.ts'],
    ['/work/cnnc/', '/work/net.ts', '../net.ts'],
    ['/work/cnnc', '/tmp/a/net.ts', '../../tmp/a/net.ts'],
    ['/', '/net.ts', 'net.ts'],
    ['C:/work', 'C:/work/net.ts', 'net.ts'],
    ['C:/work', 'D:/net.ts', 'D:/net.ts'],
    ['https://example.org/app/', 'https://example.org/app/models/net.js', 'models/net.js'],
    ['https://example.org/app/', 'https://other.org/net.js', 'https://other.org/net.js'],
  ])('%s to %s', (from, to, expected) => expect(relativePath(from, to)).toBe(expected));

  it("is the process' folder in Node", () => {
    expect(fromHere(`${process.cwd()}/models/net.ts`)).toBe('models/net.ts');
  });
});
