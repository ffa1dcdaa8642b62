/** `<x-names>`: what an offering is called on bills in each language.  Says `named`. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { put } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { languageName } from "../../lib/format.js";
import { LANGUAGES, t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XNames extends Form {
  static properties = {
    offering: { attribute: false },
    /** @type {Record<string, string>} by language, with the tag that the server gave them */
    names: { attribute: false },
    etag: {},
  };

  constructor() {
    super();
    this.names = {};
  }

  /** The last word: of /names/de the language. */
  memberOf(pointer) {
    return pointer.split("/").at(-1);
  }

  submit(event) {
    const names = Object.fromEntries([...this.querySelectorAll("x-field")].map((field) => [field.name, field.value.trim()]).filter(([, text]) => text));
    return this.send(event, async () => {
      await put(`offerings/${encodeURIComponent(this.offering.id)}/names`, { names }, this.etag);
      announce(t("names.saved"), true);
      this.dispatchEvent(new CustomEvent("named", { bubbles: true }));
    }, (error) => word("catalogue_fault", error.code));
  }

  render() {
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <p class="muted small">${t("names.text", { name: this.offering.name })}</p>
      ${LANGUAGES.map((tag) => html`<x-field name=${tag} label=${languageName(tag)} .value=${this.names[tag] ?? ""} maxlength="100" autocomplete="off" .error=${this.errors[tag] ?? ""}></x-field>`)}
      <button class="button" aria-disabled=${this.busy ? "true" : "false"}>${t("names.save")}</button>
    </form>`;
  }
}
customElements.define("x-names", XNames);
