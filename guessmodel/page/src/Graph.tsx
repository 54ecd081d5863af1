// How it fits together: boxes with their values, arrows, zoom, pan, search, keyboard, folding.

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { BoxView, Legend, toneOf } from "./BoxView";
import type { Arrow, Claim, View } from "./data";
import { spoken } from "./data";
import { clamped } from "./scale";
import { GAP, HEIGHT, imported, left, matches, neighbour, PAD, related, route, standing, upper, WIDTH, widthOf, type Standing } from "./standing";

const FAR = 0.72; // zoom below which boxes show name and value alone, in larger letters
const LEGIBLE = 0.44; // the least zoom that a page begins with

interface Props {
  view: View;
  selected: string | null;
  /** `quiet`: a step from one to the next, for which nothing else should move. */
  select: (name: string, quiet?: boolean) => void;
}

interface Frame {
  x: number;
  y: number;
  zoom: number;
}

export function Graph({ view, selected, select }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [frame, setFrame] = useState<Frame | null>(null);
  const [sought, setSought] = useState("");
  const folds = view.boxes.some((box) => box.near === null);
  const [unfolded, unfold] = useState(false);
  const focused = useRef<string | null>(null);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const fingers = useRef(new Map<number, [number, number]>());
  const [wide, setWide] = useState(900);
  const [closed, close] = useState<string[]>([]);
  const everything = !folds || unfolded;
  const files = useMemo(() => imported(view, everything), [view.arrows, everything]);
  // Where boxes stand depends on the file alone, not on what edits make of them.
  const { boxes, arrows } = useMemo(() => standing(view, everything, closed), [view.arrows, everything, closed]);
  const size = useMemo(() => {
    const lines = arrows.flatMap(([, , gaps]) => gaps.map(([, row]) => row)); // some go around all boxes
    const rows = Math.max(...boxes.map((each) => each.row), ...lines, 0);
    return { width: widthOf(boxes), height: upper(rows) + HEIGHT + PAD };
  }, [boxes, arrows]);

  // As high as the graph is when it is as wide as the page and can be read, but not higher than the window.
  const high = Math.round(clamped(size.height * clamped(wide / size.width, LEGIBLE, 1), 240, Math.max(0.76 * innerHeight, 420)));
  const fitted = (): Frame => {
    const zoom = Math.min(wide / size.width, high / size.height, 1);
    return { zoom, x: (wide - size.width * zoom) / 2, y: (high - size.height * zoom) / 2 };
  };
  /** All of it where that can be read, else the answers. */
  const begun = (): Frame => {
    const fit = fitted();
    if (fit.zoom >= LEGIBLE) return fit;
    const answer = boxes.find((each) => each.box.name === view.cards[0]?.name) ?? boxes.at(-1);
    const middle = answer ? upper(answer.row) + HEIGHT / 2 : size.height / 2;
    const right = answer ? left(answer.layer) + WIDTH + PAD + GAP[0] : size.width;
    const y = size.height * LEGIBLE <= high ? (high - size.height * LEGIBLE) / 2 : clamped(high / 2 - middle * LEGIBLE, high - size.height * LEGIBLE, 0);
    const x = size.width * LEGIBLE <= wide ? (wide - size.width * LEGIBLE) / 2 : clamped(wide - right * LEGIBLE, wide - size.width * LEGIBLE, 0);
    return { zoom: LEGIBLE, x, y };
  };
  useLayoutEffect(() => setFrame(begun()), [size, wide]);
  useLayoutEffect(() => {
    const measure = () => setWide((was) => {
      const now = place.current?.getBoundingClientRect().width || was;
      return Math.abs(now - was) > 1 ? now : was;
    });
    measure();
    const observer = new ResizeObserver(measure);
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);

  const now = frame ?? { x: 0, y: 0, zoom: 1 };
  const zoomed = (factor: number, x?: number, y?: number) => {
    const cx = x ?? wide / 2;
    const cy = y ?? high / 2;
    const zoom = clamped(now.zoom * factor, 0.05, 3);
    const k = zoom / now.zoom;
    setFrame({ zoom, x: cx - (cx - now.x) * k, y: cy - (cy - now.y) * k });
  };
  const lifted = (event: PointerEvent) => {
    fingers.current.delete(event.pointerId);
    drag.current = null;
  };
  /** Two fingers zoom. */
  const pinched = (event: PointerEvent): boolean => {
    const all = fingers.current;
    const before = [...all.values()];
    if (all.has(event.pointerId)) all.set(event.pointerId, [event.clientX, event.clientY]);
    if (all.size !== 2) return false;
    const [[ax, ay], [bx, by]] = [...all.values()] as [[number, number], [number, number]];
    const [[px, py], [qx, qy]] = before as [[number, number], [number, number]];
    const box = place.current?.getBoundingClientRect();
    if (box) zoomed(Math.hypot(ax - bx, ay - by) / (Math.hypot(px - qx, py - qy) || 1), (ax + bx) / 2 - box.left, (ay + by) / 2 - box.top);
    return true;
  };
  const shown = ({ layer, row }: Standing) => {
    const zoom = Math.max(now.zoom, LEGIBLE);
    const [x, y] = [left(layer) + WIDTH / 2, upper(row) + HEIGHT / 2];
    const seen = now.x + x * now.zoom > 0.05 * wide && now.x + x * now.zoom < 0.95 * wide && now.y + y * now.zoom > 0 && now.y + y * now.zoom < high;
    if (zoom !== now.zoom || !seen) setFrame({ zoom, x: wide / 2 - x * zoom, y: high / 2 - y * zoom });
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
        select(next.box.name, true);
        shown(next);
        place.current?.querySelector<SVGGElement>(`[data-box="${CSS.escape(next.box.name)}"]`)?.focus();
      }
    } else return;
    event.preventDefault();
  };

  const tones = useMemo(() => {
    const claims = new Map<string | null, Claim[]>();
    for (const each of view.claims) claims.set(each.name, [...(claims.get(each.name) ?? []), each]);
    return new Map([...claims].map(([name, some]) => [name, toneOf(some)]));
  }, [view.claims]);
  const behind = useMemo(() => related(view, selected), [view.arrows, selected]);
  const paths = useMemo(() => linesOf(boxes, arrows), [boxes, arrows]);
  const lines = useMemo(() => <Arrows lines={paths} behind={behind} selected={selected} />, [paths, behind, selected]);
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
            tone={tones.get(each.box.name)}
            select={(name) => {
              focused.current = name;
              if (each.members) close((was) => was.filter((file) => file !== each.box.file));
              else select(name);
            }}
          />
        ))}
      </>
    );
  }, [boxes, lines, behind, selected, sought, select, view.boxes, tones]);
  return (
    <section class="panel graph" aria-label="How it fits together">
      <header>
        <h2>How it fits together</h2>
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
      <div
        ref={place}
        class="canvas"
        role="group"
        tabIndex={0}
        style={{ height: `${high}px` }}
        aria-label={`Graph of ${boxes.length} quantities: arrow keys go from box to box, with shift they move the view, plus and minus zoom, 0 fits`}
        onKeyDown={keyed}
        onWheel={(event) => {
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          const box = event.currentTarget.getBoundingClientRect();
          zoomed(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
        }}
        onPointerDown={(event) => {
          fingers.current.set(event.pointerId, [event.clientX, event.clientY]);
          drag.current = { x: event.clientX - now.x, y: event.clientY - now.y, moved: false };
        }}
        onPointerMove={(event) => {
          if (pinched(event)) return;
          if (!drag.current || !(event.buttons & 1)) return;
          const x = event.clientX - drag.current.x;
          const y = event.clientY - drag.current.y;
          if (Math.hypot(x - now.x, y - now.y) > 3) drag.current.moved = true;
          if (drag.current.moved) setFrame({ ...now, x, y });
        }}
        onPointerUp={lifted}
        onPointerCancel={lifted}
        onPointerLeave={lifted}
      >
        {/* Moved and scaled as a whole: within it a scale would have all texts laid out anew. */}
        <svg
          class={now.zoom < FAR ? "far" : ""}
          width={size.width}
          height={size.height}
          viewBox={`0 0 ${size.width} ${size.height}`}
          style={{ transform: `translate(${now.x}px,${now.y}px) scale(${now.zoom})` }}
        >
          <defs>
            <marker id="head" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" orient="auto">
              <path d="M0,0 L6,3 L0,6 Z" class="head" />
            </marker>
          </defs>
          {drawn}
        </svg>
      </div>
      <Legend view={view} />
    </section>
  );
}

/** An arrow: its line, and the names of the boxes at its ends. */
interface Line {
  path: string;
  from: string;
  to: string;
}

function linesOf(boxes: Standing[], arrows: Arrow[]): Line[] {
  const at = new Map(boxes.map((each) => [each.index, each]));
  return arrows.flatMap(([a, b, gaps]) => {
    const [from, to] = [at.get(a), at.get(b)];
    return from && to ? [{ path: route(from, to, gaps), from: from.box.name, to: to.box.name }] : [];
  });
}

function Arrows({ lines, behind, selected }: { lines: Line[]; behind: Set<string> | null; selected: string | null }) {
  return (
    <g class="arrows">
      {lines.map(({ path, from, to }) => {
        const direct = selected !== null && (from === selected || to === selected);
        const near = behind === null || (behind.has(from) && behind.has(to));
        return <path class={direct ? "direct" : near ? "" : "faded"} d={path} marker-end="url(#head)" />;
      })}
    </g>
  );
}
