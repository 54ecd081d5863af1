// The page above its tables: answers, graph, and the quantity that was chosen.

import { Cards } from "./Cards";
import type { View } from "./data";
import { Detail } from "./Detail";
import { Pair, useChoice } from "./Pair";

export function App({ view }: { view: View }) {
  const choice = useChoice(view);
  const { box, select } = choice;
  return (
    <div class="app">
      <Cards view={view} select={select} />
      <Pair view={view} choice={choice}>
        {box && <Detail key={box.name} view={view} box={box} select={select} />}
      </Pair>
    </div>
  );
}
