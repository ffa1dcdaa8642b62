/** `<x-usage-load>`: loads usage from a file, some hundred lines at a time; says `loaded` when they are through. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { deliver } from "../../lib/api.js";
import { Element, uid } from "../../lib/element.js";
import { decimal } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";
import "../x-table/x-table.js";

/** What goes into one request: well below what the server takes. */
const LINES = 500;
const BYTES = 100000;
/** Lines that were not taken and are shown. */
const SHOWN = 50;

/** The lines of a text; in CSV a line feed within quotes ends none. */
export function linesOf(text, csv) {
  const lines = text.replace(/^\ufeff/, "").split("\n");
  if (!csv) return lines;
  const whole = [];
  let open = "";
  for (const line of lines) {
    const one = open === "" ? line : `${open}\n${line}`;
    const quotes = one.split('"').length - 1;
    open = quotes % 2 ? one : "";
    if (!open) whole.push(one);
  }
  return open ? [...whole, open] : whole;
}

/** @returns {{text: string, lines: number, before: number}[]} requests; before: lines of the file that stand before the first of it */
export function parts(text, csv) {
  const lines = linesOf(text, csv), head = csv ? `${lines.shift() ?? ""}\n` : "";
  const made = [];
  let part = null;
  lines.forEach((line, i) => {
    if (!part || part.lines === LINES || part.text.length + line.length > BYTES) made.push((part = { text: head, lines: 0, before: i }));
    part.text += `${line}\n`;
    part.lines += 1;
  });
  return made.filter((one) => one.text.slice(head.length).trim() !== "");
}

class XUsageLoad extends Element {
  static properties = {
    busy: { state: true },
    done: { state: true },
    all: { state: true },
    /** lines by verdict */
    sums: { state: true },
    wrong: { state: true },
    problem: { state: true },
    errors: { state: true },
  };

  constructor() {
    super();
    this.key = uid("load");
    this.errors = {};
    this.wrong = [];
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const file = this.querySelector('input[type="file"]').files[0];
    const csv = /\.csv$/i.test(file?.name ?? "");
    this.errors = file ? {} : { file: t("usage.pick") };
    if (!file) return this.querySelector('input[type="file"]').focus();
    this.type = csv ? "text/csv" : "application/x-ndjson";
    this.left = parts(await file.text(), csv);
    Object.assign(this, { done: 0, all: this.left.reduce((n, part) => n + part.lines, 0), sums: { received: 0, same: 0, rejected: 0 }, wrong: [], problem: null });
    if (this.all === 0) this.errors = { file: t("usage.blank") };
    else await this.go();
  }

  /** Sends what is left; what was broken off is sent again, and what was in is known. */
  async go() {
    this.busy = true;
    this.problem = null;
    try {
      while (this.left.length) {
        const part = this.left[0], source = this.querySelector('x-field[name="source"]').value.trim();
        this.count(part, await deliver("usage", part.text, this.type, { source }));
        this.left.shift();
      }
      announce(t("usage.loaded", this.figures()), true);
      this.dispatchEvent(new CustomEvent("loaded", { bubbles: true }));
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
  }

  count(part, answers) {
    const lines = answers.filter((one) => one.verdict), sums = { ...this.sums };
    for (const one of lines) sums[one.verdict] = (sums[one.verdict] ?? 0) + 1;
    this.sums = sums;
    this.wrong = [...this.wrong, ...lines.filter((one) => one.verdict === "rejected").map((one) => ({ ...one, id: part.before + one.line }))];
    this.done += part.lines;
  }

  figures() {
    return Object.fromEntries(Object.entries(this.sums).map(([verdict, n]) => [verdict, decimal(n)]));
  }

  progress() {
    if (!this.all) return nothing;
    return html`<div class="x-usage-load-progress">
      <progress max=${this.all} .value=${this.done} aria-label=${t("usage.load")}></progress>
      <p>${this.done === this.all && !this.busy ? t("usage.loaded", this.figures()) : t("usage.sending", { done: decimal(this.done), all: decimal(this.all) })}</p>
    </div>`;
  }

  rejected() {
    if (!this.wrong.length) return nothing;
    const columns = [
      { name: "line", label: t("field.line"), place: "lead", cell: (r) => t("usage.line", { line: decimal(r.id) }) },
      { name: "event", label: t("field.event"), place: "detail", cell: (r) => html`<bdi class="figures clamp">${r.event ?? ""}</bdi>` },
      { name: "reason", label: t("field.reason"), place: "detail", bare: true, cell: (r) => word("reject", r.reason) },
    ];
    return html`<div class="card"><x-table .caption=${t("usage.wrong_lines")} .columns=${columns} .rows=${this.wrong.slice(0, SHOWN)}></x-table></div>
      ${this.wrong.length > SHOWN ? html`<p class="muted">${t("usage.more", { n: decimal(this.wrong.length - SHOWN) })}</p>` : nothing}`;
  }

  render() {
    const error = this.errors.file;
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
        <div class="x-usage-load-file">
          <label for=${this.key}>${t("usage.file")}</label>
          <input id=${this.key} type="file" accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson" aria-invalid=${error ? "true" : "false"}
            aria-describedby="${this.key}-hint${error ? ` ${this.key}-error` : ""}" />
          <p class="x-field-hint" id="${this.key}-hint">${t("usage.file_hint")}</p>
          ${error ? html`<p class="x-field-error" id="${this.key}-error">${icon("warning")}<span>${error}</span></p>` : nothing}
        </div>
        <x-field name="source" label=${t("field.source")} value="sheet" maxlength="40" autocomplete="off" hint=${t("usage.source_hint")}></x-field>
        <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("usage.send")}</button>
        ${this.progress()}
      </form>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.go()}></x-problem>` : nothing}
      ${this.rejected()}`;
  }
}
customElements.define("x-usage-load", XUsageLoad);
