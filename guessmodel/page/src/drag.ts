// An interval that is dragged: by one of its ends, or as a whole.

import { useRef, useState } from "preact/hooks";
import type { Shape } from "./data";
import type { Input } from "./live";
import { axisOf, clamped } from "./scale";

/** The low end, the high end, or both. */
export type Part = 0 | 1 | 2;
export type Ends = [number, number];

export interface Grip {
  /** The ends that can be dragged; null: there are none. */
  at: Ends | null;
  /** Where the ends are while they are dragged. */
  ends: Ends | null;
  /** The axis on which they are, which then stands still. */
  axis: Shape | null;
  begin(event: PointerEvent, part: Part): void;
}

export interface Hand {
  /** A value, as text, while it is dragged, and (done) when it is let go. */
  moved(text: string, done: boolean): void;
  /** The hand is on it, or off again without having moved it. */
  held(on: boolean): void;
}

/** How an interval on the axis of a shape is dragged. */
export function useGrip(shape: Shape | undefined, at: Ends | null, pattern: string, hand: Hand): Grip {
  const [drawn, draw] = useState<{ ends: Ends; axis: Shape } | null>(null);
  const frame = useRef(0);
  const begin = (event: PointerEvent, part: Part) => {
    // A finger scrolls; values can be typed.
    if (event.pointerType === "touch" || event.button !== 0 || !shape || !at || !(at[0] < at[1])) return;
    const place = event.currentTarget as SVGGraphicsElement;
    const svg = place.ownerSVGElement ?? place;
    const box = svg.getBoundingClientRect();
    const from = at;
    let ends = from;
    event.preventDefault();
    place.setPointerCapture(event.pointerId);
    hand.held(true);
    draw({ ends, axis: shape });
    const move = (now: Event) => {
      const by = ((now as PointerEvent).clientX - event.clientX) / box.width;
      const next = shifted(shape, from, part, by);
      if (next[0] === ends[0] && next[1] === ends[1]) return;
      ends = next;
      hand.moved(intervalText(ends, pattern), false);
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(() => draw({ ends, axis: shape }));
    };
    const end = () => {
      for (const kind of MOVES) place.removeEventListener(kind, move);
      for (const kind of ENDS) place.removeEventListener(kind, end);
      cancelAnimationFrame(frame.current);
      draw(null);
      if (ends !== from) hand.moved(intervalText(ends, pattern), true);
      hand.held(false); // after that: nothing else is asked between them
    };
    for (const kind of MOVES) place.addEventListener(kind, move);
    for (const kind of ENDS) place.addEventListener(kind, end);
  };
  return { at, ends: drawn?.ends ?? null, axis: drawn?.axis ?? null, begin };
}

// Where there is the first, it comes before the next frame.
const MOVES = ["pointerrawupdate", "pointermove"];
const ENDS = ["pointerup", "pointercancel"];

/** Ends of which a part is moved by a share of the axis of a shape; the low one stays below the high one. */
export function shifted(shape: Shape, [low, high]: Ends, part: Part, by: number): Ends {
  const axis = axisOf(shape);
  const to = (value: number) => axis.value(axis.share(value) + by);
  const least = (high - low) * 0.02;
  const next: Ends =
    part === 2 ? [to(low), to(high)] : part === 0 ? [Math.min(to(low), high - least), high] : [low, Math.max(to(high), low + least)];
  const allowed = next.every(Number.isFinite) && (low <= 0 || next[0] > 0); // a lognormal ends at 0
  return allowed ? next : [low, high];
}

/** The ends of an input at a label, where `text` is what has been typed, if anything. */
export function endsOf(input: Input, index: number, text: string | undefined, p5: number | null, p95: number | null): Ends | null {
  const [pattern, low, high] = [input.patterns[index], input.low[index], input.high[index]];
  if (!pattern || low == null || high == null) return null;
  if (!input.bounds[index]) return p5 === null || p95 === null ? null : [p5, p95];
  if (text === undefined) return [low, high];
  const number = "(-?[\\d.]+(?:e[-+]?\\d+)?)";
  const plain = pattern.replace(/[.*+?^$()[\]\\|]/g, "\\$&");
  const found = new RegExp(`^${plain.replace("{low}", number).replace("{high}", number)}$`).exec(text.trim());
  return found ? [Number(found[1]), Number(found[2])] : null;
}

/** An interval as it could be typed. */
export function intervalText([low, high]: Ends, pattern: string): string {
  return pattern.replace("{low}", rounded(low, high - low)).replace("{high}", rounded(high, high - low));
}

/** A number with the digits that a pointer can choose: three of the width. */
function rounded(value: number, width: number): string {
  const digits = Math.ceil(Math.log10(Math.max(Math.abs(value), 1e-300) / (width || 1))) + 3;
  return String(Number(value.toPrecision(clamped(digits, 3, 15))));
}
