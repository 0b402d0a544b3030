/**
 * The documentation as a site: the pages of `docs/`, ARCHITECTURE.md and CONTRIBUTING.md. It needs no network, neither
 * when it is built nor when it is read. A link to a page that does not exist fails the build.
 */
import { readdirSync } from 'node:fs';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { linkToSite, root } from './links.ts';

/** What the repository's root has for the site. */
const PARTS = ['docs', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];

const page = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link: `/${link}` });

const SIDEBAR: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      page('Getting started', 'getting-started'),
      page('Compiling', 'compile'),
      page('ONNX and other formats', 'formats'),
      page('Models', 'models'),
    ],
  },
  {
    text: 'Use',
    items: [
      page('The generated package', 'generated-package'),
      page('In a page', 'in-a-page'),
      page('The plugin for bundlers', 'plugin'),
      page('Where it runs', 'runtimes'),
      page('WebGPU', 'webgpu'),
      page('Training and fine-tuning', 'training'),
      page('The library', 'library'),
    ],
  },
  {
    text: 'Reference',
    items: [
      page('Command line', 'command-line'),
      page('Zoo', 'zoo'),
      page('Errors', 'errors'),
      page('API', 'api/'),
    ],
  },
  {
    text: 'Background',
    items: [
      page('Performance', 'performance'),
      page('Measured facts', 'facts'),
      page('How it works', 'how-it-works'),
      page('Architecture', 'architecture'),
      page('Contributing', 'contributing'),
    ],
  },
];

const NAV: DefaultTheme.NavItem[] = [
  { text: 'Guide', link: '/getting-started', activeMatch: '/(getting-started|compile|formats|models)' },
  { text: 'Command line', link: '/command-line' },
  { text: 'Zoo', link: '/zoo' },
  { text: 'API', link: '/api/' },
  { text: 'Performance', link: '/performance' },
];

export default defineConfig({
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/favicon.svg' }]],
  title: 'cnnc',
  description: 'A compiler for convolutional networks: a model in, a standalone npm module out.',
  lang: 'en',
  cleanUrls: false,
  // Pages outside of docs/ belong to the site as well.
  srcDir: '..',
  srcExclude: readdirSync(root).flatMap((name) => (PARTS.includes(name) ? [] : [name, `${name}/**`])),
  rewrites: {
    'ARCHITECTURE.md': 'architecture.md',
    'CONTRIBUTING.md': 'contributing.md',
    'docs/:path*': ':path*',
  },
  // A page of the API lists its names; below each are the same few headings.
  transformPageData: ({ relativePath, frontmatter }) => {
    if (relativePath.startsWith('api/')) frontmatter['outline'] = 2;
  },
  markdown: { config: (md) => void md.core.ruler.push('links', linkToSite) },
  themeConfig: {
    nav: NAV,
    sidebar: SIDEBAR,
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
