// Before a file is written: what would change in it; and where it has changed meanwhile, both.

import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Edits, Saving } from "./live";

interface Props {
  save: Saving;
  edits: Edits;
  write: (stamp: string, edits: Edits) => void;
  close: () => void;
}

export function Save({ save, edits, write, close }: Props) {
  if ("conflict" in save) {
    return (
      <Dialog title="The file has changed meanwhile" close={close}>
        <p>Nothing was written. Your edits are kept: look at what the file has now, then save again.</p>
        {save.conflict.map(({ file, yours, theirs }) => (
          <>
            <h3>{`${file}: what your edits would change`}</h3>
            <Lines text={yours} />
            <h3>{`${file}: what has changed on the disk`}</h3>
            <Lines text={theirs} />
          </>
        ))}
        <p class="tools"><button type="button" onClick={shut}>close</button></p>
      </Dialog>
    );
  }
  const { files, refused, stamp } = save.diff;
  const kept = Object.fromEntries(Object.entries(edits).filter(([key]) => !(key in refused)));
  return (
    <Dialog title="Write this into the file?" close={close}>
      {files.map(({ file, diff }) => (
        <>
          <h3>{file}</h3>
          <Lines text={diff} />
        </>
      ))}
      {Object.keys(refused).length > 0 && (
        <>
          <h3>Not written</h3>
          <ul>{Object.entries(refused).map(([name, reason]) => <li><b>{name}</b>{`: ${reason}`}</li>)}</ul>
        </>
      )}
      <p class="tools">
        {files.length > 0 && <button type="button" class="main" onClick={() => write(stamp, kept)}>write</button>}
        <button type="button" onClick={shut}>cancel</button>
      </p>
    </Dialog>
  );
}

/** As Escape does: the dialog gives the focus back to what opened it. */
function shut(event: { currentTarget: HTMLElement }) {
  event.currentTarget.closest("dialog")?.close();
}

function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const place = useRef<HTMLDialogElement>(null);
  useEffect(() => place.current?.showModal(), []);
  return (
    <dialog ref={place} class="panel" aria-label={title} onClose={close}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

function Lines({ text }: { text: string }) {
  return (
    <pre class="diff" tabIndex={0}>
      {text.split("\n").map((line) =>
        line.startsWith("+") ? <ins>{`${line}\n`}</ins> : line.startsWith("-") ? <del>{`${line}\n`}</del> : `${line}\n`,
      )}
    </pre>
  );
}
