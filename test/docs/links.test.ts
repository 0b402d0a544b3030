/** Every link of the documents to a file of the repository, and to a heading, leads somewhere. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, readDocument, withoutCode } from './documents.ts';

const FILES = [...documents, 'ARCHITECTURE.md', 'CONTRIBUTING.md'];

/** Targets of links; those with a scheme are other people's pages. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)|^ *link: (\S+)/gm)]
    .map(([, inline, reference, action]) => (inline ?? reference ?? action)!)
    .filter((link) => !/^[a-z]+:/.test(link));

/** Names of headings as GitHub makes them. */
function anchorsOf(file: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading] of withoutBlocks(readFileSync(file, 'utf8')).matchAll(/^#+ (.*)$/gm)) {
    const words = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    let name = slug;
    for (let again = 1; anchors.has(name); again++) name = `${slug}-${again}`;
    anchors.add(name);
  }
  return anchors;
}

const withoutBlocks = (text: string): string => text.replace(/^```[^]*?^```/gm, '');

/** What is wrong with a link of a file, or undefined. */
function problemOf(file: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  // A link from the root is one of the site's own pages.
  const target = path.startsWith('/')
    ? `docs${path}.md`
    : path === ''
      ? file
      : normalize(join(dirname(file), path));
  if (target.startsWith('..')) return 'leaves the repository';
  if (!existsSync(target)) return `there is no ${target}`;
  if (anchor === undefined) return undefined;
  if (statSync(target).isDirectory()) return 'a folder has no headings';
  return anchorsOf(target).has(anchor) ? undefined : `${target} has no heading for #${anchor}`;
}

describe('links', () => {
  it.each(FILES)('of %s lead somewhere', (file) => {
    const links = linksOf(withoutCode(readDocument(file)));
    const problems = links.flatMap((link) => {
      const problem = problemOf(file, link);
      return problem === undefined ? [] : [`${link}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });

  it('are found at all, and wrong ones are reported', () => {
    const text = '[a](docs/compile.md#weights) `[b](x.md)` [c](https://example.org)\n\n[d]: docs/zoo.md\n';
    expect(linksOf(withoutCode(text))).toEqual(['docs/compile.md#weights', 'docs/zoo.md']);
    expect(problemOf('README.md', 'docs/compile.md#weights')).toBeUndefined();
    expect(problemOf('README.md', 'docs/compile.md#wights')).toMatch(/no heading/);
    expect(problemOf('docs/zoo.md', '../models/nothing.ts')).toBe('there is no models/nothing.ts');
    expect(problemOf('README.md', '../other')).toBe('leaves the repository');
  });

  it('lead from README.md or another page to every page', () => {
    const reached = new Set(
      documents.flatMap((file) =>
        linksOf(withoutCode(readDocument(file))).map((link) =>
          normalize(join(dirname(file), link.split('#')[0]!)),
        ),
      ),
    );
    const pages = documents.filter((file) => file !== 'README.md' && file !== 'docs/index.md');
    expect(pages.filter((file) => !reached.has(file))).toEqual([]);
  });
});
