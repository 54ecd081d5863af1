// One quantity: definition, description, source, statistics, form, what it uses and what drives it.

import { useState } from "preact/hooks";
import type { Box, Claim, Element, View } from "./data";
import { titled } from "./data";
import { Distribution } from "./Distribution";
import { spoken } from "./Cards";

interface Props {
  view: View;
  box: Box;
  before?: Box | undefined;
  select: (name: string) => void;
  children?: preact.ComponentChildren;
}

const ROWS = 12;

export function Detail({ view, box, before, select, children }: Props) {
  const [label, setLabel] = useState(0);
  const [all, setAll] = useState(false);
  const index = Math.min(label, box.elements.length - 1);
  const element = box.elements[index];
  const claims = view.claims.filter((each) => each.name === box.name);
  const here = claims.filter((each) => !each.labels.length || each.labels.join() === element?.labels.join());
  const users = view.boxes.filter((each) => each.uses.includes(box.name));
  const rows = all ? box.elements : box.elements.slice(0, ROWS);
  return (
    <aside class="panel detail" aria-label={spoken(box.name)}>
      <h2>{spoken(box.name)}</h2>
      {box.doc && <p>{box.doc}</p>}
      <pre class="definition" tabIndex={0}><code>{box.definition}</code></pre>
      <p class="where">{box.where}{box.unit && ` · ${box.unit}`}</p>
      {box.source && <Source text={box.source} inferred={box.inferred} />}
      {children}
      {element?.shape && (
        <Distribution
          shape={element.shape}
          before={before?.elements[index]?.shape}
          numbers={element.numbers}
          unit={box.unit}
          width={320}
          height={130}
          claims={here}
          readable
          label={`${titled(box.name, element.labels)}: ${element.value}, ${element.range}`}
        />
      )}
      <table class="statistics">
        <thead>
          <tr>
            {box.elements.length > 1 && <th scope="col">{Object.keys(box.dims).join(", ")}</th>}
            <th scope="col">mean</th><th scope="col">5%</th><th scope="col">50%</th><th scope="col">95%</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((each, i) => (
            <tr class={i === index && box.elements.length > 1 ? "chosen" : ""}>
              {box.elements.length > 1 && (
                <th scope="row"><button type="button" class="link" onClick={() => setLabel(i)}>{each.labels.join(", ")}</button></th>
              )}
              <td>{each.mean}</td><td>{each.p5}</td><td>{each.p50}</td><td>{each.p95}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {box.elements.length > rows.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>{`all ${box.elements.length} labels`}</button>
      )}
      {element?.note && <p class="note">{element.note}</p>}
      {element && element.drivers.length > 0 && <Drivers element={element} select={select} />}
      <Names title="Made from" names={box.uses} select={select} />
      <Names title="Used by" names={users.map((each) => each.name)} select={select} />
      {claims.length > 0 && <Published claims={claims} />}
    </aside>
  );
}

function Source({ text, inferred }: { text: string; inferred: boolean }) {
  const link = /^https?:\/\/\S+$/.test(text.trim());
  return (
    <p class={`source${inferred ? " inferred" : ""}`}>
      {link ? <a href={text.trim()} rel="noreferrer">{text.trim()}</a> : text}
    </p>
  );
}

function Drivers({ element, select }: { element: Element; select: (name: string) => void }) {
  return (
    <>
      <h3>What drives it</h3>
      <ul class="drivers">
        {element.drivers.slice(0, 8).map(({ input, text, size }) => (
          <li>
            <button type="button" class="link" onClick={() => select(input.replace(/\[.*$/, ""))}>{spoken(input)}</button>
            <span class="bar"><i class={size < 0 ? "minus" : ""} style={{ width: `${Math.min(Math.round(100 * Math.abs(size)), 100)}%` }} /></span>
            <em>{text}</em>
          </li>
        ))}
      </ul>
      <p class="hint">{element.measure}</p>
    </>
  );
}

function Names({ title, names, select }: { title: string; names: string[]; select: (name: string) => void }) {
  if (!names.length) return null;
  return (
    <p class="names">
      <b>{title}</b>{" "}
      {names.map((name) => (
        <button type="button" class="link" onClick={() => select(name)}>{spoken(name)}</button>
      ))}
    </p>
  );
}

function Published({ claims }: { claims: Claim[] }) {
  return (
    <>
      <h3>Published figures</h3>
      <ul class="claims">
        {claims.map((each) => (
          <li class={each.as_expected ? (each.verdict === "holds" ? "good" : "known") : "bad"}>
            <b>{each.published}</b>
            {` (${each.statistic}${each.labels.length ? `, ${each.labels.join(", ")}` : ""}): ${each.computed}, ${each.verdict}`}
            {each.source && <small>{each.source}</small>}
            {each.note && <small>{each.note}</small>}
          </li>
        ))}
      </ul>
    </>
  );
}
