/** Writes the folder of an app: the template's files with their placeholders filled in, the model, and its module. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';
import { fileReason } from '../../host/fileErrors.ts';
import { packageRoot } from '../../host/packageRoot.ts';
import type { AppModel } from './appModel.ts';
import { MODEL_FOLDER } from './modelModule.ts';

export interface App {
  readonly folder: string;
  /** The name in package.json. */
  readonly name: string;
  /** Which version of cnnc the app depends on, as package.json states it. */
  readonly cnnc: string;
  readonly model: AppModel;
  readonly moduleText: string;
  readonly labels: readonly string[] | undefined;
  /** The page has a pad to draw digits on. */
  readonly hasPad: boolean;
}

const TEMPLATE = join(packageRoot, 'templates', 'app');
const DIGIT = join(packageRoot, 'models', 'images', 'three.png');

/** npm leaves files of this name out of packages. */
const RENAMED: Readonly<Record<string, string>> = { _gitignore: '.gitignore' };

/** Refuses a folder that holds something. */
export function checkAppFolder(folder: string): void {
  if (!existsSync(folder)) return;
  const isFree = statSync(folder).isDirectory() && readdirSync(folder).every((name) => name === '.git');
  if (!isFree)
    fail(
      'CNNC5006',
      'cnnc init',
      { file: folder },
      'the folder is not empty, expected a new or an empty one',
    );
}

/** The paths that were written, from the folder. */
export function writeApp(app: App): string[] {
  const written: string[] = [];
  const place = (path: string): string => {
    written.push(path);
    const file = join(app.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  };
  try {
    for (const path of templateFiles(app)) {
      const target = place(RENAMED[path] ?? path);
      if (path.endsWith('.png')) cpSync(app.hasPad ? DIGIT : join(TEMPLATE, path), target);
      else writeFileSync(target, fillIn(readFileSync(join(TEMPLATE, path), 'utf8'), app));
    }
    writeFileSync(place('src/model.ts'), app.moduleText);
    for (const [path, file] of app.model.files) cpSync(file, place(`src/${MODEL_FOLDER}/${path}`));
    if (app.labels) writeFileSync(place('src/labels.txt'), `${app.labels.join('\n')}\n`);
  } catch (error) {
    fail('CNNC5002', 'cnnc init', { file: app.folder }, `cannot be written: ${fileReason(error)}`);
  }
  return written.sort();
}

const templateFiles = ({ hasPad }: App): string[] =>
  (readdirSync(TEMPLATE, { recursive: true }) as string[])
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(TEMPLATE, path)).isFile() && (hasPad || path !== 'src/pad.ts'));

function fillIn(text: string, { name, cnnc, model, hasPad }: App): string {
  // Large enough to see, small enough for a phone; a pad's pixels are its drawing.
  const values: Readonly<Record<string, string>> = {
    name,
    cnnc,
    title: model.name,
    canvas: hasPad ? '280' : '448',
  };
  return keepParts(text, { digits: hasPad, images: !hasPad }).replace(
    /\{\{(\w+)\}\}/g,
    (_, key: string) => values[key]!,
  );
}

/** Keeps or removes the lines between `// digits` and `// /digits`, or the same as comments of HTML; never the marks. */
function keepParts(text: string, parts: Readonly<Record<string, boolean>>): string {
  let isKept = true;
  const lines = text.split('\n').filter((line) => {
    const [, end, part] = /^\s*(?:\/\/|<!--) (\/?)(digits|images)(?: -->)?$/.exec(line) ?? [];
    if (part === undefined) return isKept;
    isKept = end === '/' || parts[part]!;
    return false;
  });
  return lines.join('\n');
}
