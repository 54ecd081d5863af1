// Where the boxes of a graph stand, which of them are one, and what lies beside and behind another.

import type { Arrow, Box, View } from "./data";
import { spoken } from "./data";

export const WIDTH = 152;
export const HEIGHT = 56;
export const GAP = [32, 12] as const;
export const PAD = 12;

export const left = (layer: number) => PAD + layer * (WIDTH + GAP[0]);
export const upper = (row: number) => PAD + row * (HEIGHT + GAP[1]);

/** A box and where it stands; `index` is its position in the view, `members` how many boxes it stands for. */
export interface Standing {
  box: Box;
  index: number;
  layer: number;
  row: number;
  members?: number;
}

/** The width of boxes, with a margin. */
export const widthOf = (boxes: Standing[]) => left(Math.max(...boxes.map((each) => each.layer), 0)) + WIDTH + PAD;

const placed = (box: Box, everything: boolean) => (everything ? box.place : box.near);

/** The other files of which more than one quantity is shown, and how many. */
export function imported(view: View, everything: boolean): [string, number][] {
  const counts = new Map<string, number>();
  for (const box of view.boxes) {
    if (box.file && placed(box, everything)) counts.set(box.file, (counts.get(box.file) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1);
}

/** Boxes and arrows; those of a closed file are one box, where the last of them stands. */
export function standing(view: View, everything: boolean, closed: string[]): { boxes: Standing[]; arrows: Arrow[] } {
  const all: Standing[] = view.boxes.flatMap((box, index) => {
    const place = placed(box, everything);
    return place ? [{ box, index, layer: place[0], row: place[1] }] : [];
  });
  const arrows = everything ? view.arrows : view.near_arrows;
  if (!closed.length) return { boxes: all, arrows };
  const heads = new Map<string, Standing>();
  const to = new Map<number, number>();
  const kept = all.filter((each) => {
    const file = each.box.file;
    if (!file || !closed.includes(file)) return true;
    const head = heads.get(file);
    if (!head) {
      heads.set(file, { ...each, members: 1, box: { ...each.box, name: `file ${file}`, role: "derived", inferred: false, elements: [] } });
      to.set(each.index, each.index);
    } else {
      head.members = (head.members ?? 1) + 1;
      if (each.layer > head.layer) [head.layer, head.row] = [each.layer, each.row];
      to.set(each.index, head.index);
    }
    return false;
  });
  const found = new Map<string, Arrow>();
  for (const [a, b, gaps] of arrows) {
    const [from, end] = [to.get(a) ?? a, to.get(b) ?? b];
    const key = `${from} ${end}`;
    if (from !== end && !found.has(key)) found.set(key, [from, end, from === a && end === b ? gaps : []]);
  }
  return { boxes: [...kept, ...heads.values()], arrows: [...found.values()] };
}

export function matches(box: Box, text: string): boolean {
  const wanted = text.toLowerCase().replaceAll("_", " ").trim();
  return spoken(box.name).toLowerCase().includes(wanted) || box.doc.toLowerCase().includes(wanted);
}

/** What a quantity depends on and what depends on it, itself among them; null where nothing is chosen. */
export function related(view: View, name: string | null): Set<string> | null {
  if (name === null) return null;
  const known = new Map(view.boxes.map((box) => [box.name, box]));
  const users = new Map<string, string[]>();
  for (const box of view.boxes) {
    for (const used of box.uses) users.set(used, [...(users.get(used) ?? []), box.name]);
  }
  const found = new Set<string>();
  const walk = (next: (name: string) => string[]) => {
    const stack = [name];
    const seen = new Set<string>();
    while (stack.length) {
      const here = stack.pop()!;
      if (seen.has(here)) continue;
      seen.add(here);
      found.add(here);
      stack.push(...next(here));
    }
  };
  walk((each) => known.get(each)?.uses ?? []);
  walk((each) => users.get(each) ?? []);
  return found;
}

export function neighbour(boxes: Standing[], here: Standing, key: string): Standing | undefined {
  const ahead = (box: Standing) =>
    ({
      ArrowLeft: here.layer - box.layer,
      ArrowRight: box.layer - here.layer,
      ArrowUp: box.layer === here.layer ? here.row - box.row : 0,
      ArrowDown: box.layer === here.layer ? box.row - here.row : 0,
    })[key] ?? 0;
  const cost = (box: Standing) => 3 * ahead(box) + Math.abs(box.row - here.row);
  return boxes.filter((box) => ahead(box) > 0).sort((a, b) => cost(a) - cost(b))[0];
}

/** The line of an arrow, through the gaps that are kept for it. */
export function route(from: Standing, to: Standing, gaps: [number, number][]): string {
  let [x, y] = [left(from.layer) + WIDTH, upper(from.row) + HEIGHT / 2];
  let path = `M${x},${y}`;
  const bend = (tx: number, ty: number) => {
    const middle = (x + tx) / 2;
    path += ` C${middle},${y} ${middle},${ty} ${tx},${ty}`;
    [x, y] = [tx, ty];
  };
  for (const [layer, row] of gaps) {
    bend(left(layer), upper(row) + HEIGHT / 2);
    x += WIDTH;
    path += ` L${x},${y}`;
  }
  bend(left(to.layer) - 2, upper(to.row) + HEIGHT / 2);
  return path;
}
