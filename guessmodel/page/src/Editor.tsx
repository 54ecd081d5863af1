// One input: its value as text, and handles at the ends of its interval.

import { useRef, useState } from "preact/hooks";
import type { Box, Shape } from "./data";
import { titled } from "./data";
import type { Edits, Input } from "./live";
import { scaleOf, short } from "./scale";

interface Props {
  box: Box;
  input: Input;
  edits: Edits;
  errors: Edits;
  edit: (key: string, text: string | null, preview: boolean) => void;
}

/** `price`, or `price[2025]` at one of several labels. */
export function keyOf(box: Box, index: number): string {
  const element = box.elements[index];
  return box.elements.length > 1 && element ? titled(box.name, element.labels) : box.name;
}

export function Editor({ box, input, edits, errors, edit }: Props) {
  return (
    <div class="editor">
      {box.elements.slice(0, 24).map((_, i) => (
        <Value
          key={keyOf(box, i)}
          name={keyOf(box, i)}
          label={box.elements.length > 1 ? box.elements[i]!.labels.join(", ") : "value"}
          text={input.texts[i] ?? ""}
          edits={edits}
          error={errors[keyOf(box, i)]}
          edit={edit}
        />
      ))}
      {box.elements.length === 1 && input.low[0] != null && input.high[0] != null && box.elements[0]!.shape && (
        <Handles
          shape={box.elements[0]!.shape}
          low={box.elements[0]!.numbers.p5 ?? input.low[0]}
          high={box.elements[0]!.numbers.p95 ?? input.high[0]}
          unit={input.unit}
          moved={(text, done) => edit(box.name, text, !done)}
        />
      )}
    </div>
  );
}

interface ValueProps {
  name: string;
  label: string;
  text: string;
  edits: Edits;
  error: string | undefined;
  edit: Props["edit"];
}

function Value({ name, label, text, edits, error, edit }: ValueProps) {
  const given = edits[name];
  const [typed, setTyped] = useState(given ?? text);
  // What is typed stays while nothing else changes the value: undo, another file.
  const shown = useRef(given ?? text);
  if (shown.current !== (given ?? text)) {
    shown.current = given ?? text;
    setTyped(shown.current);
  }
  const done = () => {
    const next = typed.trim();
    if (next === (given ?? text)) return;
    edit(name, next === "" || next === text ? null : next, false);
  };
  return (
    <form
      class="value-form"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <label>
        <span>{label}</span>
        <input
          name={name}
          value={typed}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={!!error}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={done}
          onKeyDown={(event) => {
            if (event.key === "Escape") setTyped(given ?? text);
          }}
        />
      </label>
      {error && <pre class="note" role="alert">{error}</pre>}
    </form>
  );
}

interface HandlesProps {
  shape: Shape;
  low: number;
  high: number;
  unit: string;
  moved: (text: string, done: boolean) => void;
}

interface Drag {
  end: 0 | 1;
  at: [number, number];
  from: [number, number];
  shape: Shape;
}

const WIDTH = 320;

/** The interval as a bar between two handles; arrow keys move them too. */
function Handles({ shape, low, high, unit, moved }: HandlesProps) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const held = useRef<Drag | null>(null); // as it is now; the state is as it was drawn
  const hold = (next: Drag | null) => {
    held.current = next;
    setDrag(next);
  };
  const place = useRef<SVGSVGElement>(null);
  const frame = useRef(0);
  const axis = drag?.shape ?? shape; // it stands still while it is dragged on
  const scale = scaleOf(axis.log);
  const [first, last] = [scale.position(axis.low), scale.position(axis.high)];
  const x = (value: number) => ((scale.position(value) - first) / (last - first || 1)) * WIDTH;
  const at: [number, number] = drag?.at ?? [low, high];
  const text = ([a, b]: [number, number]) => `${rounded(a, b - a)} to ${rounded(b, b - a)} ${unit}`.trim();
  const to = (end: 0 | 1, value: number, [a, b]: [number, number]): [number, number] => {
    const least = (b - a) * 0.02;
    const next: [number, number] = end === 0 ? [Math.min(value, b - least), b] : [a, Math.max(value, a + least)];
    return axis.log === 0 && next[0] <= 0 ? [a, b] : next;
  };
  const pointed = (event: PointerEvent) => {
    const drag = held.current;
    if (!drag) return;
    const box = place.current!.getBoundingClientRect();
    const value = scale.value(first + ((event.clientX - box.left) / box.width) * (last - first));
    const next = to(drag.end, value, drag.at);
    hold({ ...drag, at: next });
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => moved(text(next), false));
  };
  const released = () => {
    const drag = held.current;
    if (!drag) return;
    cancelAnimationFrame(frame.current);
    hold(null);
    if (drag.at[0] !== drag.from[0] || drag.at[1] !== drag.from[1]) moved(text(drag.at), true);
  };
  return (
    <svg ref={place} class="handles" viewBox={`0 0 ${WIDTH} 34`} onPointerMove={pointed} onPointerUp={released} onPointerCancel={released}>
      <line class="axis" x1={0} x2={WIDTH} y1={12} y2={12} />
      <line class="span" x1={x(at[0])} x2={x(at[1])} y1={12} y2={12} />
      {([0, 1] as const).map((end) => (
        <g
          class="handle"
          role="slider"
          tabindex={0}
          aria-label={end ? "95th percentile" : "5th percentile"}
          aria-valuenow={at[end]}
          aria-valuetext={short(at[end])}
          onPointerDown={(event) => {
            if (event.pointerType === "touch") return; // a finger scrolls; values can be typed
            event.preventDefault();
            place.current!.setPointerCapture(event.pointerId);
            hold({ end, at: [low, high], from: [low, high], shape });
          }}
          onKeyDown={(event) => {
            const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
            if (!by) return;
            event.preventDefault();
            const value = scale.value(scale.position(at[end]) + (by * (last - first)) / 100);
            moved(text(to(end, value, [low, high])), true);
          }}
        >
          <circle cx={x(at[end])} cy={12} r={8} />
          <text class="tick" x={Math.min(Math.max(x(at[end]), 16), WIDTH - 16)} y={32} text-anchor="middle">{short(at[end])}</text>
        </g>
      ))}
    </svg>
  );
}

/** A number with the digits that a pointer can choose: three of the width. */
function rounded(value: number, width: number): string {
  const digits = Math.ceil(Math.log10(Math.max(Math.abs(value), 1e-300) / (width || 1))) + 3;
  return String(Number(value.toPrecision(Math.min(Math.max(digits, 3), 15))));
}
