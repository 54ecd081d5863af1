// The live page: a model, edits of its inputs, and what follows from them.

import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Box, Element, View } from "./data";
import { Beside } from "./Beside";
import type { Variant } from "./Beside";
import { Cards, spoken } from "./Cards";
import { Detail } from "./Detail";
import { Graph } from "./Graph";
import { Save } from "./Save";
import type { Saving } from "./Save";
import type { Changed, Compared, Connect, Desk, Edits, Failure, Line, Message, Start, Swept } from "./live";

interface Loaded extends Start {
  model: string;
}

interface Props {
  connect: Connect;
  /** What a notebook shows from the start, with or without a kernel. */
  start?: Start;
}

const NOTHING: Changed = { boxes: {}, claims: null, errors: {} };
const PAUSE = 250; // ms, before what was given up is asked again

/** What is on the screen is exact once all of these have been asked for, one after the other. */
type Chore = "compare" | "settle" | "whole" | "drivers";

export function Studio({ connect, start }: Props) {
  const [models, setModels] = useState<string[]>([]);
  const [model, setModel] = useState(() => (start ? "" : decodeURIComponent(location.hash.slice(1))));
  const [up, setUp] = useState(!start);
  const [loaded, setLoaded] = useState<Loaded | null>(() => (start ? { ...start, model: "" } : null));
  const [broken, setBroken] = useState<Failure | null>(null);
  const [edits, setEdits] = useState<Edits>({});
  const [outcome, setOutcome] = useState<Changed>(NOTHING);
  const [busy, setBusy] = useState(false);
  const [chosen, choose] = useState<string | null>(null);
  const [save, setSave] = useState<Saving | null>(null);
  const [kept, setKept] = useState<Variant[]>([]);
  const [compared, setCompared] = useState<Compared[]>([]);
  const [swept, setSwept] = useState<Swept | null>(null);
  const past = useRef<Edits[]>([]);
  const future = useRef<Edits[]>([]);
  const line = useRef<Line | null>(null);
  const asked = useRef(0);
  const chores = useRef<Chore[]>([]);
  const doing = useRef<Chore | null>(null);
  const sealed = useRef(false); // a calculator asks for little
  sealed.current = loaded?.calculator ?? false;
  const root = useRef<HTMLDivElement>(null);
  const hand = useRef(false); // on an input that is dragged
  // A move that is not answered yet, and the newest of those that wait for that.
  const flying = useRef<number | null>(null);
  const waiting = useRef<{ key: string; text: string } | null>(null);
  // What the socket's callbacks see of the present state.
  const now = useRef({ model, edits });
  now.current = { model, edits };
  const comparing = useRef<Variant[]>([]);
  const variants = useRef<{ kept: Variant[]; scenarios: string[] }>({ kept, scenarios: [] });
  variants.current = { kept, scenarios: loaded?.scenarios ?? [] };

  const ask = (edits: Edits) => {
    asked.current += 1;
    flying.current = waiting.current = doing.current = null;
    setBusy(true);
    line.current?.send({ type: "edit", id: asked.current, edits });
  };
  const columns = () => besides(variants.current.kept, variants.current.scenarios, now.current.edits);
  const chore = () => {
    const next = chores.current[0];
    if (!next || doing.current || hand.current) return;
    doing.current = next;
    const { edits } = now.current;
    const asks = { type: next, id: asked.current, edits };
    comparing.current = next === "compare" ? columns() : [];
    line.current?.send(next === "compare" ? { ...asks, variants: comparing.current } : asks);
  };
  const done = (which: Chore) => {
    if (doing.current === which) doing.current = null;
    chores.current = chores.current.filter((each) => each !== which);
    chore();
  };
  /** What is shown beside the edits, if anything. */
  const beside = (): Chore[] => (variants.current.kept.length || variants.current.scenarios.length ? ["compare"] : []);
  const fly = (key: string, text: string) => {
    asked.current += 1;
    flying.current = asked.current;
    doing.current = null;
    line.current?.send({ type: "move", id: asked.current, moved: key, edits: { ...now.current.edits, [key]: text } });
  };
  const take = (message: Message) => {
    switch (message.type) {
      case "models":
        setModels(message.models);
        if (!message.models.includes(now.current.model)) {
          const first = message.models[0];
          if (first) open(first);
        }
        break;
      case "view":
        setLoaded({ ...message, model: now.current.model });
        variants.current = { ...variants.current, scenarios: message.scenarios };
        setBroken(null);
        if (message.whole) {
          done("whole");
          break;
        }
        doing.current = flying.current = null;
        chores.current = [...beside(), "whole", ...(message.calculator ? [] : ["drivers" as const])];
        setSwept(null);
        if (Object.keys(now.current.edits).length) ask(now.current.edits);
        else {
          setOutcome(NOTHING);
          setBusy(false);
          chore();
        }
        break;
      case "broken":
        setBroken(message.error);
        setBusy(false);
        break;
      case "moved":
        if (message.id !== flying.current) break;
        flying.current = null;
        setOutcome((old) => ({ ...old, boxes: { ...old.boxes, ...message.boxes }, errors: message.errors }));
        if (waiting.current) fly(waiting.current.key, waiting.current.text);
        waiting.current = null;
        break;
      case "changed":
        if (message.id !== asked.current) {
          if (message.settled) doing.current = null;
          break;
        }
        setOutcome((old) => ({ ...message, claims: message.claims ?? old.claims }));
        setBusy(false);
        if (message.settled) {
          done("settle");
          break;
        }
        chores.current = chores.current.filter((each) => each === "whole");
        if (Object.keys(now.current.edits).length) chores.current.unshift("settle");
        else setOutcome(NOTHING);
        if (!sealed.current) chores.current = [...beside(), ...chores.current, "drivers"];
        chore();
        break;
      case "compared":
        if (JSON.stringify(comparing.current) === JSON.stringify(columns())) {
          setCompared(message.variants);
          done("compare");
        } else {
          doing.current = null; // others are wanted by now
          chore();
        }
        break;
      case "swept":
        setSwept(message);
        break;
      case "drivers":
        if (message.id === asked.current) {
          setLoaded((old) => old && { ...old, view: driven(old.view, message.drivers) });
          setOutcome((old) => ({ ...old, boxes: drivenBoxes(old.boxes, message.drivers) }));
          done("drivers");
        } else doing.current = null;
        break;
      case "superseded":
        doing.current = null;
        setTimeout(chore, PAUSE);
        break;
      case "held":
        break;
      case "diff":
        setSave({ diff: message });
        break;
      case "conflict":
        setSave({ conflict: message.files });
        break;
      case "saved":
        setSave(null);
        setEdits((old) => {
          const rest = Object.fromEntries(Object.entries(old).filter(([key, text]) => message.edits[key] !== text));
          now.current = { ...now.current, edits: rest };
          return rest;
        });
        break;
      case "page":
        download(`${message.model}.html`, message.html);
        break;
      case "failed":
        doing.current = flying.current = null;
        chores.current = [];
        setSave(null);
        setBusy(false);
        setBroken(message.error);
        break;
    }
  };

  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    line.current = connect((message) => latest.current(message), (connected) => {
      setUp(connected);
      if (start) return;
      doing.current = flying.current = waiting.current = null;
      if (connected && now.current.model) line.current?.send({ type: "open", model: now.current.model });
    });
    if (start && Object.keys(start.inputs).length) line.current.send({ type: "open", model: "" });
    return () => line.current?.close();
  }, []);

  const open = (name: string) => {
    location.hash = encodeURIComponent(name);
    now.current = { model: name, edits: {} };
    setModel(name);
    setLoaded(null);
    setBroken(null);
    setEdits({});
    setOutcome(NOTHING);
    choose(null);
    past.current = [];
    future.current = [];
    chores.current = [];
    doing.current = null;
    setKept([]);
    setCompared([]);
    setSwept(null);
    line.current?.send({ type: "open", model: name });
  };
  const become = (next: Edits) => {
    setEdits(next);
    now.current = { ...now.current, edits: next };
    ask(next);
  };
  const edit = (key: string, text: string | null) => {
    const { edits } = now.current;
    const next = { ...edits };
    if (text === null) delete next[key];
    else next[key] = text;
    if (JSON.stringify(next) === JSON.stringify(edits)) {
      ask(next);
      return;
    }
    past.current.push(edits);
    future.current = [];
    become(next);
  };
  const move = (key: string, text: string) => {
    if (flying.current === null) fly(key, text);
    else waiting.current = { key, text };
  };
  const held = (key: string, on: boolean) => {
    hand.current = on;
    doing.current = null;
    if (on) line.current?.send({ type: "hold", id: asked.current, moved: key, edits: now.current.edits });
    else chore();
  };
  const sweep = (key: string, texts: string[]) => {
    line.current?.send({ type: "sweep", id: asked.current, moved: key, texts, edits: now.current.edits });
  };
  const keep = (next: Variant[]) => {
    setKept(next);
    variants.current = { ...variants.current, kept: next };
    setCompared([]);
    chores.current = [...beside(), ...chores.current.filter((each) => each !== "compare")];
    chore();
  };
  const use = (next: Edits) => {
    past.current.push(edits);
    future.current = [];
    become(next);
  };
  const step = (from: Edits[], to: Edits[]) => {
    const next = from.pop();
    if (!next) return;
    to.push(edits);
    become(next);
  };
  const undo = () => step(past.current, future.current);
  const redo = () => step(future.current, past.current);
  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      if (event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      if (event.shiftKey) redo();
      else undo();
    };
    const place = start ? root.current : window; // a notebook has keys of its own
    place?.addEventListener("keydown", keyed as EventListener);
    return () => place?.removeEventListener("keydown", keyed as EventListener);
  });

  const view = useMemo(() => loaded && merged(loaded.view, outcome), [loaded, outcome]);
  const before = useMemo(
    () => new Map((loaded?.view.boxes ?? []).filter((box) => outcome.boxes[box.name]).map((box) => [box.name, box])),
    [loaded, outcome],
  );
  const first = view?.cards[0]?.name ?? view?.boxes.at(-1)?.name ?? null;
  const box = view?.boxes.find((each) => each.name === (chosen ?? first));
  const names = useRef<View | null>(null);
  names.current = view;
  const select = useCallback((name: string) => {
    if (names.current?.boxes.some((each) => each.name === name)) choose(name);
  }, []);
  const count = Object.keys(edits).length;
  const desk: Desk | undefined = loaded && (up || !start) ? { inputs: loaded.inputs, edits, errors: outcome.errors, edit, move, held, swept, sweep: loaded.calculator ? undefined : sweep } : undefined;

  return (
    <div class="app studio" ref={root}>
      {!(start && loaded && !Object.keys(loaded.inputs).length) && <header class="bar-top">
        {!start && (
          <label>
            <span class="hidden">Model</span>
            <select value={model} onChange={(event) => open(event.currentTarget.value)}>
              {models.map((name) => <option value={name}>{name}</option>)}
            </select>
          </label>
        )}
        <span class="tools" role="group" aria-label="Edits">
          <button type="button" disabled={!past.current.length} onClick={undo}>undo</button>
          <button type="button" disabled={!future.current.length} onClick={redo}>redo</button>
          <button type="button" disabled={!count} onClick={() => use({})}>as in the file</button>
          {!loaded?.calculator && (
            <>
              <button type="button" disabled={!count} onClick={() => keep([...kept, { name: nextName(kept), scenario: null, edits }])}>keep beside</button>
              {loaded?.file && <button type="button" disabled={!count} onClick={() => line.current?.send({ type: "diff", id: asked.current, edits })}>save …</button>}
              <button type="button" disabled={!loaded} onClick={() => line.current?.send({ type: "page", id: asked.current, edits })}>export page</button>
            </>
          )}
        </span>
        <span class="state" role="status">{start && !up ? "no kernel answers: nothing can be changed" : stateOf(up, busy || (!loaded && !broken), count)}</span>
      </header>}
      {save && (
        <Save
          save={save}
          close={() => setSave(null)}
          write={(stamp, kept) => line.current?.send({ type: "save", id: asked.current, edits: kept, stamp })}
          edits={edits}
        />
      )}
      {broken && <Broken error={broken} kept={loaded !== null} />}
      {view && (
        <>
          <div class="title"><h1>{spoken(view.title)}</h1></div>
          {count > 0 && <EditList edits={edits} errors={outcome.errors} select={select} drop={(key) => edit(key, null)} />}
          <Cards view={view} before={before} select={select} />
          {compared.length > 0 && (
            <Beside view={view} kept={kept} compared={compared} use={use} drop={(name) => keep(kept.filter((each) => each.name !== name))} />
          )}
          {loaded?.calculator ? (
            <div class="cards">
              {view.boxes.filter((each) => loaded.inputs[each.name]).map((each) => (
                <Detail key={each.name} view={view} box={each} before={before.get(each.name)} select={select} desk={desk} />
              ))}
            </div>
          ) : (
            <div class="two">
              <Graph view={view} selected={chosen} select={select} />
              {box && (
                <Detail key={`${model} ${box.name}`} view={view} box={box} before={before.get(box.name)} select={select} desk={desk} />
              )}
            </div>
          )}
          <p class="hint">{view.run}</p>
        </>
      )}
    </div>
  );

}

/** Columns side by side: the file, its scenarios, what was kept, and the present edits. */
function besides(kept: Variant[], scenarios: string[], edits: Edits): Variant[] {
  const own = scenarios.map((name) => ({ name, scenario: name, edits: {} }));
  const now = Object.keys(edits).length ? [{ name: "now", scenario: null, edits }] : [];
  return [{ name: "file", scenario: null, edits: {} }, ...own, ...kept, ...now];
}

/** A, B, C, … */
function nextName(kept: Variant[]): string {
  for (let k = 0; ; k++) {
    const name = k < 26 ? String.fromCharCode(65 + k) : `Z${k}`;
    if (!kept.some((each) => each.name === name)) return name;
  }
}

function stateOf(up: boolean, busy: boolean, count: number): string {
  if (!up) return "no connection to the server; trying again";
  if (busy) return "computing …";
  return count ? `${count} ${count === 1 ? "edit" : "edits"}, not in the file` : "as in the file";
}

function Broken({ error, kept }: { error: Failure; kept: boolean }) {
  return (
    <section class="panel broken" role="alert">
      <p>
        {error.line !== undefined && <b>{`${error.file}:${error.line}: `}</b>}
        <span class="message">{error.text}</span>
      </p>
      {error.code && <pre tabIndex={0}><code>{`${error.line}  ${error.code}`}</code></pre>}
      {kept && <p class="hint">Below is what it was when it last ran.</p>}
    </section>
  );
}

interface EditListProps {
  edits: Edits;
  errors: Edits;
  select: (name: string) => void;
  drop: (key: string) => void;
}

function EditList({ edits, errors, select, drop }: EditListProps) {
  return (
    <ul class="edits" aria-label="Edits">
      {Object.entries(edits).map(([key, text]) => (
        <li class={errors[key] ? "bad" : ""}>
          <button type="button" class="link" onClick={() => select(key.replace(/\[.*$/, ""))}>{spoken(key)}</button>
          {` = ${text} `}
          <button type="button" aria-label={`drop ${spoken(key)}`} onClick={() => drop(key)}>×</button>
        </li>
      ))}
    </ul>
  );
}

/** The file's view with what edits changed in it. */
function merged(view: View, outcome: Changed): View {
  const boxes = view.boxes.map((box): Box => {
    const elements = outcome.boxes[box.name];
    if (!elements) return box;
    return {
      ...box,
      elements: elements.map((each, i) =>
        each.drivers.length ? each : { ...each, drivers: box.elements[i]?.drivers ?? [], measure: box.elements[i]?.measure ?? "" },
      ),
    };
  });
  return { ...view, boxes, claims: outcome.claims ?? view.claims };
}

type Drivers = Record<string, [string, Element["drivers"]][]>;

function driven(view: View, drivers: Drivers): View {
  return { ...view, boxes: view.boxes.map((box) => ({ ...box, elements: with_(box.elements, drivers[box.name]) })) };
}

function drivenBoxes(boxes: Record<string, Element[]>, drivers: Drivers): Record<string, Element[]> {
  return Object.fromEntries(Object.entries(boxes).map(([name, elements]) => [name, with_(elements, drivers[name])]));
}

function with_(elements: Element[], told: Drivers[string] | undefined): Element[] {
  return elements.map((each, i) => {
    const [measure, drivers] = told?.[i] ?? ["", []];
    return drivers.length ? { ...each, measure, drivers } : each;
  });
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/html" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
