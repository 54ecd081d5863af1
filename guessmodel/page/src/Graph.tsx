// How it fits together: boxes with their values, arrows, search, keyboard, folding.

import { useMemo, useRef, useState } from "preact/hooks";
import { BoxView, Legend, toneOf } from "./BoxView";
import type { Arrow, Claim, View } from "./data";
import { spoken } from "./data";
import { useFrame } from "./frame";
import { HEIGHT, imported, matches, neighbour, PAD, related, route, standing, upper, widthOf, type Standing } from "./standing";

const FAR = 0.72; // zoom below which boxes show name and value alone, in larger letters

interface Props {
  view: View;
  selected: string | null;
  /** `quiet`: a step from one to the next, for which nothing else should move. */
  select: (name: string, quiet?: boolean) => void;
}

export function Graph({ view, selected, select }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [sought, setSought] = useState("");
  const folds = view.boxes.some((box) => box.near === null);
  const [unfolded, unfold] = useState(false);
  const focused = useRef<string | null>(null);
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

  const { now, high, fit, moved, zoomed, shown, hands } = useFrame(place, boxes, size, view.cards[0]?.name);

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
    else if (key === "0") fit();
    else if (event.shiftKey && key.startsWith("Arrow")) {
      const step = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] }[key] ?? [0, 0];
      moved(now.x + step[0]!, now.y + step[1]!);
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
          <button type="button" onClick={fit}>fit</button>
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
        {...hands}
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
