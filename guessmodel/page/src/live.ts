// The connection of the studio's page to its server: messages, and connecting anew.

import type { Claim, DriverView, ElementView, View } from "./data";

export type Edits = Record<string, string>;

/** What can be edited: at each label how it could be typed, and the ends that can be dragged. */
export interface Input {
  /** What each is called in an edit: `price`, or `price[2025]`. */
  keys: string[];
  /** The same without the name of the quantity. */
  labels: string[];
  texts: string[];
  low: (number | null)[];
  high: (number | null)[];
  /** The text of other ends, which stand for {low} and {high}. */
  patterns: (string | null)[];
  /** The ends are bounds, not those of the 90% interval. */
  bounds: boolean[];
  unit: string;
}

/** What a hand can do. */
export interface Desk {
  inputs: Record<string, Input>;
  edits: Edits;
  errors: Edits;
  /** A value, or null: as in the file. */
  edit(key: string, text: string | null): void;
  /** A value on the way to another. */
  move(key: string, text: string): void;
  /** A hand is on it, or off again. */
  held(key: string, on: boolean): void;
  /** Answers along values of an input, once they are asked for. */
  swept: Swept | null;
  sweep?: ((key: string, texts: string[]) => void) | undefined;
}

export interface Failure {
  text: string;
  file?: string;
  line?: number;
  code?: string;
}

export interface Diff {
  /** One for each file: its path, what it was, and what it would be. */
  files: { file: string; diff: string }[];
  refused: Record<string, string>;
  stamp: string;
}

/** What is to be written into files, or why it cannot be. */
export type Saving = { diff: Diff } | { conflict: Conflict[] };

/** A scenario of the file, or the file (null), and edits on top. */
export interface Variant {
  name: string;
  scenario: string | null;
  edits: Edits;
}

/** The answers in a variant, or why there are none. */
export interface Compared {
  name: string;
  boxes: Record<string, ElementView[]>;
  error: string | null;
}

/** Answers along values of an input: mean, 5%, 50% and 95% at each. */
export interface Swept {
  moved: string;
  lines: { answer: number; values: (number | null)[][] }[];
}

/** What these edits would change, and what somebody else has changed. */
export interface Conflict {
  file: string;
  yours: string;
  theirs: string;
}

/** What edits did: elements by name, claims once they are tested, what could not be read. */
export interface Changed {
  boxes: Record<string, ElementView[]>;
  claims: Claim[] | null;
  errors: Edits;
}

/** A model, as its file has it. */
export interface Start {
  type: "view";
  /** Of the request where it is the answer to one. */
  id?: number;
  /** With all that a report has, or what can be told at once. */
  whole: boolean;
  view: View;
  inputs: Record<string, Input>;
  scenarios: string[];
  calculator: boolean;
  /** There is a file that edits can be written to. */
  file: boolean;
}

export type Message =
  | { type: "models"; models: string[] }
  | Start
  | { type: "compared"; id: number; variants: Compared[] }
  | ({ type: "swept"; id: number } & Swept)
  | { type: "broken"; error: Failure }
  | { type: "failed"; id?: number; error: Failure }
  | { type: "superseded"; id: number }
  | ({ type: "changed"; id: number; settled: boolean } & Changed)
  | ({ type: "moved"; id: number } & Changed)
  /** A part of what will have changed. */
  | { type: "some"; id: number; boxes: Record<string, ElementView[]> }
  | { type: "held"; id: number }
  | { type: "drivers"; id: number; drivers: Record<string, [string, DriverView[]][]> }
  | { type: "page"; id: number; model: string; html: string }
  | ({ type: "diff"; id: number } & Diff)
  | { type: "saved"; id: number; files: string[]; edits: Edits }
  | { type: "conflict"; id: number; files: Conflict[] };

export interface Line {
  send(message: object): void;
  close(): void;
}

/** Hear and be heard: by a server, or by a notebook's kernel. */
export type Connect = (take: (message: Message) => void, state: (up: boolean) => void) => Line;

const PAUSES = [200, 500, 1000, 2000];

/** A connection that comes back when the server does. */
export const connect: Connect = (take, state) => {
  let socket: WebSocket | null = null;
  let failures = 0;
  let closed = false;
  const open = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/socket`);
    socket.onopen = () => {
      failures = 0;
      state(true);
    };
    socket.onmessage = (event) => take(JSON.parse(event.data as string) as Message);
    socket.onclose = () => {
      socket = null;
      if (closed) return;
      state(false);
      setTimeout(open, PAUSES[Math.min(failures++, PAUSES.length - 1)]);
    };
  };
  open();
  return {
    send: (message) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close: () => {
      closed = true;
      socket?.close();
    },
  };
};
