// The data of a page, as `report/view.py` makes them.

export interface Shape {
  kind: "point" | "discrete" | "bars" | "curve";
  /** None of a curve whose heights are those of equally wide cells of the axis. */
  x: number[];
  y: number[];
  low: number;
  high: number;
  /** The scale is logarithmic beyond this size; null: it is linear. */
  log: number | null;
  atoms: [number, number][];
  words: string[];
}

export interface Numbers {
  mean: number | null;
  p5: number | null;
  p50: number | null;
  p95: number | null;
}

/** An input, and how much it does. */
export interface DriverView {
  input: string;
  text: string;
  size: number;
}

export interface ElementView {
  labels: string[];
  mean: string;
  p5: string;
  p50: string;
  p95: string;
  value: string;
  /** As it is read, for what has no mean or is asked for it. */
  median: string;
  range: string;
  numbers: Numbers;
  /** The mean is a probability in percent, and all that there is to say. */
  chance: boolean;
  note?: string;
  shape?: Shape;
  drivers: DriverView[];
  /** What the numbers of the drivers are. */
  measure: string;
}

export interface Box {
  name: string;
  role: "constant" | "draw" | "derived" | "output";
  unit: string;
  doc: string;
  source: string;
  inferred: boolean;
  file: string | null;
  where: string;
  definition: string;
  dims: Record<string, string[]>;
  uses: string[];
  elements: ElementView[];
  place: [number, number];
  near: [number, number] | null;
}

export type Arrow = [number, number, [number, number][]];

export interface Claim {
  quantity: string;
  name: string | null;
  labels: string[];
  statistic: string;
  published: string;
  computed: string;
  verdict: "holds" | "falls short" | "undecided";
  as_expected: boolean;
  source: string;
  note: string;
  kind: string;
  end: string;
  number: number;
  sign: string;
  /** arithmetic, reconstruction, prediction or echo */
  tests: string;
  at_edge: boolean;
  scenario: string;
  beside: { scenario: string; computed: string; verdict: string }[];
}

export interface Card {
  name: string;
  labels: string[];
  title: string;
  statistic: string;
  value: string;
  words: string;
  claims: number[];
  thresholds: number[];
  priority: number | null;
}

/** An answer on the page over several models. */
export interface AnswerView {
  model: string;
  card: Card;
  box: Box;
  claims: Claim[];
}

export interface View {
  model: string;
  title: string;
  description: string;
  lead: string;
  run: string;
  cards: Card[];
  boxes: Box[];
  arrows: Arrow[];
  near_arrows: Arrow[];
  claims: Claim[];
}

export function elementOf(box: Box, labels: string[]): ElementView | undefined {
  const key = labels.join("\u0000");
  return box.elements.find((each) => each.labels.join("\u0000") === key) ?? box.elements[0];
}

/** The number that a card asks for, as edits and scenarios leave it. */
export function answerOf(card: Card, element: ElementView): string {
  return card.statistic === "median" ? element.median : element.value;
}

/** `cost[twitter]`, as the tables write it. */
export function titled(name: string, labels: string[]): string {
  return labels.length ? `${name}[${labels.join(", ")}]` : name;
}

/** The quantity of which a key may be one label, or an unnamed draw: `cost` of `cost[twitter]` and `cost/gamma#1`. */
export function nameOf(key: string): string {
  return key.replace(/[[/].*$/, "");
}

/** Names as words. */
export function spoken(name: string): string {
  return name.replaceAll("_", " ");
}
