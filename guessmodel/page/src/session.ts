// What passes between a page and its model: edits and all else that is asked, and what comes back.

import { useEffect, useRef, useState } from "preact/hooks";
import { Chores } from "./chores";
import type { Chore } from "./chores";
import { driven, drivenBoxes } from "./edited";
import type { Changed, Compared, Connect, Edits, Failure, Line, Message, Saving, Start, Swept, Variant } from "./live";

/** A model as its file has it, and which of the server's it is. */
export interface Loaded extends Start {
  model: string;
}

export interface Session {
  models: string[];
  model: string;
  /** Whether somebody answers. */
  up: boolean;
  /** Whether the answer to the last edit is on its way. */
  busy: boolean;
  loaded: Loaded | null;
  /** Why the file does not run. */
  broken: Failure | null;
  /** Why something that was asked could not be had. */
  failed: Failure | null;
  edits: Edits;
  outcome: Changed;
  save: Saving | null;
  kept: Variant[];
  compared: Compared[];
  swept: Swept | null;
  undo: (() => void) | null;
  redo: (() => void) | null;
  open(name: string): void;
  /** Change one value; null: as in the file. */
  edit(key: string, text: string | null): void;
  /** Other edits in place of all. */
  use(edits: Edits): void;
  /** A value on the way to another. */
  move(key: string, text: string): void;
  /** A hand is on an input, or off again. */
  held(key: string, on: boolean): void;
  sweep(key: string, texts: string[]): void;
  keep(variants: Variant[]): void;
  diff(): void;
  write(stamp: string, edits: Edits): void;
  closeSave(): void;
  /** What is looked at, whose estimates come before others. */
  look(name: string | null): void;
  exported(): void;
}

/** Edits of a model that this tab has made and not saved: a reload is no reason to lose them. */
function remembered(model: string): Edits {
  try {
    return JSON.parse(sessionStorage.getItem(`edits of ${model}`) ?? "{}") as Edits;
  } catch {
    return {}; // storage that is not allowed, or written by somebody else
  }
}

function remember(model: string, edits: Edits): void {
  try {
    sessionStorage.setItem(`edits of ${model}`, JSON.stringify(edits));
  } catch {
    // they are kept as long as the page is open
  }
}

const NOTHING: Changed = { boxes: {}, claims: null, errors: {} };

export function useSession(connect: Connect, start?: Start): Session {
  const [models, setModels] = useState<string[]>([]);
  const [model, setModel] = useState(() => (start ? "" : decodeURIComponent(location.hash.slice(1))));
  const [up, setUp] = useState(!start);
  const [loaded, setLoaded] = useState<Loaded | null>(() => (start ? { ...start, model: "" } : null));
  const [broken, setBroken] = useState<Failure | null>(null);
  const [failed, setFailed] = useState<Failure | null>(null);
  const [edits, setEdits] = useState<Edits>(() => (start ? {} : remembered(model)));
  const [outcome, setOutcome] = useState<Changed>(NOTHING);
  const [busy, setBusy] = useState(false);
  const [save, setSave] = useState<Saving | null>(null);
  const [kept, setKept] = useState<Variant[]>([]);
  const [compared, setCompared] = useState<Compared[]>([]);
  const [swept, setSwept] = useState<Swept | null>(null);
  const past = useRef<Edits[]>([]);
  const future = useRef<Edits[]>([]);
  const line = useRef<Line | null>(null);
  const ids = useRef(0);
  // Ids of what is waited for: the last edit, a move, what is written into the file.
  const asked = useRef(0);
  const flying = useRef<number | null>(null);
  const writing = useRef(0);
  /** The newest of the moves that wait until the one before it is answered. */
  const waiting = useRef<{ key: string; text: string } | null>(null);
  // What callbacks see of the present state.
  const now = useRef({ model, edits, kept, scenarios: [] as string[], calculator: start?.calculator ?? false, looked: null as string | null });

  const send = (type: string, more: object = {}): number => {
    ids.current += 1;
    line.current?.send({ type, id: ids.current, edits: now.current.edits, ...more });
    return ids.current;
  };
  const chores = useRef<Chores | null>(null);
  chores.current ??= new Chores((chore) => send(chore, { compare: { variants: columns(now.current, start ? "model" : "file") }, settle: { first: now.current.looked } }[chore as string]));
  const todo = chores.current;
  /** What is shown beside the edits, if anything. */
  const beside = (): Chore[] => (now.current.kept.length || now.current.scenarios.length ? ["compare"] : []);

  const ask = () => {
    flying.current = waiting.current = null;
    todo.pause();
    setFailed(null);
    setBusy(true);
    asked.current = send("edit");
  };
  const put = (next: Edits) => {
    now.current.edits = next;
    setEdits(next);
    if (!start) remember(now.current.model, next);
  };
  const become = (next: Edits) => {
    put(next);
    ask();
  };
  const fly = (key: string, text: string) => {
    flying.current = send("move", { moved: key, edits: { ...now.current.edits, [key]: text } });
  };
  const landed = () => {
    flying.current = null;
    const next = waiting.current;
    waiting.current = null;
    if (next) fly(next.key, next.text);
  };

  const take = (message: Message) => {
    switch (message.type) {
      case "models": {
        setModels(message.models);
        const first = message.models[0];
        if (first && !message.models.includes(now.current.model)) open(first);
        break;
      }
      case "view":
        setLoaded({ ...message, model: now.current.model });
        setBroken(null);
        if (message.whole) {
          todo.done("whole");
          break;
        }
        now.current.scenarios = message.scenarios;
        now.current.calculator = message.calculator;
        setFailed(null);
        setSwept(null);
        flying.current = waiting.current = null;
        todo.pause();
        todo.plan([...beside(), "whole", ...drivers()]);
        if (Object.keys(now.current.edits).length) ask();
        else {
          setOutcome(NOTHING);
          setBusy(false);
          todo.go();
        }
        break;
      case "broken":
        setBroken(message.error);
        setBusy(false);
        break;
      case "moved":
        if (message.id !== flying.current) break;
        setOutcome((old) => ({ ...old, boxes: { ...old.boxes, ...message.boxes }, errors: message.errors }));
        landed();
        break;
      case "changed":
        if (message.settled ? !todo.answered(message.id) : message.id !== asked.current) break;
        setOutcome((old) => ({ ...message, claims: message.claims ?? old.claims }));
        if (message.settled) break;
        setBusy(false);
        if (!Object.keys(now.current.edits).length) setOutcome(NOTHING);
        todo.plan([...beside(), ...settling(), ...todo.rest.filter((each) => each === "whole"), ...drivers()]);
        todo.go();
        break;
      case "some":
        if (todo.awaited(message.id)) setOutcome((old) => ({ ...old, boxes: { ...old.boxes, ...message.boxes } }));
        break;
      case "compared":
        if (todo.answered(message.id)) setCompared(message.variants);
        break;
      case "swept":
        setSwept(message);
        break;
      case "drivers":
        if (!todo.answered(message.id)) break;
        setLoaded((old) => old && { ...old, view: driven(old.view, message.drivers) });
        setOutcome((old) => ({ ...old, boxes: drivenBoxes(old.boxes, message.drivers) }));
        break;
      case "superseded":
        todo.superseded(message.id);
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
        put(without(now.current.edits, message.edits));
        for (const steps of [past, future]) steps.current = distinct(steps.current.map((each) => without(each, message.edits)), now.current.edits);
        break;
      case "page":
        download(`${message.model}.html`, message.html);
        break;
      case "failed": // of this alone: all else goes on
        setFailed(message.error);
        if (message.id === asked.current || message.id === undefined) {
          setBusy(false);
          todo.go();
        }
        if (message.id === writing.current) setSave(null);
        if (message.id === flying.current) landed();
        todo.answered(message.id);
        break;
    }
  };
  const drivers = (): Chore[] => (now.current.calculator ? [] : ["drivers"]); // a calculator asks for little
  const settling = (): Chore[] => (Object.keys(now.current.edits).length ? ["settle"] : []);

  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    line.current = connect((message) => latest.current(message), (connected) => {
      setUp(connected);
      if (start) return;
      flying.current = waiting.current = null;
      todo.pause(); // until the model comes
      if (connected && now.current.model) line.current?.send({ type: "open", model: now.current.model });
    });
    if (start && Object.keys(start.inputs).length) line.current.send({ type: "open", model: "" });
    return () => line.current?.close();
  }, []);

  const open = (name: string) => {
    location.hash = encodeURIComponent(name);
    const before = remembered(name);
    now.current = { ...now.current, model: name, edits: before, kept: [], scenarios: [] };
    past.current = [];
    future.current = [];
    todo.pause();
    todo.plan([]);
    setModel(name);
    setLoaded(null);
    setBroken(null);
    setFailed(null);
    setEdits(before);
    setOutcome(NOTHING);
    setKept([]);
    setCompared([]);
    setSwept(null);
    line.current?.send({ type: "open", model: name });
  };
  const use = (next: Edits) => {
    past.current.push(now.current.edits);
    future.current = [];
    become(next);
  };
  const edit = (key: string, text: string | null) => {
    const { [key]: was, ...others } = now.current.edits;
    if ((text ?? undefined) === was) ask();
    else use(text === null ? others : { ...now.current.edits, [key]: text });
  };
  const step = (from: Edits[], to: Edits[]) => () => {
    const next = from.pop();
    if (!next) return;
    to.push(now.current.edits);
    become(next);
  };
  const keep = (next: Variant[]) => {
    now.current.kept = next;
    setKept(next);
    setCompared([]);
    if (beside().length) todo.first("compare");
  };

  return {
    models, model, up, busy, loaded, broken, failed, edits, outcome, save, kept, compared, swept,
    undo: past.current.length ? step(past.current, future.current) : null,
    redo: future.current.length ? step(future.current, past.current) : null,
    open, edit, use, keep,
    move: (key, text) => {
      if (flying.current === null) fly(key, text);
      else waiting.current = { key, text };
    },
    held: (key, on) => {
      todo.hold(on);
      if (on) send("hold", { moved: key });
    },
    sweep: (key, texts) => void send("sweep", { moved: key, texts }),
    diff: () => void (writing.current = send("diff")),
    write: (stamp, some) => void (writing.current = send("save", { edits: some, stamp })),
    closeSave: () => setSave(null),
    look: (name) => void (now.current.looked = name),
    exported: () => void send("page"),
  };
}

/** Edits less those that others make too. */
function without(edits: Edits, others: Edits): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([key, text]) => others[key] !== text));
}

/** Steps of which each differs from the one after it, the last from the present edits. */
function distinct(steps: Edits[], present: Edits): Edits[] {
  const same = (one: Edits, other: Edits) => !Object.keys({ ...without(one, other), ...without(other, one) }).length;
  return steps.filter((each, i) => !same(each, steps[i + 1] ?? present));
}

/** Columns side by side: the file (in a notebook: the model), its scenarios, what was kept, and the present edits. */
function columns({ kept, scenarios, edits }: { kept: Variant[]; scenarios: string[]; edits: Edits }, origin: string): Variant[] {
  const own = scenarios.map((name) => ({ name, scenario: name, edits: {} }));
  const present = Object.keys(edits).length ? [{ name: "now", scenario: null, edits }] : [];
  return [{ name: origin, scenario: null, edits: {} }, ...own, ...kept, ...present];
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/html" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
