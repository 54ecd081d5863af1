// How it hangs together: boxes with their values, arrows, zoom, pan, search, keyboard, folding.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Arrow, Box, View } from "./data";
import { Distribution } from "./Distribution";
import { spoken } from "./Cards";

const WIDTH = 152;
const HEIGHT = 56;
const GAP = [32, 12] as const;
const PAD = 12;

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
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const boxes = useMemo(() => standing(view, !folds || unfolded), [view, unfolded]);
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
  useEffect(() => setFrame(fitted()), [size]);
  useEffect(() => {
    const observer = new ResizeObserver(() => setFrame(fitted()));
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
    else if (key.startsWith("Arrow")) {
      const here = boxes.find(({ box }) => box.name === selected) ?? boxes[0];
      const next = here && neighbour(boxes, here, key);
      if (next) {
        select(next.box.name);
        shown(next);
        place.current?.querySelector<SVGGElement>(`[data-box="${CSS.escape(next.box.name)}"]`)?.focus();
      }
    } else return;
    event.preventDefault();
  };

  const behind = useMemo(() => related(view, selected), [view, selected]);
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
      <svg
        ref={place}
        class="canvas"
        tabIndex={0}
        role="group"
        aria-label="Graph: arrow keys go from box to box, plus and minus zoom, 0 fits"
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
        <g transform={`translate(${now.x},${now.y}) scale(${now.zoom})`}>
          <Arrows
            boxes={boxes}
            arrows={!folds || unfolded ? view.arrows : view.near_arrows}
            behind={behind}
            selected={selected}
          />
          {boxes.map((each) => (
            <BoxView
              key={each.box.name}
              standing={each}
              selected={each.box.name === selected}
              faded={(!!sought && !found.includes(each)) || (behind !== null && !behind.has(each.box.name))}
              select={select}
            />
          ))}
        </g>
      </svg>
      <Legend view={view} />
    </section>
  );
}

/** A box and where it stands; `index` is its position in the view. */
interface Standing {
  box: Box;
  index: number;
  layer: number;
  row: number;
}

function standing(view: View, everything: boolean): Standing[] {
  return view.boxes.flatMap((box, index) => {
    const place = everything ? box.place : box.near;
    return place ? [{ box, index, layer: place[0], row: place[1] }] : [];
  });
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
  selected: boolean;
  faded: boolean;
  select: (name: string) => void;
}

function BoxView({ standing, selected, faded, select }: BoxProps) {
  const { box, layer, row } = standing;
  const element = box.elements[0];
  const many = box.elements.length > 1;
  const classes = ["box", box.role, box.inferred ? "inferred" : "", selected ? "selected" : "", faded ? "faded" : ""];
  const value = many ? `${box.elements.length} ${Object.keys(box.dims)[0] ?? "label"}s` : (element?.value ?? "");
  const below = many ? ends(box) : (element?.range ?? "");
  const drawn = element?.shape !== undefined && !many && !element.chance;
  const room = drawn ? WIDTH - 62 : WIDTH - 16;
  return (
    <g
      class={classes.filter(Boolean).join(" ")}
      data-box={box.name}
      transform={`translate(${left(layer)},${upper(row)})`}
      tabIndex={0}
      role="button"
      aria-pressed={selected}
      aria-label={`${spoken(box.name)}: ${value} ${below}`}
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
      <text class="name" x={8} y={16}>{cut(spoken(box.name), WIDTH - 14, 6.6)}</text>
      <text class="value" x={8} y={34}>{cut(value, room, 8.2)}</text>
      <text class="range" x={8} y={49}>{cut(below, room, 5.8)}</text>
      {drawn && (
        <g transform={`translate(${WIDTH - 52},${22})`}>
          <Small box={box} />
        </g>
      )}
    </g>
  );
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
