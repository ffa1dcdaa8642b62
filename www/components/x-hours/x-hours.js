/** `<x-hours>`: which time of day usage has where its events do not say it, as windows of the week from a day on.  Says `timed`. */
import { html, nothing, repeat } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { post } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { weekday } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

const DAYS = [1, 2, 3, 4, 5, 6, 7];

let keys = 0;
const fresh = () => ({ key: ++keys, time_of_day: "", weekdays: [1, 2, 3, 4, 5], from: "", to: "" });

class XHours extends Form {
  static properties = {
    /** whose usage it is */
    offering: { attribute: false },
    /** the windows to begin with, as the server has them */
    given: { attribute: false },
    rows: { state: true },
  };

  constructor() {
    super();
    this.rows = [fresh()];
  }

  willUpdate(changed) {
    if (changed.has("given")) this.rows = this.given?.length ? this.given.map((one) => ({ ...one, key: ++keys })) : [fresh()];
  }

  change(row, name, value) {
    this.rows = this.rows.map((one) => (one === row ? { ...one, [name]: value } : one));
  }

  async add() {
    this.rows = [...this.rows, fresh()];
    await this.updateComplete;
    this.querySelector("li:last-child input")?.focus();
  }

  async drop(row) {
    this.rows = this.rows.filter((one) => one !== row);
    await this.updateComplete;
    this.querySelector(".x-hours-add")?.focus();
  }

  submit(event) {
    return this.send(event, async () => {
      const windows = this.rows.map(({ time_of_day, weekdays, from, to }) => ({ time_of_day: time_of_day.trim(), weekdays, from, to }));
      await post(`offerings/${encodeURIComponent(this.offering.id)}/hours`, { starts: this.value("starts"), windows });
      announce(t("hours.made"), true);
      this.dispatchEvent(new CustomEvent("timed", { bubbles: true }));
    }, ({ code }) => word("hours_fault", code));
  }

  cell(row, i, name, label, type) {
    const id = `hours-${row.key}-${name}`, error = this.errors[`windows/${i}/${name}`];
    return html`<div><label for=${id}>${label}</label>
      <input id=${id} name=${name} type=${type} autocomplete="off" spellcheck="false" maxlength="20" aria-invalid=${error ? "true" : "false"} aria-describedby=${`hours-${row.key}-error`} .value=${row[name]}
        @input=${(event) => this.change(row, name, event.target.value)} /></div>`;
  }

  day(row, n) {
    const turned = (on) => DAYS.filter((one) => (one === n ? on : row.weekdays.includes(one)));
    return html`<label><input type="checkbox" .checked=${row.weekdays.includes(n)} @change=${(event) => this.change(row, "weekdays", turned(event.target.checked))} /><span>${weekday(n)}</span></label>`;
  }

  /** What is wrong with a window stands below it, each once. */
  wrong(row, i) {
    const texts = new Set(["time_of_day", "weekdays", "from", "to"].map((name) => this.errors[`windows/${i}/${name}`]).filter(Boolean));
    return html`<div id=${`hours-${row.key}-error`}>${[...texts].map((text) => html`<p class="cells-error">${icon("warning")}<span>${text}</span></p>`)}</div>`;
  }

  window(row, i) {
    const n = i + 1, drop = t("hours.drop", { n });
    return html`<li><fieldset><legend>${t("hours.window", { n })}</legend>
      <div class="cells">${this.cell(row, i, "time_of_day", t("field.time_of_day"), "text")}${this.cell(row, i, "from", t("hours.from"), "time")}${this.cell(row, i, "to", t("hours.to"), "time")}
        <button type="button" class="button" aria-label=${drop} title=${drop} @click=${() => this.drop(row)}>${icon("close")}</button></div>
      <div class="x-hours-days" role="group" aria-label=${t("hours.weekdays")}><span class="muted small" aria-hidden="true">${t("hours.weekdays")}</span>${DAYS.map((day) => this.day(row, day))}</div>
      ${this.wrong(row, i)}</fieldset></li>`;
  }

  render() {
    const { errors } = this;
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <p class="muted small">${t("hours.text")}</p>
      <x-field name="starts" type="date" label=${t("field.starts")} required .error=${errors.starts ?? ""}></x-field>
      <ol>${repeat(this.rows, (row) => row.key, (row, i) => this.window(row, i))}</ol>
      ${this.rows.length ? nothing : html`<p>${t("hours.none")}</p>`}
      ${errors.windows ? html`<p class="cells-error">${icon("warning")}<span>${errors.windows}</span></p>` : nothing}
      <button type="button" class="button x-hours-add" @click=${() => this.add()}>${t("hours.add")}</button>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("hours.make")}</button>
    </form>`;
  }
}
customElements.define("x-hours", XHours);
