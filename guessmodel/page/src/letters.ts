// Text that fits a width, by the widths of its letters.

import tokens from "../tokens.css";

const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null | undefined;

/** A font as the page has it: a widget's families are not those of the document around it. */
function fontOf(font: string): string {
  return font.replace(/(sans|serif)$/, (family) => new RegExp(`--gm-${family}: ([^;]+);`).exec(tokens)?.[1] ?? "sans-serif");
}

/** In points of the screen; fonts are those of CSS, with a family of the page: `600 14px serif`. */
function widthOf(text: string, font: string): number {
  context ??= document.createElement("canvas").getContext("2d");
  if (!context) return text.length * 9;
  let sum = 0;
  for (const letter of text) {
    const key = font + letter;
    let width = widths.get(key);
    if (width === undefined) {
      context.font = fontOf(font);
      width = context.measureText(letter).width;
      widths.set(key, width);
    }
    sum += width;
  }
  return sum;
}

/** As much of a text as fits. */
export function cut(text: string, width: number, font: string): string {
  if (widthOf(text, font) <= width) return text;
  let kept = text;
  while (kept && widthOf(`${kept}…`, font) > width) kept = kept.slice(0, -1).trimEnd();
  return `${kept}…`;
}

/** The first of several texts that fits, or what fits of the last. */
export function fitted(texts: string[], width: number, font: string): string {
  return texts.find((text) => widthOf(text, font) <= width) ?? cut(texts.at(-1) ?? "", width, font);
}

// One number or two, each perhaps with its ±; behind them the unit, which may begin with a digit (1/day).
const NUMBERS = /^(\S+(?: ± \S+)?(?:(?: to | … )\S+(?: ± \S+)?)?)( .*)?$/;

/** The unit behind a number or two, with the blank before it. */
export function unitOf(text: string): string {
  return NUMBERS.exec(text)?.[2] ?? "";
}

/** A number that fits a width: without its unit where both do not, then without its ±, then with fewer digits. */
export function fitting(text: string, width: number, font: string): string {
  const numbers = text.slice(0, text.length - unitOf(text).length);
  const alone = numbers.replace(/ ± \S+/g, "");
  const fewer = [5, 4, 3, 2].map((digits) => coarser(alone, digits)).filter((each) => each !== alone && told(each) === told(alone));
  return fitted([text, numbers, ...[...(alone === numbers ? [] : [alone]), ...fewer].map((each) => `≈${each}`)], width, font);
}

/** Numbers with so many digits, whole ones as they are. */
function coarser(text: string, digits: number): string {
  return text.replace(/(\d+)\.\d+/g, (number, whole: string) => {
    const found = whole.length > digits ? Math.round(Number(number)).toString() : Number(Number(number).toPrecision(digits)).toString();
    return found.includes("e") ? number : found;
  });
}

/** How many numbers can be told apart. */
const told = (text: string) => new Set(text.split(/ to | … /)).size;
