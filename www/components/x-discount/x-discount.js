/**
 * `<x-discount>`: grants an account of a customer a discount from a day on, or ends one.  Says `discounted`, or `cancel` where one
 * is not ended after all.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, post } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { date } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import { may } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

const today = () => new Date().toISOString().slice(0, 10);

class XDiscount extends Form {
  static properties = {
    /** id of whose accounts can have it */
    customer: {},
    /** the one that is to be ended */
    discount: { attribute: false },
    accounts: { state: true },
    offerings: { state: true },
    /** "percent" or "amount" */
    by: { state: true },
  };

  constructor() {
    super();
    this.by = "percent";
  }

  connectedCallback() {
    super.connectedCallback();
    if (!this.discount) this.load();
  }

  async load() {
    this.problem = null;
    try {
      const [accounts, offerings] = await Promise.all([all("accounts", { customer: this.customer }), may("offering.read") ? all("offerings") : { data: [] }]);
      this.offerings = offerings.data.filter((one) => one.state !== "ended");
      this.accounts = accounts.data.filter((one) => one.state !== "closed");
    } catch (problem) {
      this.problem = problem;
    }
  }

  grant() {
    const body = { account: this.value("account") || this.accounts[0]?.id, starts: this.value("starts"), [this.by]: this.value(this.by).replace(",", ".") };
    for (const name of ["offering", "name"]) if (this.value(name)) body[name] = this.value(name);
    if (this.value("periods")) body.periods = Number(this.value("periods"));
    return post("discounts", body);
  }

  submit(event) {
    return this.send(event, async () => {
      const { body } = await (this.discount ? post(`discounts/${encodeURIComponent(this.discount.id)}/end`, { ends: this.value("ends") }) : this.grant());
      announce(this.discount ? t("discount.ended") : t("discount.granted"), true);
      for (const field of this.querySelectorAll("x-field")) if (!field.options) field.value = field.name === "starts" ? today() : "";
      this.dispatchEvent(new CustomEvent("discounted", { detail: body }));
    }, this.fault);
  }

  fault({ code, detail }) {
    if (code === "billed") return t("discount_fault.billed", { day: date(/\d{4}-\d{2}-\d{2}/.exec(detail)?.[0]) });
    return word("discount_fault", code);
  }

  field(name, label, more = {}) {
    return html`<x-field name=${name} label=${label} type=${more.type ?? "text"} .value=${more.value ?? ""} .options=${more.options} .hint=${more.hint} .maxlength=${more.maxlength} autocomplete="off"
      ?required=${more.required} .error=${this.errors[name] ?? ""} @change=${more.change ?? nothing}></x-field>`;
  }

  fields() {
    const offerings = [{ value: "", label: t("discount.all") }, ...this.offerings.map(({ id, name }) => ({ value: id, label: name }))];
    const ways = [{ value: "percent", label: t("discount.per_cent") }, { value: "amount", label: t("discount.amount") }];
    return html`
      ${this.accounts.length > 1 ? this.field("account", t("field.account"), { options: this.accounts.map(({ id, number }) => ({ value: id, label: number })), value: this.accounts[0].id }) : nothing}
      ${this.field("offering", t("discount.of"), { options: offerings })}
      ${this.field("by", t("discount.by"), { options: ways, value: this.by, change: (event) => (this.by = event.target.value) })}
      ${this.by === "percent"
        ? this.field("percent", t("field.percent"), { hint: t("discount.per_cent_hint"), maxlength: 10, required: true })
        : this.field("amount", t("field.amount"), { hint: t("discount.amount_hint"), maxlength: 16, required: true })}
      ${this.field("starts", t("subscribe.day"), { type: "date", value: today(), hint: t("discount.starts_hint"), required: true })}
      ${this.field("periods", t("field.periods"), { type: "number", hint: t("discount.periods_hint") })}
      ${this.field("name", t("field.name"), { hint: t("discount.name_hint"), maxlength: 100 })}`;
  }

  render() {
    if (!this.discount && !this.accounts) return this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing;
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.discount ? this.field("ends", t("field.ends"), { type: "date", value: today(), hint: t("discount.end_hint"), required: true }) : this.fields()}
      <div class="row"><button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${this.discount ? t("discount.end") : t("discount.grant")}</button>
      ${this.discount ? html`<button type="button" class="button" @click=${() => this.dispatchEvent(new CustomEvent("cancel"))}>${t("subscribe.cancel")}</button>` : nothing}</div>
    </form>`;
  }
}
customElements.define("x-discount", XDiscount);
