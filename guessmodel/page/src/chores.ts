// What makes the screen exact: asked one after the other, as long as no hand moves an input.

/** Variants side by side, the estimates of the edits, those of the file, what drives the answers. */
export type Chore = "compare" | "settle" | "whole" | "drivers";

const PAUSE = 250; // ms, before what was given up is asked again

export class Chores {
  private left: Chore[] = [];
  private doing: { chore: Chore; id: number } | null = null;
  private paused = false; // an edit is on its way, which changes what is to be done
  private held = false;

  /** `ask` sends a request and tells its id. */
  constructor(private readonly ask: (chore: Chore) => number) {}

  get rest(): readonly Chore[] {
    return this.left;
  }

  /** All that is to be done from `go` on. */
  plan(chores: Chore[]): void {
    this.left = chores;
  }

  go(): void {
    this.paused = false;
    this.next();
  }

  /** Ask for nothing until `go`; nobody waits any more for the answer to what has been asked. */
  pause(): void {
    this.paused = true;
    this.doing = null;
  }

  /** The same while a hand is on an input. */
  hold(on: boolean): void {
    this.held = on;
    this.doing = null;
    this.next();
  }

  /** Something to be done before all else, also where it has been asked for. */
  first(chore: Chore): void {
    this.left = [chore, ...this.left.filter((each) => each !== chore)];
    this.doing = null;
    this.next();
  }

  done(chore: Chore): void {
    if (this.doing?.chore === chore) this.doing = null;
    this.left = this.left.filter((each) => each !== chore);
    this.next();
  }

  /** Whether somebody waits for the answer with an id. */
  awaited(id: number | undefined): boolean {
    return this.doing !== null && this.doing.id === id;
  }

  /** The same; then that is done. */
  answered(id: number | undefined): boolean {
    if (!this.doing || this.doing.id !== id) return false;
    this.done(this.doing.chore);
    return true;
  }

  /** The server has given something up for what was more urgent. */
  superseded(id: number): void {
    if (this.doing?.id !== id) return;
    this.doing = null;
    setTimeout(() => this.next(), PAUSE);
  }

  private next(): void {
    const first = this.left[0];
    if (!first || this.doing || this.paused || this.held) return;
    this.doing = { chore: first, id: this.ask(first) };
  }
}
