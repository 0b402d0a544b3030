/**
 * Words that this project's prose once used in a sense of its own, and what to write instead. A reader who knows the
 * field, but not the project, has to read such a sentence twice.
 */

interface Rule {
  /** What a message calls it. */
  readonly word: string;
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly instead: string;
  /** Uses in the ordinary sense, with the word. */
  readonly allowed?: RegExp;
}

export interface Finding {
  /** Place and length in the text. */
  readonly at: number;
  readonly length: number;
  readonly message: string;
}

const WORDS: readonly Rule[] = [
  {
    word: 'behind',
    pattern: /\bbehind\b/gi,
    instead: 'after',
    allowed: /\bbehind (a|the) (proxy|flag)\b|\b(leave|leaves|left)( [\w'`]+){0,6} behind\b/gi,
  },
  {
    word: 'hang on',
    pattern: /\b(hangs?|hanging|hung)\s+(\w+\s+)?(up)?on\b/gi,
    instead: 'depend on',
  },
  { word: 'anew', pattern: /\banew\b/gi, instead: 'again' },
  {
    word: 'tell',
    pattern: /\b(tells?|telling|told)\b/gi,
    instead: 'report, say or choose',
    allowed: /\b(tells?|told)( [\w'`,]+){0,6} apart\b/gi,
  },
  {
    word: 'face',
    pattern: /\bfac(e|es|ed|ing)\b/gi,
    instead: 'API or interface',
    allowed: /\bfaces? (detect|recogni)\w+|\bdetect\w* (of )?faces?\b/gi,
  },
  { word: 'house', pattern: /\b(houses?|housed)\b/gi, instead: 'module or folder' },
  { word: 'room', pattern: /\brooms?\b/gi, instead: 'memory, space or function' },
  { word: 'voice', pattern: /\bvoices?\b/gi, instead: 'message or style' },
  { word: 'speak', pattern: /\b(speaks?|speaking|spoke|spoken)\b/gi, instead: 'be about, name or describe' },
  {
    word: 'nobody',
    pattern: /\b(nobody|somebody|whoever)\b/gi,
    instead: 'the user, the caller, or "not ... "',
  },
];

const PREPOSITIONS = [
  ...[
    'About',
    'Above',
    'Across',
    'After',
    'Against',
    'Along',
    'Among',
    'As',
    'At',
    'Before',
    'Behind',
    'Below',
  ],
  ...[
    'Beside',
    'Besides',
    'Between',
    'Beyond',
    'By',
    'During',
    'For',
    'From',
    'In',
    'Inside',
    'Into',
    'Like',
  ],
  ...[
    'Of',
    'Off',
    'On',
    'Onto',
    'Out of',
    'Outside',
    'Over',
    'Per',
    'Since',
    'Through',
    'To',
    'Toward',
    'Towards',
  ],
  ...['Under', 'Until', 'Upon', 'Via', 'With', 'Within', 'Without'],
];

/** The first sentence of a documentation comment, in a source file or in a template that emits one. */
const FIRST_SENTENCE = new RegExp(`/\\*\\*[\\s*]*((?:${PREPOSITIONS.join('|')})\\b[^.;:]*)`, 'g');

/** `After a step, the rate is lower`: the phrase is followed by a clause. `Of the kernels, in order` has none. */
const isSentence = (text: string): boolean => !text.startsWith('Of ') && /^[^,]+,(\s+\S+){3}/.test(text);

export const wordNames: readonly string[] = WORDS.map(({ word }) => word);

/** The words of the list in a text, with their places. */
export function findWords(text: string, allow: readonly string[] = []): Finding[] {
  return WORDS.flatMap(({ word, pattern, instead, allowed }) => {
    if (allow.includes(word)) return [];
    const fine = allowed ? [...text.matchAll(allowed)] : [];
    const isFine = (at: number): boolean =>
      fine.some(({ 0: use, index }) => index <= at && at < index + use.length);
    return [...text.matchAll(pattern)]
      .filter(({ index }) => !isFine(index))
      .map(({ 0: found, index }) => ({
        at: index,
        length: found.length,
        message: `'${found}' (${word}): write ${instead}.`,
      }));
  });
}

/** Documentation comments in the text (with their `/**`) that begin with a preposition and go on as a fragment. */
export function findFragments(text: string): Finding[] {
  return [...text.matchAll(FIRST_SENTENCE)]
    .filter(({ 1: sentence }) => !isSentence(sentence!))
    .map(({ 0: comment, 1: sentence, index }) => ({
      at: index + comment.length - sentence!.length,
      length: sentence!.split(/\s/, 1)[0]!.length,
      message: `A comment that begins with '${sentence!.split(/\s/, 1)[0]}' has no subject: begin with a noun or a verb.`,
    }));
}
