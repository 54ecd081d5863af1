// The live page: a model, edits of its inputs, and what follows from them.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { Beside } from "./Beside";
import { Cards } from "./Cards";
import { spoken } from "./data";
import { Detail } from "./Detail";
import { merged } from "./edited";
import { useFocusKept } from "./focus";
import type { Connect, Desk, Edits, Failure, Start, Variant } from "./live";
import { Pair, useChoice } from "./Pair";
import { Save } from "./Save";
import type { Session } from "./session";
import { useSession } from "./session";

interface Props {
  connect: Connect;
  /** What a notebook shows from the start, with or without a kernel. */
  start?: Start;
}

export function Studio({ connect, start }: Props) {
  const session = useSession(connect, start);
  const { model, up, loaded, broken, failed, edits, outcome, save, kept, compared, undo, redo } = session;
  const root = useRef<HTMLDivElement>(null);
  useFocusKept(root);
  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      if (event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      (event.shiftKey ? redo : undo)?.();
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
  const choice = useChoice(view, model);
  const { box, select } = choice;
  session.look(box?.name ?? null);
  const desk: Desk | undefined = loaded && (up || !start)
    ? { ...session, inputs: loaded.inputs, errors: outcome.errors, sweep: loaded.calculator ? undefined : session.sweep }
    : undefined;
  const toRead = start && loaded && !Object.keys(loaded.inputs).length; // a run: there is nothing to be changed

  return (
    <div class="app studio" ref={root}>
      {!toRead && <Tools session={session} notebook={!!start} />}
      {save && <Save save={save} close={session.closeSave} write={session.write} edits={edits} />}
      {broken && <Broken error={broken} kept={loaded !== null} />}
      {failed && <Broken error={failed} kept={false} />}
      {view && (
        <>
          <div class="title"><h1>{spoken(view.title)}</h1></div>
          {Object.keys(edits).length > 0 && <EditList edits={edits} errors={outcome.errors} select={select} drop={(key) => session.edit(key, null)} />}
          <Cards view={view} before={before} select={select} />
          {compared.length > 0 && (
            <Beside view={view} kept={kept} compared={compared} use={session.use} drop={(name) => session.keep(kept.filter((each) => each.name !== name))} />
          )}
          {loaded?.calculator ? (
            <div class="cards">
              {view.boxes.filter((each) => loaded.inputs[each.name]).map((each) => (
                <Detail key={each.name} view={view} box={each} before={before.get(each.name)} select={select} desk={desk} />
              ))}
            </div>
          ) : (
            <Pair view={view} choice={choice}>
              {box && (
                <Detail key={`${model} ${box.name}`} view={view} box={box} before={before.get(box.name)} select={select} desk={desk} />
              )}
            </Pair>
          )}
          <p class="hint">{view.run}</p>
        </>
      )}
    </div>
  );
}

/** Which model it is, what can be done with its edits, and how things stand. */
function Tools({ session, notebook }: { session: Session; notebook: boolean }) {
  const { models, model, up, busy, loaded, broken, edits, kept, undo, redo } = session;
  const count = Object.keys(edits).length;
  const origin = notebook ? "model" : "file";
  return (
    <header class="bar-top">
      {!notebook && (
        <label>
          <span class="hidden">Model</span>
          <select value={model} onChange={(event) => session.open(event.currentTarget.value)}>
            {models.map((name) => <option value={name}>{name}</option>)}
          </select>
        </label>
      )}
      <span class="tools" role="group" aria-label="Edits">
        <Act able={!!undo} act={() => undo?.()}>undo</Act>
        <Act able={!!redo} act={() => redo?.()}>redo</Act>
        <Act able={count > 0} act={() => session.use({})}>{`as in the ${origin}`}</Act>
        {!loaded?.calculator && (
          <>
            <Act able={count > 0} act={() => session.keep([...kept, { name: nextName(kept), scenario: null, edits }])}>keep beside</Act>
            {loaded?.file && <Act able={count > 0} act={session.diff}>save …</Act>}
            <Act able={!!loaded} act={session.exported}>export page</Act>
          </>
        )}
      </span>
      <span class="state" role="status">{notebook && !up ? "no kernel answers: nothing can be changed" : stateOf(up, busy || (!loaded && !broken), count, Object.keys(edits).filter((key) => session.outcome.errors[key]).length, origin)}</span>
    </header>
  );
}

/** A button that keeps the focus where there is nothing more to do: pressed again, another would do something else. */
function Act({ able, act, children }: { able: boolean; act: () => void; children: string }) {
  return <button type="button" aria-disabled={!able} onClick={() => able && act()}>{children}</button>;
}

/** A, B, C, … */
function nextName(kept: Variant[]): string {
  for (let k = 0; ; k++) {
    const name = k < 26 ? String.fromCharCode(65 + k) : `Z${k}`;
    if (!kept.some((each) => each.name === name)) return name;
  }
}

function stateOf(up: boolean, busy: boolean, count: number, bad: number, origin: string): string {
  if (!up) return "no connection to the server; trying again";
  if (busy) return "computing …";
  const unread = bad ? `, ${bad} of them without effect` : "";
  return count ? `${count} ${count === 1 ? "edit" : "edits"}, not in the ${origin}${unread}` : `as in the ${origin}`;
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
          <button type="button" class="link" onClick={() => select(key)}>{spoken(key)}</button>
          {` = ${text} `}
          {errors[key] && <span class="note">{`${errors[key].split("\n")[0]} `}</span>}
          <button type="button" aria-label={`drop ${spoken(key)}`} onClick={() => drop(key)}>×</button>
        </li>
      ))}
    </ul>
  );
}
