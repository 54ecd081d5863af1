// One quantity: definition, description, source, statistics, form, what it uses and what drives it.

import { useState } from "preact/hooks";
import { Chance } from "./Cards";
import type { Box, Claim, ElementView, View } from "./data";
import { spoken, titled } from "./data";
import { Distribution } from "./Distribution";
import type { Hand } from "./drag";
import { endsOf, useGrip } from "./drag";
import { Editor } from "./Editor";
import type { Desk } from "./live";
import { Sweep, rangeOf } from "./Sweep";
import { Grid } from "./Grid";

interface Props {
  view: View;
  box: Box;
  before?: Box | undefined;
  select: (name: string) => void;
  /** What a hand can do to inputs, where there is a server. */
  desk?: Desk | undefined;
}

const ROWS = 12;

export function Detail({ view, box, before, select, desk }: Props) {
  // Of a labelled quantity the label that a card speaks of is looked at first.
  const [label, setLabel] = useState(() => {
    const labels = view.cards.find((card) => card.name === box.name)?.labels.join("\u0000");
    return Math.max(box.elements.findIndex((each) => each.labels.join("\u0000") === labels), 0);
  });
  const index = Math.min(label, box.elements.length - 1);
  const element = box.elements[index];
  const claims = view.claims.filter((each) => each.name === box.name);
  const here = claims.filter((each) => !each.labels.length || each.labels.join() === element?.labels.join());
  const users = view.boxes.filter((each) => each.uses.includes(box.name));
  const input = desk?.inputs[box.name];
  const key = input?.keys[index] ?? box.name;
  const hand: Hand = {
    moved: (text, done) => (done ? desk?.edit(key, text) : desk?.move(key, text)),
    held: (on) => desk?.held(key, on),
  };
  const editable = input && element && !element.chance ? element : undefined;
  const ends = input && editable ? endsOf(input, index, desk?.edits[key] ?? desk?.edits[box.name], editable.numbers.p5, editable.numbers.p95) : null;
  const grip = useGrip(editable?.shape, ends, input?.patterns[index] ?? "", hand);
  return (
    <aside class="panel detail" tabIndex={-1} aria-label={spoken(box.name)}>
      <h2>{spoken(box.name)}</h2>
      {box.doc && <p>{box.doc}</p>}
      {box.definition && <pre class="definition" tabIndex={0}><code>{box.definition}</code></pre>}
      <p class="where">{[box.where, box.unit].filter(Boolean).join(" · ")}</p>
      {box.source && <Source text={box.source} inferred={box.inferred} />}
      {desk && input && <Editor box={box} index={index} input={input} desk={desk} grip={editable?.shape && ends ? grip : null} hand={hand} />}
      {element?.chance && <Chance percent={element.numbers.mean ?? 0} claims={here} label={`${titled(box.name, element.labels)}: ${element.value}`} />}
      {element?.shape && !element.chance && (
        <Distribution
          shape={element.shape}
          before={before?.elements[index]?.shape}
          numbers={element.numbers}
          unit={box.unit}
          width={320}
          height={130}
          claims={here}
          readable
          grip={ends ? grip : undefined}
          label={`${titled(box.name, element.labels)}: ${element.value}, ${element.range}`}
        />
      )}
      {desk?.sweep && editable && <Along key={key} view={view} box={box} index={index} name={key} desk={desk} hand={hand} />}
      <Statistics box={box} index={index} choose={setLabel} />
      {element?.note && <p class="note">{element.note}</p>}
      {element && element.drivers.length > 0 && <Drivers element={element} select={select} />}
      <Names title="Made from" names={box.uses} select={select} />
      <Names title="Used by" names={users.map((each) => each.name)} select={select} />
      {claims.length > 0 && <Published claims={claims} />}
    </aside>
  );
}

interface AlongProps {
  view: View;
  box: Box;
  index: number;
  name: string;
  desk: Desk;
  hand: Hand;
}

/** The slider of an input, open from the start where it has one value. */
function Along({ view, box, index, name, desk, hand }: AlongProps) {
  const value = box.elements[index]?.numbers.mean ?? null;
  const [range] = useState(() => rangeOf(box, index, value));
  const [open, show] = useState(false);
  if (!range || value === null) return null;
  return (
    <details onToggle={(event) => show(event.currentTarget.open)}>
      <summary>{box.elements[index]?.shape ? "If it were known exactly" : "Slide it"}</summary>
      {open && (
        <Sweep
          view={view}
          name={name}
          range={range}
          unit={desk.inputs[box.name]?.unit ?? ""}
          value={value}
          swept={desk.swept?.moved === name ? desk.swept : null}
          sweep={(texts) => desk.sweep?.(name, texts)}
          moved={hand.moved}
          held={hand.held}
        />
      )}
    </details>
  );
}

type Statistic = "mean" | "p5" | "p50" | "p95";
const STATISTICS: [Statistic, string][] = [["mean", "mean"], ["p5", "5%"], ["p50", "50%"], ["p95", "95%"]];

/** A row for each label; of two dimensions one statistic of rows by columns, if wanted. */
function Statistics({ box, index, choose }: { box: Box; index: number; choose: (index: number) => void }) {
  const dims = Object.keys(box.dims);
  const [pivot, setPivot] = useState<Statistic | null>(null);
  const [turned, turn] = useState(false);
  const one = box.elements[0];
  const columns = STATISTICS.filter(([key]) => key === "mean" || !one?.chance);
  if (box.elements.length === 1 && one) {
    const certain = one.mean === one.p5 && one.p5 === one.p95;
    const rows = (certain ? columns.slice(0, 1) : columns).map(([key, name]) => ({ head: one.chance ? "probability" : certain ? "value" : name, cells: [one.chance ? `${one[key]}%` : one[key]] }));
    return <Grid key="one" caption={`Statistics of ${spoken(box.name)}`} header={["statistic", (!one.chance && box.unit) || "value"]} rows={rows} />;
  }
  const chooser = dims.length === 2 && (
    <p class="pivot">
      <label>
        {"show "}
        <select value={pivot ?? ""} onChange={(event) => setPivot((event.currentTarget.value || null) as Statistic | null)}>
          <option value="">all statistics</option>
          {columns.map(([key, name]) => <option value={key}>{`${name} by ${dims[turned ? 1 : 0]} and ${dims[turned ? 0 : 1]}`}</option>)}
        </select>
      </label>
      {pivot && <button type="button" onClick={() => turn(!turned)}>swap rows and columns</button>}
    </p>
  );
  if (pivot && dims.length === 2) {
    const [down, across] = turned ? [1, 0] : [0, 1];
    const labels = (i: number) => [...new Set(box.elements.map((each) => each.labels[i] ?? ""))];
    const at = new Map(box.elements.map((each) => [`${each.labels[down]}\u0000${each.labels[across]}`, each[pivot]]));
    const rows = labels(down).map((row) => ({ head: row, cells: labels(across).map((column) => at.get(`${row}\u0000${column}`) ?? "–") }));
    return (
      <>
        {chooser}
        <Grid key={`${pivot}${turned}`} caption={`${spoken(box.name)} by ${dims.join(" and ")}`} header={[`${spoken(dims[down]!)} \\ ${spoken(dims[across]!)}`, ...labels(across)]} rows={rows} most={ROWS} />
      </>
    );
  }
  const rows = box.elements.map((each, i) => ({
    head: each.labels.join(", "),
    cells: columns.map(([key]) => (each.chance ? `${each[key]}%` : each[key])),
    press: () => choose(i),
    chosen: i === index,
  }));
  return (
    <>
      {chooser}
      <Grid key="all" caption={`Statistics of ${spoken(box.name)}`} header={[dims.map(spoken).join(", "), ...columns.map(([, name]) => (one?.chance ? "probability" : name))]} rows={rows} most={ROWS} />
    </>
  );
}

function Source({ text, inferred }: { text: string; inferred: boolean }) {
  return <p class={`source${inferred ? " inferred" : ""}`}><Linked text={text} /></p>;
}

// As `report/inline.py` has them: nothing else in a text of a model becomes a link.
const LINKS = /https?:\/\/[^\s<>"'`|\\^{}]+[^\s<>"'`|\\^{}.,;:!?)\]]|arXiv:\d{4}\.\d{4,5}(?:v\d+)?|doi:10\.\d{4,9}\/[\w.()/:;-]*\w/g;

/** A text whose addresses, arXiv numbers and DOIs are links. */
function Linked({ text }: { text: string }) {
  const parts: preact.ComponentChildren[] = [];
  let from = 0;
  for (const found of text.matchAll(LINKS)) {
    const [kind, rest = ""] = found[0].split(/:(.*)/s);
    const target = kind === "arXiv" ? `https://arxiv.org/abs/${rest}` : kind === "doi" ? `https://doi.org/${rest}` : found[0];
    parts.push(text.slice(from, found.index), <a href={target} rel="noreferrer">{found[0]}</a>);
    from = found.index + found[0].length;
  }
  return <>{parts}{text.slice(from)}</>;
}

function Drivers({ element, select }: { element: ElementView; select: (name: string) => void }) {
  return (
    <>
      <h3>What drives it</h3>
      <ul class="drivers">
        {element.drivers.slice(0, 8).map(({ input, text, size }) => (
          <li>
            <button type="button" class="link" onClick={() => select(input)}>{spoken(input)}</button>
            <em>{text}</em>
            <span class="bar"><i class={size < 0 ? "minus" : ""} style={{ width: `${Math.min(Math.round(100 * Math.abs(size)), 100)}%` }} /></span>
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
            {each.source && <small><Linked text={each.source} /></small>}
            {each.note && <small><Linked text={each.note} /></small>}
          </li>
        ))}
      </ul>
    </>
  );
}
