// How it hangs together: boxes with their values, arrows, zoom, pan, search, keyboard, folding.

import { Component } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Arrow, Box, View } from "./data";
import { Distribution } from "./Distribution";
import { spoken } from "./Cards";

const WIDTH = 152;
const HEIGHT = 56;
const GAP = [32, 12] as const;
const PAD = 12;
const FAR = 0.72; // zoom below which boxes show name and value alone, in larger letters
const LEGIBLE = 0.5; // the least zoom that a page begins with

interface Props {
  view: View;
  selected: string | null;
  select: (name: string) => void;
}

interface Frame {
  x: number;
  y: number;
  zoom: number;
}

const left = (layer: number) => PAD + layer * (WIDTH + GAP[0]);
const upper = (row: number) => PAD + row * (HEIGHT + GAP[1]);

export function Graph({ view, selected, select }: Props) {
  const place = useRef<SVGSVGElement>(null);
  const [frame, setFrame] = useState<Frame | null>(null);
  const [sought, setSought] = useState("");
  const folds = view.boxes.some((box) => box.near === null);
  const [unfolded, unfold] = useState(false);
  const focused = useRef<string | null>(null);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const [closed, close] = useState<string[]>([]);
  const everything = !folds || unfolded;
  const files = useMemo(() => imported(view, everything), [view.arrows, everything]);
  // Where boxes stand depends on the file alone, not on what edits make of them.
  const { boxes, arrows } = useMemo(() => standing(view, everything, closed), [view.arrows, everything, closed]);
  const size = useMemo(() => {
    const layers = Math.max(...boxes.map((each) => each.layer), 0);
    const rows = Math.max(...boxes.map((each) => each.row), 0);
    return { width: left(layers) + WIDTH + PAD, height: upper(rows) + HEIGHT + PAD };
  }, [boxes]);

  const fitted = (): Frame => {
    const box = place.current?.getBoundingClientRect();
    const wide = box?.width || 900;
    const high = box?.height || 500;
    const zoom = Math.min(wide / size.width, high / size.height, 1);
    return { zoom, x: (wide - size.width * zoom) / 2, y: (high - size.height * zoom) / 2 };
  };
  /** All of it where that can be read, else the answers. */
  const begun = (): Frame => {
    const fit = fitted();
    if (fit.zoom >= LEGIBLE) return fit;
    const box = place.current?.getBoundingClientRect();
    const [wide, high] = [box?.width || 900, box?.height || 500];
    const answer = boxes.find((each) => each.box.name === view.cards[0]?.name) ?? boxes.at(-1);
    const middle = answer ? upper(answer.row) + HEIGHT / 2 : size.height / 2;
    const right = answer ? left(answer.layer) + WIDTH + PAD + GAP[0] : size.width;
    const y = size.height * LEGIBLE <= high ? (high - size.height * LEGIBLE) / 2 : clamped(high / 2 - middle * LEGIBLE, high - size.height * LEGIBLE, 0);
    const x = size.width * LEGIBLE <= wide ? (wide - size.width * LEGIBLE) / 2 : clamped(wide - right * LEGIBLE, wide - size.width * LEGIBLE, 0);
    return { zoom: LEGIBLE, x, y };
  };
  useEffect(() => setFrame(begun()), [size]);
  useEffect(() => {
    let width = 0;
    const observer = new ResizeObserver(([entry]) => {
      const now = entry?.contentRect.width ?? 0;
      if (Math.abs(now - width) > 1) setFrame(begun());
      width = now;
    });
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, [size]);

  const now = frame ?? { x: 0, y: 0, zoom: 1 };
  const zoomed = (factor: number, x?: number, y?: number) => {
    const box = place.current?.getBoundingClientRect();
    const cx = x ?? (box?.width ?? 0) / 2;
    const cy = y ?? (box?.height ?? 0) / 2;
    const zoom = Math.min(Math.max(now.zoom * factor, 0.05), 3);
    const k = zoom / now.zoom;
    setFrame({ zoom, x: cx - (cx - now.x) * k, y: cy - (cy - now.y) * k });
  };
  const shown = ({ layer, row }: Standing) => {
    const frame = place.current?.getBoundingClientRect();
    const zoom = Math.max(now.zoom, 0.7);
    setFrame({
      zoom,
      x: (frame?.width ?? 0) / 2 - (left(layer) + WIDTH / 2) * zoom,
      y: (frame?.height ?? 0) / 2 - (upper(row) + HEIGHT / 2) * zoom,
    });
  };

  const found = sought ? boxes.filter(({ box }) => matches(box, sought)) : [];
  const enter = () => {
    const first = found[0];
    if (first) {
      select(first.box.name);
      shown(first);
    }
  };
  const keyed = (event: KeyboardEvent) => {
    const key = event.key;
    if (key === "+" || key === "=") zoomed(1.25);
    else if (key === "-") zoomed(0.8);
    else if (key === "0") setFrame(fitted());
    else if (event.shiftKey && key.startsWith("Arrow")) {
      const step = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] }[key] ?? [0, 0];
      setFrame({ ...now, x: now.x + step[0]!, y: now.y + step[1]! });
    } else if (key.startsWith("Arrow")) {
      const here = boxes.find(({ box }) => box.name === (focused.current ?? selected)) ?? boxes[0];
      const next = here && neighbour(boxes, here, key);
      if (next) {
        focused.current = next.box.name;
        select(next.box.name);
        shown(next);
        place.current?.querySelector<SVGGElement>(`[data-box="${CSS.escape(next.box.name)}"]`)?.focus();
      }
    } else return;
    event.preventDefault();
  };

  const behind = useMemo(() => related(view, selected), [view.arrows, selected]);
  const lines = useMemo(
    () => <Arrows boxes={boxes} arrows={arrows} behind={behind} selected={selected} />,
    [boxes, arrows, behind, selected],
  );
  // A step of the zoom moves what has been drawn, and draws nothing anew.
  const drawn = useMemo(() => {
    const reached = boxes.some(({ box }) => box.name === selected) ? selected : boxes.at(-1)?.box.name;
    return (
      <>
        {lines}
        {boxes.map((each) => (
          <BoxView
            key={each.box.name}
            standing={each}
            box={each.members ? each.box : view.boxes[each.index]!}
            selected={each.box.name === selected}
            reached={each.box.name === reached}
            faded={(!!sought && !found.includes(each)) || (behind !== null && !each.members && !behind.has(each.box.name))}
            select={(name) => {
              focused.current = name;
              if (each.members) close((was) => was.filter((file) => file !== each.box.file));
              else select(name);
            }}
          />
        ))}
      </>
    );
  }, [boxes, lines, behind, selected, sought, select, view.boxes]);
  return (
    <section class="panel graph" aria-label="How it hangs together">
      <header>
        <h2>How it hangs together</h2>
        <label class="search">
          <span class="hidden">Search</span>
          <input
            type="search"
            placeholder="search"
            value={sought}
            onInput={(event) => setSought(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && enter()}
          />
        </label>
        {folds && (
          <button type="button" aria-pressed={unfolded} onClick={() => unfold(!unfolded)}>
            {unfolded ? "fold other files" : "unfold other files"}
          </button>
        )}
        <span class="tools" role="group" aria-label="Zoom">
          <button type="button" onClick={() => zoomed(0.8)} aria-label="smaller">−</button>
          <button type="button" onClick={() => zoomed(1.25)} aria-label="larger">+</button>
          <button type="button" onClick={() => setFrame(fitted())}>fit</button>
        </span>
      </header>
      {files.length > 0 && (
        <p class="folds" role="group" aria-label="Files as one box">
          from
          {files.map(([file, count]) => (
            <button
              type="button"
              aria-pressed={closed.includes(file)}
              onClick={() => close(closed.includes(file) ? closed.filter((each) => each !== file) : [...closed, file])}
            >
              {`${closed.includes(file) ? "+" : "−"} ${spoken(file)} (${count})`}
            </button>
          ))}
        </p>
      )}
      <svg
        ref={place}
        class="canvas"
        role="group"
        aria-label={`Graph of ${boxes.length} quantities: arrow keys go from box to box, with shift they move the view, plus and minus zoom, 0 fits`}
        onKeyDown={keyed}
        onWheel={(event) => {
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          const box = event.currentTarget.getBoundingClientRect();
          zoomed(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
        }}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX - now.x, y: event.clientY - now.y, moved: false };
        }}
        onPointerMove={(event) => {
          if (!drag.current || !(event.buttons & 1)) return;
          const x = event.clientX - drag.current.x;
          const y = event.clientY - drag.current.y;
          if (Math.hypot(x - now.x, y - now.y) > 3) drag.current.moved = true;
          if (drag.current.moved) setFrame({ ...now, x, y });
        }}
        onPointerUp={() => (drag.current = null)}
      >
        <defs>
          <marker id="head" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" orient="auto">
            <path d="M0,0 L6,3 L0,6 Z" class="head" />
          </marker>
        </defs>
        <g class={now.zoom < FAR ? "far" : ""} transform={`translate(${now.x},${now.y}) scale(${now.zoom})`}>
          {drawn}
        </g>
      </svg>
      <Legend view={view} />
    </section>
  );
}

/** A box and where it stands; `index` is its position in the view, `members` how many boxes it stands for. */
interface Standing {
  box: Box;
  index: number;
  layer: number;
  row: number;
  members?: number;
}

function clamped(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

const placed = (box: Box, everything: boolean) => (everything ? box.place : box.near);

/** The other files of which more than one quantity is shown, and how many. */
function imported(view: View, everything: boolean): [string, number][] {
  const counts = new Map<string, number>();
  for (const box of view.boxes) {
    if (box.file && placed(box, everything)) counts.set(box.file, (counts.get(box.file) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1);
}

/** Boxes and arrows; those of a closed file are one box, where the last of them stands. */
function standing(view: View, everything: boolean, closed: string[]): { boxes: Standing[]; arrows: Arrow[] } {
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

function matches(box: Box, text: string): boolean {
  const wanted = text.toLowerCase().replaceAll("_", " ").trim();
  return spoken(box.name).toLowerCase().includes(wanted) || box.doc.toLowerCase().includes(wanted);
}

/** What a quantity depends on and what depends on it, itself among them; null where nothing is chosen. */
function related(view: View, name: string | null): Set<string> | null {
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

function neighbour(boxes: Standing[], here: Standing, key: string): Standing | undefined {
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

interface ArrowsProps {
  boxes: Standing[];
  arrows: Arrow[];
  behind: Set<string> | null;
  selected: string | null;
}

function Arrows({ boxes, arrows, behind, selected }: ArrowsProps) {
  const at = new Map(boxes.map((each) => [each.index, each]));
  return (
    <g class="arrows">
      {arrows.map(([a, b, gaps]) => {
        const [from, to] = [at.get(a), at.get(b)];
        if (!from || !to) return null;
        const names = [from.box.name, to.box.name];
        const direct = selected !== null && names.includes(selected);
        const near = behind === null || names.every((name) => behind.has(name));
        return <path class={direct ? "direct" : near ? "" : "faded"} d={route(from, to, gaps)} marker-end="url(#head)" />;
      })}
    </g>
  );
}

function route(from: Standing, to: Standing, gaps: [number, number][]): string {
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

interface BoxProps {
  standing: Standing;
  box: Box;
  selected: boolean;
  /** Tab reaches one box; arrow keys go on from there. */
  reached: boolean;
  faded: boolean;
  select: (name: string) => void;
}

/** A box is drawn anew only when it changes: of hundreds most stay as they are. */
class BoxView extends Component<BoxProps> {
  override shouldComponentUpdate(next: BoxProps) {
    const now = this.props;
    return next.standing !== now.standing || next.box !== now.box || next.selected !== now.selected || next.reached !== now.reached || next.faded !== now.faded;
  }
  override render({ standing, box, selected, reached, faded, select }: BoxProps) {
    const { layer, row, members } = standing;
    const element = box.elements[0];
    const many = box.elements.length > 1;
    const classes = ["box", box.role, box.inferred ? "inferred" : "", selected ? "selected" : "", faded ? "faded" : "", members ? "group" : ""];
    const value = members ? `${members} quantities` : many ? `${box.elements.length} ${Object.keys(box.dims)[0] ?? "label"}s` : (element?.value ?? "");
    const below = many ? ends(box) : (element?.range ?? "");
    const drawn = element?.shape !== undefined && !many && !element.chance;
    const room = drawn ? WIDTH - 62 : WIDTH - 16;
    return (
      <g
        class={classes.filter(Boolean).join(" ")}
        data-box={box.name}
        transform={`translate(${left(layer)},${upper(row)})`}
        tabindex={reached ? 0 : -1}
        role="button"
        aria-pressed={selected}
        onClick={() => select(box.name)}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === " ") {
            select(box.name);
            event.preventDefault();
            event.stopPropagation();
          }
        }}
      >
        <rect width={WIDTH} height={HEIGHT} rx={7} stroke-dasharray={box.file ? "4 3" : undefined} />
        <title>{`${spoken(box.name)}: ${value} ${below}`}</title>
        <text aria-hidden="true" class="name from-near" x={8} y={16}>{cut(spoken(box.name), WIDTH - 14, 7)}</text>
        <text aria-hidden="true" class="value from-near" x={8} y={34}>{fitting(value, room, 8.8)}</text>
        <text aria-hidden="true" class="range from-near" x={8} y={49}>{fitting(below, room, 5.9)}</text>
        <text aria-hidden="true" class="name from-far" x={7} y={22}>{cut(spoken(box.name), WIDTH - 10, 9.4)}</text>
        <text aria-hidden="true" class="value from-far" x={7} y={46}>{fitting(value, WIDTH - 12, 13)}</text>
        {drawn && (
          <g class="from-near" transform={`translate(${WIDTH - 52},${22})`}>
            <Small box={box} />
          </g>
        )}
      </g>
    );
  }
}

function Small({ box }: { box: Box }) {
  const element = box.elements[0]!;
  return (
    <svg width={46} height={30} aria-hidden="true">
      <Distribution shape={element.shape!} numbers={element.numbers} unit={box.unit} width={46} height={30} bare label={box.name} />
    </svg>
  );
}

function ends(box: Box): string {
  const [first, last] = [box.elements[0], box.elements.at(-1)];
  return first && last ? `${first.value} … ${last.value}` : "";
}

/** A number that fits a width, without its unit where both do not. */
function fitting(text: string, width: number, letter: number): string {
  const most = Math.floor(width / letter);
  if (text.length <= most) return text;
  const numbers = text.replace(/ (?!to )[^\d±–…][^…]*$/, "");
  if (numbers.length <= most) return numbers;
  const alone = numbers.replace(/ ± \S+$/, "");
  return cut(alone.length < numbers.length ? `≈${alone}` : numbers, width, letter);
}

/** Text that fits a width, by the average width of a letter. */
function cut(text: string, width: number, letter: number): string {
  const most = Math.floor(width / letter);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function Legend({ view }: { view: View }) {
  const has = (role: string) => view.boxes.some((box) => box.role === role);
  const kinds: [string, string][] = [["constant", "known"], ["draw", "uncertain input"], ["derived", "follows"], ["output", "answer"]];
  return (
    <p class="legend">
      {kinds.filter(([role]) => has(role)).map(([role, word]) => (
        <span><i class={`key ${role}`} />{word}</span>
      ))}
      {view.boxes.some((box) => box.inferred) && <span><i class="key inferred" />without a source of its own</span>}
      {view.boxes.some((box) => box.file) && <span><i class="key imported" />from another file</span>}
    </p>
  );
}
