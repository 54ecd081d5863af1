// The live page: a model, edits of its inputs, and what follows from them.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Box, Claim, Element, View } from "./data";
import { Cards, spoken } from "./Cards";
import { Detail } from "./Detail";
import { Editor } from "./Editor";
import { Graph } from "./Graph";
import { Save } from "./Save";
import type { Saving } from "./Save";
import type { Edits, Failure, Input, Line, Message } from "./live";
import { connect } from "./live";

interface Loaded {
  model: string;
  view: View;
  inputs: Record<string, Input>;
}

/** What edits did: elements by name, claims once they are tested, what could not be read. */
interface Outcome {
  boxes: Record<string, Element[]>;
  claims: Claim[] | null;
  errors: Edits;
}

const NOTHING: Outcome = { boxes: {}, claims: null, errors: {} };

export function Studio() {
  const [models, setModels] = useState<string[]>([]);
  const [model, setModel] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [up, setUp] = useState(true);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [broken, setBroken] = useState<Failure | null>(null);
  const [edits, setEdits] = useState<Edits>({});
  const [outcome, setOutcome] = useState<Outcome>(NOTHING);
  const [busy, setBusy] = useState(false);
  const [chosen, choose] = useState<string | null>(null);
  const [save, setSave] = useState<Saving | null>(null);
  const past = useRef<Edits[]>([]);
  const future = useRef<Edits[]>([]);
  const line = useRef<Line | null>(null);
  const asked = useRef(0);
  // What the socket's callbacks see of the present state.
  const now = useRef({ model, edits });
  now.current = { model, edits };

  const ask = (edits: Edits, preview: boolean) => {
    asked.current += 1;
    if (!preview) setBusy(true);
    line.current?.send({ type: "edit", id: asked.current, edits, preview });
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
        setLoaded({ model: now.current.model, view: message.view, inputs: message.inputs });
        setBroken(null);
        setBusy(false);
        if (Object.keys(now.current.edits).length) ask(now.current.edits, false);
        else {
          setOutcome(NOTHING);
          line.current?.send({ type: "drivers", id: ++asked.current, edits: {} });
        }
        break;
      case "broken":
        setBroken(message.error);
        setBusy(false);
        break;
      case "changed":
        if (!message.preview && message.id !== asked.current) break;
        setOutcome((old) => ({
          boxes: message.boxes,
          claims: message.claims ?? old.claims,
          errors: message.errors,
        }));
        if (!message.preview) {
          setBusy(false);
          line.current?.send({ type: "drivers", id: asked.current, edits: now.current.edits });
        }
        break;
      case "drivers":
        if (message.id !== asked.current) break;
        setLoaded((old) => old && { ...old, view: driven(old.view, message.drivers) });
        setOutcome((old) => ({ ...old, boxes: drivenBoxes(old.boxes, message.drivers) }));
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
        setSave(null);
        setBusy(false);
        setBroken(message.error);
        break;
    }
  };

  useEffect(() => {
    line.current = connect(take, (connected) => {
      setUp(connected);
      if (connected && now.current.model) line.current?.send({ type: "open", model: now.current.model });
    });
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
    line.current?.send({ type: "open", model: name });
  };
  const become = (next: Edits) => {
    setEdits(next);
    now.current = { ...now.current, edits: next };
    ask(next, false);
  };
  const edit = (key: string, text: string | null, preview: boolean) => {
    const next = { ...edits };
    if (text === null) delete next[key];
    else next[key] = text;
    if (preview) {
      ask(next, true);
      return;
    }
    if (JSON.stringify(next) === JSON.stringify(edits)) {
      ask(next, false);
      return;
    }
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
    addEventListener("keydown", keyed);
    return () => removeEventListener("keydown", keyed);
  });

  const view = useMemo(() => loaded && merged(loaded.view, outcome), [loaded, outcome]);
  const before = useMemo(
    () => new Map((loaded?.view.boxes ?? []).filter((box) => outcome.boxes[box.name]).map((box) => [box.name, box])),
    [loaded, outcome],
  );
  const first = view?.cards[0]?.name ?? view?.boxes.at(-1)?.name ?? null;
  const box = view?.boxes.find((each) => each.name === (chosen ?? first));
  const select = (name: string) => {
    if (view?.boxes.some((each) => each.name === name)) choose(name);
  };
  const count = Object.keys(edits).length;

  return (
    <div class="app studio">
      <header class="bar-top">
        <label>
          <span class="hidden">Model</span>
          <select value={model} onChange={(event) => open(event.currentTarget.value)}>
            {models.map((name) => <option value={name}>{name}</option>)}
          </select>
        </label>
        <span class="tools" role="group" aria-label="Edits">
          <button type="button" disabled={!past.current.length} onClick={undo}>undo</button>
          <button type="button" disabled={!future.current.length} onClick={redo}>redo</button>
          <button type="button" disabled={!count} onClick={reset}>as in the file</button>
          <button type="button" disabled={!count} onClick={() => line.current?.send({ type: "diff", id: asked.current, edits })}>save …</button>
          <button type="button" disabled={!loaded} onClick={() => line.current?.send({ type: "page", id: asked.current, edits })}>export page</button>
        </span>
        <span class="state" role="status">{stateOf(up, busy || (!loaded && !broken), count)}</span>
      </header>
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
          {count > 0 && <EditList edits={edits} errors={outcome.errors} select={select} drop={(key) => edit(key, null, false)} />}
          <Cards view={view} before={before} select={select} />
          <div class="two">
            <Graph view={view} selected={chosen} select={select} />
            {box && (
              <Detail key={`${model} ${box.name}`} view={view} box={box} before={before.get(box.name)} select={select}>
                {loaded?.inputs[box.name] && (
                  <Editor
                    key={box.name}
                    box={box}
                    input={loaded.inputs[box.name]!}
                    edits={edits}
                    errors={outcome.errors}
                    edit={edit}
                  />
                )}
              </Detail>
            )}
          </div>
          <p class="hint">{view.run}</p>
        </>
      )}
    </div>
  );

  function reset() {
    past.current.push(edits);
    future.current = [];
    become({});
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
      {error.code && <pre><code>{`${error.line}  ${error.code}`}</code></pre>}
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
function merged(view: View, outcome: Outcome): View {
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
