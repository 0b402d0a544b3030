/** The site of docs/ builds, with the API from the docstrings; a link that leads nowhere fails the build. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../support/imports.ts';
import { documents } from './documents.ts';

const SITE = join(projectRoot, 'docs/.vitepress/dist');

describe('npm run docs:build', () => {
  beforeAll(() => {
    execFileSync('npm', ['run', 'docs:build'], { cwd: projectRoot, stdio: 'pipe' });
  }, 600_000);

  it('writes every page', () => {
    const names = documents.filter((file) => file.startsWith('docs/')).map((file) => file.slice(5, -3));
    const pages = [...names, 'architecture', 'contributing', 'api/cnnc', 'api/layers'];
    expect(pages.filter((name) => !existsSync(join(SITE, `${name}.html`)))).toEqual([]);
  });

  it('documents the functions of the library', () => {
    const page = readFileSync(join(SITE, 'api/cnnc.html'), 'utf8');
    for (const name of ['compile', 'defineModel', 'importModel', 'exportOnnx'])
      expect(page).toContain(`id="${name.toLowerCase()}"`);
  });

  it('links files of the repository, and pages among each other', () => {
    const page = readFileSync(join(SITE, 'how-it-works.html'), 'utf8');
    expect(page).toContain('href="/architecture.html"');
    const { repository } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      repository: { url: string };
    };
    const place = repository.url.replace(/^git\+|\.git$/g, '');
    expect(readFileSync(join(SITE, 'models.html'), 'utf8')).toContain(
      `href="${place}/blob/main/models/ultraface.ts"`,
    );
  });
});
