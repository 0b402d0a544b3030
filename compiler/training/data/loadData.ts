/**
 * Loads what `--data` names: `mnist`, `mnist:DIR`, `cifar10:DIR`, `folder:DIR`. A new data set needs a file and a
 * line here. The result fits the model: classes, planes and extents.
 */
import { fail, nearest } from '../../diagnostics/diagnostic.ts';
import { loadCifar10 } from './cifar10.ts';
import type { DataSet } from '../dataset.ts';
import { loadImageFolder, type FolderSite } from './imageFolder.ts';
import { loadMnist } from './mnist.ts';

export interface DataSite extends Omit<FolderSite, 'toLevels'> {
  /** Number of classes of the model. */
  readonly classes: number;
  /** Absent if the model declares no `preprocess`. */
  readonly toLevels?: FolderSite['toLevels'];
}

type Load = (name: string, folder: string | undefined, site: DataSite) => DataSet;

const SUBJECT = '--data';

const LOADERS = {
  mnist: loadMnist,
  cifar10: (name, folder) => loadCifar10(name, folder ?? needsFolder(name)),
  folder: (name, folder, { toLevels, ...site }) => {
    if (!toLevels)
      return fail('CNNC6002', SUBJECT, {}, 'images from a folder need a model with `preprocess: { ... }`');
    return loadImageFolder(name, folder ?? needsFolder(name), { ...site, toLevels });
  },
} satisfies Readonly<Record<string, Load>>;

type Known = keyof typeof LOADERS;

const needsFolder = (name: string): never =>
  fail('CNNC6001', SUBJECT, {}, `${name} needs a folder, as in ${name}:data/${name}`);

export function loadData(name: string, site: DataSite): DataSet {
  const [kind, folder] = splitName(name);
  const load: Load = LOADERS[kind];
  const data = load(name, folder, site);
  checkClasses(data, site.classes);
  return data;
}

/** Splits the option's value. Refuses an unknown name before anything is compiled. */
export function splitName(name: string): [kind: Known, folder: string | undefined] {
  const colon = name.indexOf(':');
  const kind = colon < 0 ? name : name.slice(0, colon);
  const known = Object.keys(LOADERS);
  if (!known.includes(kind)) {
    const near = nearest(kind, known);
    const expected = near
      ? `, did you mean ${near}?`
      : '; expected mnist, mnist:DIR, cifar10:DIR or folder:DIR';
    fail('CNNC6001', SUBJECT, {}, `there is no data set ${JSON.stringify(kind)}${expected}`);
  }
  return [kind as Known, colon < 0 ? undefined : name.slice(colon + 1)];
}

function checkClasses(data: DataSet, classes: number): void {
  for (const { labels } of [data.train, data.validation]) {
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong < 0) continue;
    const label = labels[wrong]!;
    const known = data.classes[label] ?? String(label);
    const named = known === String(label) ? known : `${label} (${known})`;
    const range = `${classes} classes: 0 to ${classes - 1}`;
    fail('CNNC6008', SUBJECT, {}, `${data.name} has the label ${named}, the model has ${range}`);
  }
}
