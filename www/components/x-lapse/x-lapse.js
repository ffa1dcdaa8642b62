/** `<x-lapse>`: that a tax id is about to lapse, or has: then what a house earns as an agent comes on no document.  Else nothing. */
import { html, nothing } from "../../vendor/lit.js";
import { get } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { date, fromToday } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { may, reads, state } from "../../lib/state.js";

const DAYS = 30, DAY = 86400000;

class XLapse extends Element {
  static properties = {
    /** @type {{name: string, tax_id_until: string | null}} whose it is; without, the own house */
    of: { attribute: false },
    own: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    if (!this.of) this.load();
  }

  /** A hint beside the page's own matter, which tells its problems itself. */
  async load() {
    if (state.portal !== "reseller" || !may("tenant.read") || !reads("tenant", "tax_id_until")) return;
    this.own = (await get(`tenants/${encodeURIComponent(state.session.tenant.id)}`).catch(() => null))?.body;
  }

  render() {
    const { name, tax_id_until: until } = this.of ?? this.own ?? {};
    if (!until) return nothing;
    const left = Math.round((Date.parse(until) - Date.parse(new Date().toISOString().slice(0, 10))) / DAY), said = { name, day: date(until), left: fromToday(until) };
    if (left > DAYS) return nothing;
    return html`<div class="note stack" role="note"><p><strong>${left < 0 ? t("lapse.over", said) : t("lapse.soon", said)}</strong></p>
      ${state.portal === "admin" ? nothing : html`<p>${t("lapse.tell")}</p>`}</div>`;
  }
}
customElements.define("x-lapse", XLapse);
