/** Marks the typed words in a label, whatever their case and accents. */

const ACCENTED = /[À-ɏ]/g; // Latin letters, each of which has one base letter

/** Returns the text in lower case without accents, as long as before. */
const fold = (text: string) => text.replace(ACCENTED, (letter) => letter.normalize("NFD")[0]!).toLowerCase();

/** Returns the label as nodes, with the first place of each typed word in bold. Words match at the start of a word. */
export function markWords(label: string, typed: string): Node[] {
  const text = label.normalize("NFC");
  const words = fold(typed.normalize("NFC")).split(/[^\p{L}\p{N}]+/u);
  const places = words.filter(Boolean).map((word) => ({ start: findWord(fold(text), word), length: word.length }));
  const nodes: Node[] = [];
  let end = 0;
  for (const { start, length } of places.sort((first, second) => first.start - second.start)) {
    if (start < end) continue; // it is not in the label (-1), or a part of the word before
    nodes.push(new Text(text.slice(end, start)), buildBold(text.slice(start, start + length)));
    end = start + length;
  }
  return [...nodes, new Text(text.slice(end))];
}

const findWord = (label: string, word: string): number => label.search(new RegExp(`(?<![\\p{L}\\p{N}])${word}`, "u"));

function buildBold(text: string): HTMLElement {
  const bold = document.createElement("b");
  bold.textContent = text;
  return bold;
}
