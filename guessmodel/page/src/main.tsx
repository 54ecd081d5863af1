// The one module: it draws a report's page from the data that stand in it.

import "./licences";
import { render } from "preact";
import { App } from "./App";
import { Models } from "./Cards";
import { enliven } from "./Grid";
import { Studio } from "./Studio";
import type { Answer, View } from "./data";
import style from "./page.css";
import tokens from "../tokens.css";

/** Draw a view, or the answers of several models, into an element of a page or of a shadow tree. */
export function mount(place: Element, data: View | { answers: Answer[] }): void {
  const sheet = document.createElement("style");
  sheet.textContent = tokens + style;
  place.before(sheet);
  render("answers" in data ? <div class="app"><Models answers={data.answers} /></div> : <App view={data} />, place);
}

const data = typeof document === "undefined" ? null : document.getElementById("guessmodel-view");
const place = typeof document === "undefined" ? null : document.getElementById("guessmodel-app");
if (data && place) {
  document.documentElement.classList.add("live");
  mount(place, JSON.parse(data.textContent ?? ""));
  document.querySelectorAll<HTMLTableElement>("main > section > table, main details > table, .gallery > table").forEach(enliven);
}

const desk = typeof document === "undefined" ? null : document.getElementById("guessmodel-studio");
if (desk) {
  const sheet = document.createElement("style");
  sheet.textContent = tokens + style;
  document.head.append(sheet);
  render(<Studio />, desk);
}
