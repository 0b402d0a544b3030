/**
 * The files around the code: what the workflow, `.ci/run` and CONTRIBUTING.md run exists, and line ends do not depend on
 * Git's settings.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';

const WORKFLOW = '.github/workflows/ci.yml';
const FORMS = readdirSync('.github/ISSUE_TEMPLATE').map((name) => `.github/ISSUE_TEMPLATE/${name}`);

const read = (file: string): string => readFileSync(file, 'utf8');
const { scripts, engines } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  engines: { node: string };
};

/** What is named in a text and is not there: npm scripts, files for Node, folders and files of tests. */
function missing(text: string): string[] {
  const npm = [...text.matchAll(/\bnpm (?:run ([\w:]+)|(test)\b)/g)].map(([, run, test]) => run ?? test!);
  const node = [...text.matchAll(/\bnode ([\w./-]+\.[cm]?js)\b/g)].map(([, file]) => file!);
  const tests = [...text.matchAll(/(?<=(?:vitest run|test:slow --)[^#\n]*\s)test\/[\w./-]+/g)].map(
    ([path]) => path,
  );
  const isThere = (path: string): boolean => {
    const [, folder, start] = /^(.*)\/(.*)$/.exec(path)!;
    return existsSync(folder!) && readdirSync(folder!).some((name) => name.startsWith(start!));
  };
  return [
    ...npm.filter((name) => !(name in scripts)).map((name) => `npm run ${name}`),
    ...node.filter((file) => !existsSync(file)),
    ...tests.filter((path) => !isThere(path)),
  ];
}

describe('commands', () => {
  it.each([WORKFLOW, '.ci/run', 'CONTRIBUTING.md', '.github/PULL_REQUEST_TEMPLATE.md'])(
    '%s runs what exists',
    (file) => {
      const text = read(file);
      expect(text).toMatch(/npm (run|test)/);
      expect(missing(text)).toEqual([]);
    },
  );

  it('that do not exist are found', () => {
    expect(missing('run: npm run lint && npm run lnit\nnpm test -- test/nothing')).toEqual(['npm run lnit']);
    expect(missing('node bin/cnnc.js x; node bin/cnc.js')).toEqual(['bin/cnc.js']);
    expect(missing('npx vitest run test/ops test/opz -t x')).toEqual(['test/opz']);
    expect(missing('npm run test:slow -- test/models/agrees.slow test/nets')).toEqual(['test/nets']);
  });

  it('scripts of package.json name configurations that exist', () => {
    const files = Object.values(scripts).flatMap((script) => script.match(/[\w./]+\.ts\b/g) ?? []);
    expect(files).toContain('vitest.unit.config.ts');
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('the workflow', () => {
  it.each([WORKFLOW, ...FORMS])('%s is YAML, as prettier would write it', async (file) => {
    expect(await format(read(file), { parser: 'yaml', singleQuote: true, printWidth: 110 })).toBe(read(file));
  });

  it('runs the oldest Node that is supported, which .nvmrc names', () => {
    const oldest = read('.nvmrc').trim();
    expect(engines.node).toMatch(new RegExp(`^>=${oldest}(\\.|$)`));
    expect(read(WORKFLOW)).toContain(`node: [${oldest}, `);
    expect(read(WORKFLOW).match(/container: node:(\d+)/g)).toEqual(
      Array<string>(2).fill(`container: node:${oldest}`),
    );
  });
});

describe('XDG_RUNTIME_DIR', () => {
  it('is a folder, in tests and in what they start, that others cannot open', () => {
    const program = 'process.stdout.write(process.env.XDG_RUNTIME_DIR)';
    const folder = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    expect(isAbsolute(folder)).toBe(true);
    expect(statSync(folder).isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(statSync(folder).mode & 0o77).toBe(0);
  });
});

describe('.gitattributes', () => {
  it('gives all text the same line ends, and leaves bytes alone', () => {
    const files = execFileSync('git', ['ls-files', '--eol'], { encoding: 'utf8' }).trim().split('\n');
    const attributes = files.map((line) => /^i\/(\S*)\s+w\/\S*\s+attr\/(.*?)\s*\t(.*)$/.exec(line)!.slice(1));
    expect(attributes.length).toBeGreaterThan(1000);
    const isRight = ([index, attribute]: readonly string[]): boolean =>
      index === '-text' ? attribute === '-text' : /\beol=lf\b/.test(attribute!) && index !== 'crlf';
    expect(attributes.filter((one) => !isRight(one))).toEqual([]);
  });
});
