// Variants side by side: the file, its scenarios, the present edits, and edits that were kept.

import type { Box, Card, View } from "./data";
import { answerOf, elementOf, spoken } from "./data";
import { Distribution } from "./Distribution";
import type { Compared, Edits, Variant } from "./live";

interface Props {
  view: View;
  kept: Variant[];
  compared: Compared[];
  use: (edits: Edits) => void;
  drop: (name: string) => void;
}

export function Beside({ view, kept, compared, use, drop }: Props) {
  return (
    <section class="panel beside" aria-label="Side by side">
      <h2>Side by side</h2>
      <div class="sideways" tabIndex={0} role="group" aria-label="Answers side by side">
        <table>
          <thead>
            <tr>
              <th scope="col">answer</th>
              {compared.map(({ name }) => {
                const own = kept.find((each) => each.name === name);
                return (
                  <th scope="col">
                    {spoken(name)}
                    {own && (
                      <span class="tools">
                        <button type="button" title={said(own.edits)} onClick={() => use(own.edits)}>use</button>
                        <button type="button" aria-label={`drop ${name}`} onClick={() => drop(name)}>×</button>
                      </span>
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {view.cards.map((card) => (
              <tr>
                <th scope="row">{card.title}</th>
                {compared.map(({ boxes, error }) => {
                  const box = view.boxes.find((each) => each.name === card.name);
                  const there = boxes[card.name];
                  if (!box || !there) return <td class={error ? "note" : ""}>{error ?? "–"}</td>;
                  return <td><Cell card={card} box={{ ...box, elements: there }} /></td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ card, box }: { card: Card; box: Box }) {
  const element = elementOf(box, card.labels);
  if (!element) return <>–</>;
  const answer = answerOf(card, element);
  return (
    <>
      <b>{answer}</b>
      {element.range && <small>{element.range}</small>}
      {element.shape && !element.chance && (
        <Distribution shape={element.shape} numbers={element.numbers} unit={box.unit} width={150} height={34} bare label={`${answer}, ${element.range}`} />
      )}
    </>
  );
}

function said(edits: Edits): string {
  return Object.entries(edits).map(([key, text]) => `${spoken(key)} = ${text}`).join("; ");
}
