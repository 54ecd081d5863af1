// The page above its tables: answers, graph, and the quantity that was chosen.

import { useCallback, useMemo, useState } from "preact/hooks";
import type { View } from "./data";
import { Cards } from "./Cards";
import { Detail } from "./Detail";
import { Graph } from "./Graph";

export function App({ view }: { view: View }) {
  const first = useMemo(() => view.cards[0]?.name ?? view.boxes.at(-1)?.name ?? null, [view]);
  const [chosen, choose] = useState<string | null>(null);
  const selected = chosen ?? first;
  const box = view.boxes.find((each) => each.name === selected);
  const select = useCallback((name: string) => {
    if (view.boxes.some((each) => each.name === name)) choose(name);
  }, [view]);
  return (
    <div class="app">
      <Cards view={view} select={select} />
      <div class="two">
        <Graph view={view} selected={chosen} select={select} />
        {box && <Detail key={box.name} view={view} box={box} select={select} />}
      </div>
    </div>
  );
}
