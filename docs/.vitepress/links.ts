/**
 * Links of the documents on the site. In the repository they are relative paths. A link to a page becomes the page's place
 * on the site; a link to another file leads to the repository, or is text where package.json names none.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const repository = readRepository();

/** The part of a token that the rule needs. */
interface Token {
  readonly type: string;
  tag: string;
  attrs: unknown;
  readonly children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

interface State {
  readonly env: { readonly realPath?: string; readonly path: string };
  readonly tokens: readonly Token[];
}

export function linkToSite({ env, tokens }: State): void {
  const folder = dirname(env.realPath ?? env.path);
  for (const { children } of tokens) {
    let isText = false;
    for (const token of children ?? []) {
      const href = token.type === 'link_open' ? (token.attrGet('href') ?? '') : undefined;
      if (href !== undefined) {
        const place = isElsewhere(href) ? href : placeOf(folder, href);
        isText = place === undefined;
        if (place !== undefined) token.attrSet('href', place);
        else token.attrs = null;
      }
      if (isText && token.type.startsWith('link_')) token.tag = 'span';
    }
  }
}

/** Other sites, places of this site, and headings of the same page. */
const isElsewhere = (href: string): boolean => /^([a-z]+:|\/|#)/.test(href);

function placeOf(folder: string, href: string): string | undefined {
  const [path = '', anchor] = href.split('#');
  const file = relative(root, join(folder, decodeURI(path)))
    .split(sep)
    .join('/');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const page = pageOf(file);
  if (page !== undefined) return `/${page}${hash}`;
  if (!existsSync(join(root, file))) throw new Error(`a link leads to ${file}, which does not exist`);
  return repository && `${repository}/blob/main/${file}${hash}`;
}

function pageOf(file: string): string | undefined {
  if (/^(ARCHITECTURE|CONTRIBUTING)\.md$/.test(file)) return file.toLowerCase();
  return /^docs\/(.*\.md)$/.exec(file)?.[1];
}

/** The repository's page, or undefined. */
function readRepository(): string | undefined {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository?: string | { readonly url: string };
  };
  const url = typeof repository === 'object' ? repository.url : repository;
  return url?.replace(/^git\+/, '').replace(/\.git$/, '');
}
