// Which part of the graph is seen, and how large: zoom and pan by wheel, pointer, fingers and buttons.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { clamped } from "./scale";
import { GAP, HEIGHT, left, PAD, upper, WIDTH, type Standing } from "./standing";

const LEGIBLE = 0.44; // the least zoom that a page begins with

/** The width of so many columns, with their margins. */
const spanOf = (columns: number) => left(columns) - GAP[0] + PAD;

interface Frame {
  x: number;
  y: number;
  zoom: number;
}

/** The frame of boxes in a place as wide as the page; `answer` is what it shows first where not all can be read. */
export function useFrame(place: { current: HTMLElement | null }, boxes: Standing[], size: { width: number; height: number }, answer: string | undefined) {
  const [frame, setFrame] = useState<Frame | null>(null);
  const [wide, setWide] = useState(900);
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const fingers = useRef(new Map<number, [number, number]>());

  const whole = Math.min(wide / size.width, 1);
  // Where not all can be read, as many columns as can, and none in part.
  const columns = Math.max(Math.floor((wide / LEGIBLE - spanOf(0)) / (WIDTH + GAP[0])), 1);
  const first = whole >= LEGIBLE ? whole : Math.min(wide / spanOf(columns), 1);
  // As high as the graph is when it begins, but not higher than the window.
  const high = Math.round(clamped(size.height * first, 240, Math.max(0.76 * innerHeight, 420)));
  const fitted = (): Frame => {
    const zoom = Math.min(wide / size.width, high / size.height, 1);
    return { zoom, x: (wide - size.width * zoom) / 2, y: (high - size.height * zoom) / 2 };
  };
  /** All of it where that can be read, else the answer and what is behind it. */
  const begun = (): Frame => {
    const all = fitted();
    if (all.zoom >= LEGIBLE) return all;
    const asked = boxes.find((each) => each.box.name === answer) ?? boxes.at(-1);
    const middle = asked ? upper(asked.row) + HEIGHT / 2 : size.height / 2;
    const zoom = whole >= LEGIBLE ? LEGIBLE : first;
    const row = Math.round(clamped(middle - high / zoom / 2, 0, size.height - high / zoom) / (HEIGHT + GAP[1]));
    const y = size.height * zoom <= high ? (high - size.height * zoom) / 2 : (PAD - upper(row)) * zoom;
    const from = left(Math.max((asked?.layer ?? 0) - columns + 1, 0)) - PAD;
    const x = size.width * zoom <= wide ? (wide - size.width * zoom) / 2 : -from * zoom;
    return { zoom, x, y };
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
  const fit = () => setFrame(fitted());
  const moved = (x: number, y: number) => setFrame({ ...now, x, y });
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

  const hands = {
    onWheel: (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = place.current?.getBoundingClientRect();
      if (box) zoomed(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    },
    onPointerDown: (event: PointerEvent) => {
      fingers.current.set(event.pointerId, [event.clientX, event.clientY]);
      drag.current = { x: event.clientX - now.x, y: event.clientY - now.y, moved: false };
    },
    onPointerMove: (event: PointerEvent) => {
      if (pinched(event)) return;
      if (!drag.current || !(event.buttons & 1)) return;
      const x = event.clientX - drag.current.x;
      const y = event.clientY - drag.current.y;
      if (Math.hypot(x - now.x, y - now.y) > 3) drag.current.moved = true;
      if (drag.current.moved) moved(x, y);
    },
    onPointerUp: lifted,
    onPointerCancel: lifted,
    onPointerLeave: lifted,
  };
  return { now, high, fit, moved, zoomed, shown, hands };
}
