// The graph, and one of its quantities beside it; below it where the graph needs the whole width to be read.

import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Box, View } from "./data";
import { nameOf } from "./data";
import { Graph } from "./Graph";
import { standing, widthOf } from "./standing";

const SMALL = 0.5; // zoom below which names are hard to read
const [SHARE, BESIDE] = [0.71, 54]; // of the width for a graph that stands beside something, less gaps and margins
const ENOUGH = 240; // points of a panel that are seen: then nothing is scrolled

/** What is looked at. */
export interface Choice {
  /** What somebody has chosen. */
  name: string | null;
  /** That, or else the first answer. */
  box: Box | undefined;
  /** `quiet`: the page is not scrolled to it. `stay`: the focus stays where it is. */
  select(name: string, quiet?: boolean, stay?: boolean): void;
  /** How often it was to be shown. */
  asked: number;
  /** Whether the focus stays, as in the graph. */
  stay: boolean;
}

/** The choice in a view; nothing is chosen in another `file`. */
export function useChoice(view: View | null, file = ""): Choice {
  const [{ name, asked, stay }, choose] = useState<{ name: string | null; asked: number; stay: boolean }>({ name: null, asked: 0, stay: true });
  useEffect(() => choose((was) => ({ ...was, name: null })), [file]);
  const first = view?.cards[0]?.name ?? view?.boxes.at(-1)?.name ?? null;
  const box = view?.boxes.find((each) => each.name === (name ?? first));
  const known = useRef(view);
  known.current = view;
  const select = useCallback((key: string, quiet = false, stay = false) => {
    const names = [key, nameOf(key)]; // `cost[twitter]` may be a label, or a name
    const name = names.find((each) => known.current?.boxes.some((box) => box.name === each));
    if (name !== undefined) choose((was) => ({ name, asked: was.asked + (quiet ? 0 : 1), stay }));
  }, []);
  return { name, box, select, asked, stay };
}

interface Props {
  view: View;
  choice: Choice;
  /** The panel of what is chosen. */
  children: ComponentChildren;
}

export function Pair({ view, choice, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setWide(Math.round(place.current?.getBoundingClientRect().width ?? 0));
    measure();
    const observer = new ResizeObserver(measure);
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const natural = useMemo(() => widthOf(standing(view, view.boxes.every((box) => box.near), []).boxes), [view.arrows]);
  useEffect(() => {
    const panel = place.current?.lastElementChild as HTMLElement | null | undefined;
    if (!choice.asked || !panel) return;
    if (!choice.stay) panel.focus({ preventScroll: true });
    const { top, bottom, height } = panel.getBoundingClientRect();
    if (Math.min(bottom, innerHeight) - Math.max(top, 0) < Math.min(height, ENOUGH)) panel.scrollIntoView({ block: "nearest" });
  }, [choice.asked]);
  const seen = useCallback((name: string, quiet?: boolean) => choice.select(name, quiet, true), [choice.select]);
  const stacked = wide > 0 && SHARE * wide - BESIDE < SMALL * natural;
  return (
    <div class={`two${stacked ? " stacked" : ""}`} ref={place}>
      <Graph view={view} selected={choice.name} select={seen} />
      {children}
    </div>
  );
}
