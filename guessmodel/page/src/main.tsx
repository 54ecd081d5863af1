// The one module: it draws a report's page from the data that stand in it.

import "./licences";
import { render } from "preact";
import { App } from "./App";
import { Models } from "./Cards";
import { enliven } from "./Grid";
import { Studio } from "./Studio";
import type { AnswerView, View } from "./data";
import type { Connect, Message, Start } from "./live";
import { connect } from "./live";
import { followTheme } from "./theme";
import style from "./page.css";
import tokens from "../tokens.css";

function sheet(): HTMLStyleElement {
  const made = document.createElement("style");
  made.textContent = tokens + style;
  return made;
}

/** Draw a view, or the answers of several models, into an element of a page or of a shadow tree. */
export function mount(place: Element, data: View | { answers: AnswerView[] }): void {
  place.before(sheet());
  render("answers" in data ? <div class="app"><Models answers={data.answers} /></div> : <App view={data} />, place);
}

const data = typeof document === "undefined" ? null : document.getElementById("guessmodel-view");
const place = typeof document === "undefined" ? null : document.getElementById("guessmodel-app");
if (data && place) {
  document.documentElement.classList.add("live");
  mount(place, JSON.parse(data.textContent ?? ""));
  document.querySelectorAll<HTMLTableElement>("main .part table").forEach(enliven);
}

const desk = typeof document === "undefined" ? null : document.getElementById("guessmodel-studio");
if (desk) {
  document.head.append(sheet());
  render(<Studio connect={connect} />, desk);
}

/** What a notebook hands to a widget (https://anywidget.dev). */
interface Kernel {
  get(key: "start"): Start;
  send(message: object): void;
  on(event: "msg:custom", take: (message: Message) => void): void;
  off(event: "msg:custom", take: (message: Message) => void): void;
}

/** In a notebook: what the widget begins with is shown, and lives once the kernel answers. */
export default {
  render({ model, el }: { model: Kernel; el: HTMLElement }) {
    const host = document.createElement("div");
    const place = document.createElement("div");
    const style = sheet();
    host.attachShadow({ mode: "open" }).append(style, place);
    // What is typed here is no command: from outside a shadow tree nobody sees that it is a field.
    host.setAttribute("data-lm-suppress-shortcuts", "true"); // Jupyter's, which hears keys first
    host.addEventListener("keydown", (event) => event.stopPropagation());
    el.append(host);
    const leave = followTheme(style, el);
    const connect: Connect = (take, state) => {
      const heard = (message: Message) => {
        state(true);
        take(message);
      };
      model.on("msg:custom", heard);
      return { send: (message) => model.send(message), close: () => model.off("msg:custom", heard) };
    };
    render(<Studio connect={connect} start={model.get("start")} />, place);
    return () => {
      leave();
      render(null, place);
    };
  },
};
