/**
 * The zip file that a checkpoint is: entries by name, inflated if they are deflated. The file's size bounds what is
 * read: entries may neither overlap nor claim more than deflate can make of their bytes.
 */
import { unzipSync, type UnzipFileInfo } from 'fflate';
import { fail, type Place } from '../../diagnostics/diagnostic.ts';

export interface Archive {
  /** The names of all entries. */
  readonly names: ReadonlySet<string>;
  /** Returns the contents of entries, which must exist. */
  read(names: readonly string[]): ReadonlyMap<string, Uint8Array>;
}

const SUBJECT = 'pytorch';
/** Deflate's best ratio: 258 bytes from 2 bits. */
const MAX_RATIO = 1032;
const MAX_INFLATED = 2 ** 32;
const MAX_ENTRIES = 1_000_000;

export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;

export function openArchive(bytes: Uint8Array, place: Place): Archive {
  const names = new Set<string>();
  unzip(bytes, place, (entry) => {
    if (names.has(entry.name))
      fail('CNNC2021', SUBJECT, place, `two entries have the name ${JSON.stringify(entry.name)}`);
    if (names.size >= MAX_ENTRIES)
      fail('CNNC2026', SUBJECT, place, `it has more than ${MAX_ENTRIES} entries`);
    names.add(entry.name);
    return false;
  });
  return { names, read: (wanted) => readEntries(bytes, place, new Set(wanted)) };
}

function readEntries(
  bytes: Uint8Array,
  place: Place,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, Uint8Array> {
  const sizes = new Map<string, number>();
  let [packed, inflated] = [0, 0];
  const files = unzip(bytes, place, (entry) => {
    if (!wanted.has(entry.name)) return false;
    checkEntry(entry, place);
    packed += entry.size;
    inflated += entry.compression === 0 ? 0 : entry.originalSize;
    if (packed > bytes.length)
      fail('CNNC2021', SUBJECT, place, 'its entries overlap: together they are larger than the file');
    if (inflated > MAX_INFLATED)
      fail('CNNC2026', SUBJECT, place, `it inflates to more than ${MAX_INFLATED} bytes`);
    sizes.set(entry.name, entry.originalSize);
    return true;
  });
  for (const [name, content] of files)
    if (content.length !== sizes.get(name))
      fail(
        'CNNC2021',
        SUBJECT,
        place,
        `truncated: ${JSON.stringify(name)} has ${content.length} of ${sizes.get(name)} bytes`,
      );
  return files;
}

function checkEntry({ name, size, originalSize, compression }: UnzipFileInfo, place: Place): void {
  const refuse = (found: string): never =>
    fail('CNNC2021', SUBJECT, place, `the entry ${JSON.stringify(name)} ${found}`);
  if (compression !== 0 && compression !== 8)
    refuse(`has the compression ${compression}, expected none or deflate`);
  if (compression === 0 && size !== originalSize)
    refuse(`is stored in ${size} bytes and has ${originalSize}`);
  if (originalSize > MAX_RATIO * size + 64) refuse(`claims ${originalSize} bytes, packed into ${size}`);
}

/** Unzips the entries. An error that fflate or a view throws here means that the file is broken. */
function unzip(
  bytes: Uint8Array,
  place: Place,
  choose: (entry: UnzipFileInfo) => boolean,
): ReadonlyMap<string, Uint8Array> {
  let refused: unknown;
  try {
    const files = unzipSync(bytes, {
      filter(entry) {
        try {
          return choose(entry);
        } catch (error) {
          refused = error;
          throw error;
        }
      },
    });
    return new Map(Object.entries(files));
  } catch (error) {
    if (error === refused) throw error;
    return fail(
      'CNNC2021',
      SUBJECT,
      place,
      `the zip file is truncated or damaged: ${(error as Error).message}`,
    );
  }
}
