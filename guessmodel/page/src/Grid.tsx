// Tables that are sorted by a click and copied as Markdown or CSV: of the panel, and those of the page.

import { useState } from "preact/hooks";

export type Row = { head: string; cells: string[]; press?: () => void; chosen?: boolean };

interface Props {
  caption: string;
  header: string[]; // of the first column too
  rows: Row[];
  most?: number;
}

export function Grid({ caption, header, rows, most = Infinity }: Props) {
  const [by, setBy] = useState<{ column: number; up: boolean } | null>(null);
  const [all, setAll] = useState(false);
  const text = (row: Row, column: number) => (column === 0 ? row.head : (row.cells[column - 1] ?? ""));
  const sorted = by ? [...rows].sort((a, b) => (by.up ? 1 : -1) * compared(text(a, by.column), text(b, by.column))) : rows;
  const shown = all ? sorted : sorted.slice(0, most);
  const cells = () => [header, ...sorted.map((row) => [row.head, ...row.cells])];
  return (
    <div class="grid">
      <div class="sideways" tabIndex={0} role="group" aria-label={caption}>
        <table class="statistics">
          <thead>
            <tr>
              {header.map((title, i) => (
                <th scope="col" aria-sort={by?.column === i ? (by.up ? "ascending" : "descending") : "none"}>
                  <button
                    type="button"
                    class="sort"
                    onClick={() => setBy(by?.column === i && !by.up ? null : { column: i, up: by?.column !== i })}
                  >
                    {title}{by?.column === i ? (by.up ? " ↑" : " ↓") : ""}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr class={row.chosen ? "chosen" : ""}>
                <th scope="row">
                  {row.press ? <button type="button" class="link" onClick={row.press}>{row.head}</button> : row.head}
                </th>
                {row.cells.map((each) => <td>{each.replace("± ", "±\u00a0")}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="tools">
        {rows.length > shown.length && (
          <button type="button" class="link" onClick={() => setAll(true)}>{`all ${rows.length} rows`}</button>
        )}
        <Copy cells={cells} />
      </p>
    </div>
  );
}

function Copy({ cells }: { cells: () => string[][] }) {
  const [done, setDone] = useState("");
  const copy = async (kind: string, text: string) => {
    setDone((await copied(text)) ? `${kind} copied` : "the browser did not let it be copied");
  };
  return (
    <span class="copy">
      copy as{" "}
      <button type="button" class="link" onClick={() => copy("Markdown", asMarkdown(cells()))}>Markdown</button>{" "}
      <button type="button" class="link" onClick={() => copy("CSV", asCsv(cells()))}>CSV</button>{" "}
      <span role="status">{done}</span>
    </span>
  );
}

/** A page from a file has no clipboard of its own in some browsers: then by way of a field. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

export function asMarkdown(cells: string[][]): string {
  const line = (row: string[]) => `| ${row.map((each) => each.replace(/([\\|*_`<[])/g, "\\$1")).join(" | ")} |`;
  const [header = [], ...rows] = cells;
  return [line(header), `|${header.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n") + "\n";
}

/** A cell that a spreadsheet would take for a formula is marked as text. */
export function asCsv(cells: string[][]): string {
  const cell = (text: string) => {
    const plain = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return cells.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

const SIZES: Record<string, number> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

/** A number as pages write it: 1.2M, −3, 4.5% ± 0.1; nothing for a text. */
function numberOf(text: string): number | null {
  const found = /^([-−+]?[\d,]*\.?\d+(?:e[-+]?\d+)?)([KMBT])?(?=$|[\s%!])/.exec(text.trim());
  return found ? Number(found[1]!.replace("−", "-").replaceAll(",", "")) * (SIZES[found[2] ?? ""] ?? 1) : null;
}

function compared(one: string, other: string): number {
  const [a, b] = [numberOf(one), numberOf(other)];
  if (a !== null && b !== null) return a - b;
  if (a !== null || b !== null) return a === null ? 1 : -1;
  return one.localeCompare(other);
}

/** The tables of a page, sorted by their headers (where rows have no groups) and copied. */
export function enliven(table: HTMLTableElement): void {
  const head = [...table.tHead!.rows[0]!.cells];
  const lines = () => [...table.tBodies].flatMap((body) => [...body.rows]);
  const cells = () => [head.map(told), ...lines().map((row) => [...row.cells].map(told))];
  const tools = document.createElement("p");
  tools.className = "copying";
  for (const [name, text] of [["Markdown", asMarkdown], ["CSV", asCsv]] as const) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `copy as ${name}`;
    button.onclick = async () => {
      button.textContent = (await copied(text(cells()))) ? `${name} copied` : `no ${name}: copying is not allowed`;
    };
    tools.append(button);
  }
  table.after(tools);
  if (table.querySelector(".group") || lines().length < 3) return;
  const first = lines();
  head.forEach((cell, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...cell.childNodes);
    cell.append(button);
    button.onclick = () => {
      const now = cell.getAttribute("aria-sort");
      for (const each of head) each.removeAttribute("aria-sort");
      const next = now === "ascending" ? "descending" : now === "descending" ? "" : "ascending";
      if (next) cell.setAttribute("aria-sort", next);
      const sign = next === "descending" ? -1 : 1;
      const key = (row: HTMLTableRowElement) => told(row.cells[i]!).replace(/^[✓○✗] /, "");
      const rows = next ? [...first].sort((a, b) => sign * compared(key(a), key(b))) : first;
      table.tBodies[0]!.append(...rows);
    };
  });
}

function told(cell: HTMLTableCellElement): string {
  return (cell.innerText ?? cell.textContent ?? "").replace(/\s+/g, " ").trim();
}
