// The page above its tables: answers, graph, and the quantity that was chosen.

import { useRef } from "preact/hooks";
import { Cards } from "./Cards";
import type { View } from "./data";
import { Detail } from "./Detail";
import { useFocusKept } from "./focus";
import { Pair, useChoice } from "./Pair";

export function App({ view }: { view: View }) {
  const choice = useChoice(view);
  const root = useRef<HTMLDivElement>(null);
  useFocusKept(root);
  const { box, select } = choice;
  return (
    <div class="app" ref={root}>
      <Cards view={view} select={select} />
      <Pair view={view} choice={choice}>
        {box && <Detail key={box.name} view={view} box={box} select={select} />}
      </Pair>
    </div>
  );
}
