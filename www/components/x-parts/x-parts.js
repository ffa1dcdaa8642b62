/** `<x-parts>`: what comes with an offering when it is ordered, and, for who may, more or less of it.  Says `parted`. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { put } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { decimal } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import { icon } from "../../lib/icons.js";
import "../x-empty/x-empty.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";
import "../x-table/x-table.js";

class XParts extends Form {
  static properties = {
    offering: {},
    /** @type {{offering: string, name: string, quantity: string}[]} with the tag that the server gave them */
    parts: { attribute: false },
    etag: {},
    /** what could come with it: {id, name}; null: the reader changes nothing */
    offerings: { attribute: false },
  };

  constructor() {
    super();
    this.parts = [];
  }

  get free() {
    return this.offerings?.filter(({ id }) => !this.parts.some((part) => part.offering === id)) ?? [];
  }

  /** The last word: of /parts/2/quantity the quantity. */
  memberOf(pointer) {
    return pointer.split("/").at(-1);
  }

  store(event, parts, said) {
    return this.send(event, async () => {
      await put(`offerings/${encodeURIComponent(this.offering)}/parts`, { parts: parts.map(({ offering, quantity }) => ({ offering, quantity })) }, this.etag);
      announce(said, true);
      this.dispatchEvent(new CustomEvent("parted", { bubbles: true }));
    }, (error) => word("parts_fault", error.code));
  }

  add(event) {
    this.store(event, [...this.parts, { offering: this.value("offering"), quantity: this.value("quantity").replace(",", ".") }], t("parts.added"));
  }

  drop(event, part) {
    this.store(event, this.parts.filter((one) => one !== part), t("parts.dropped"));
  }

  listed() {
    if (!this.parts.length) return html`<x-empty heading=${t("parts.empty")} text=${t(this.offerings ? "parts.empty_text" : "parts.empty_alone")}></x-empty>`;
    const columns = [
      { name: "name", label: t("field.name"), place: "lead", cell: (r) => r.name },
      { name: "quantity", label: t("parts.quantity"), place: "figure", cell: (r) => html`<bdi class="figures">${decimal(r.quantity)}</bdi>` },
      ...(this.offerings ? [{ name: "drop", label: t("parts.change"), place: "action", bare: true,
        cell: (r) => html`<button type="button" class="button" aria-label=${t("parts.drop", { name: r.name })} title=${t("parts.drop", { name: r.name })} @click=${(event) => this.drop(event, r.part)}>${icon("close")}</button>` }] : []),
    ];
    return html`<div class="card"><x-table caption=${t("parts.title")} .columns=${columns} .rows=${this.parts.map((part) => ({ ...part, part, id: part.offering }))}></x-table></div>`;
  }

  render() {
    const { free } = this;
    return html`${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.listed()}
      ${free.length ? html`<form class="card pad stack" novalidate @submit=${this.add} aria-busy=${this.busy ? "true" : "false"}>
        <x-field name="offering" label=${t("field.offering")} .options=${free.map(({ id, name }) => ({ value: id, label: name }))} .value=${free[0].id} .error=${this.errors.offering ?? ""}></x-field>
        <x-field name="quantity" label=${t("parts.quantity")} value="1" maxlength="19" autocomplete="off" .error=${this.errors.quantity ?? ""}></x-field>
        <button class="button" aria-disabled=${this.busy ? "true" : "false"}>${t("parts.add")}</button>
      </form>` : nothing}`;
  }
}
customElements.define("x-parts", XParts);
