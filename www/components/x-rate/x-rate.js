/** `<x-rate>`: what one of a currency is worth in another one from a day on.  Says `rated`. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { post } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { t, word } from "../../lib/i18n.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

const CURRENCIES = ["currency", "worth_in"];

class XRate extends Form {
  submit(event) {
    const body = Object.fromEntries([...CURRENCIES, "day", "rate", "source"].map((name) => [name, this.value(name)]).filter(([, text]) => text));
    for (const name of CURRENCIES) if (body[name]) body[name] = body[name].toUpperCase();
    return this.send(event, async () => {
      await post("exchange-rates", body);
      announce(t("exchange_rate.made"), true);
      this.dispatchEvent(new CustomEvent("rated", { bubbles: true }));
    }, (error) => word("exchange_rate_fault", error.code));
  }

  render() {
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${CURRENCIES.map((name) => html`<x-field name=${name} label=${word("field", name)} maxlength="3" autocomplete="off" required hint=${t("exchange_rate.currency_hint")} .error=${this.errors[name] ?? ""}></x-field>`)}
      <x-field name="day" type="date" label=${t("field.starts")} required .error=${this.errors.day ?? ""}></x-field>
      <x-field name="rate" label=${t("field.exchange_rate")} maxlength="19" autocomplete="off" required hint=${t("exchange_rate.rate_hint")} .error=${this.errors.rate ?? ""}></x-field>
      <x-field name="source" label=${t("field.source")} maxlength="100" autocomplete="off" required hint=${t("exchange_rate.source_hint")} .error=${this.errors.source ?? ""}></x-field>
      <button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${t("exchange_rate.make")}</button>
    </form>`;
  }
}
customElements.define("x-rate", XRate);
