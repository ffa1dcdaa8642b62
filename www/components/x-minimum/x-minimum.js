/**
 * `<x-minimum>`: sets what an account of a customer, or each under an agreement, is charged at least from a day on, or ends such a
 * minimum.  Says `changed`, or `cancel` where one is not ended after all.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, post } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { date } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";
import { may, state } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

const today = () => new Date().toISOString().slice(0, 10);

class XMinimum extends Form {
  static properties = {
    /** id of whose accounts can have it; without one it is of an agreement */
    customer: {},
    /** the one that is to be ended */
    minimum: { attribute: false },
    subjects: { state: true },
    offerings: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    if (!this.minimum) this.load();
  }

  /** Accounts of the customer, or agreements by which the own house sells. */
  async load() {
    this.problem = null;
    try {
      const [subjects, offerings] = await Promise.all([this.customer ? all("accounts", { customer: this.customer }) : all("agreements"), may("offering.read") ? all("offerings") : { data: [] }]);
      this.offerings = offerings.data.filter((one) => one.state !== "ended" && one.kind !== "usage");
      this.subjects = this.customer
        ? subjects.data.filter((one) => one.state !== "closed").map(({ id, number }) => ({ value: id, label: number }))
        : subjects.data.filter((one) => one.state !== "ended" && one.tenant === state.session.tenant.id).map((one) => ({ value: one.id, label: this.agreed(one) }));
    } catch (problem) {
      this.problem = problem;
    }
  }

  agreed({ buyer_name: buyer, account_number: account, starts }) {
    return `${buyer ?? account ?? t("agreement.all_others")} · ${date(starts)}`;
  }

  set_() {
    const of = this.customer ? "account" : "agreement";
    return post("minimums", { [of]: this.value(of) || this.subjects[0]?.value, offering: this.value("offering"), amount: this.value("amount").replace(",", "."), starts: this.value("starts") });
  }

  submit(event) {
    return this.send(event, async () => {
      const { body } = await (this.minimum ? post(`minimums/${encodeURIComponent(this.minimum.id)}/end`, { ends: this.value("ends") }) : this.set_());
      announce(this.minimum ? t("minimum.ended") : t("minimum.created"), true);
      for (const field of this.querySelectorAll("x-field")) if (!field.options) field.value = field.name === "starts" ? today() : "";
      this.dispatchEvent(new CustomEvent("changed", { detail: body }));
    }, this.fault);
  }

  fault({ code, detail }) {
    if (code === "billed") return t("minimum_fault.billed", { day: date(/\d{4}-\d{2}-\d{2}/.exec(detail)?.[0]) });
    return word("minimum_fault", code);
  }

  field(name, label, more = {}) {
    return html`<x-field name=${name} label=${label} type=${more.type ?? "text"} .value=${more.value ?? ""} .options=${more.options} .hint=${more.hint} .maxlength=${more.maxlength} autocomplete="off"
      ?required=${more.required} .error=${this.errors[name] ?? ""}></x-field>`;
  }

  fields() {
    return html`
      ${this.subjects.length > 1 || !this.customer
        ? this.field(this.customer ? "account" : "agreement", this.customer ? t("field.account") : t("minimum.of_all"), { options: this.subjects, value: this.subjects[0]?.value ?? "", required: true })
        : nothing}
      ${this.field("amount", t("minimum.amount"), { hint: t("minimum.amount_hint"), maxlength: 16, required: true })}
      ${this.field("offering", t("field.offering"), { options: this.offerings.map(({ id, name }) => ({ value: id, label: name })), value: this.offerings[0]?.id ?? "", hint: t("minimum.offering_hint"), required: true })}
      ${this.field("starts", t("subscribe.day"), { type: "date", value: today(), hint: t("minimum.starts_hint"), required: true })}`;
  }

  render() {
    if (!this.minimum && !this.subjects) return this.problem ? html`<x-problem .problem=${this.problem} .retry=${() => this.load()}></x-problem>` : nothing;
    return html`<form class="card pad stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.minimum ? this.field("ends", t("field.ends"), { type: "date", value: today(), hint: t("minimum.end_hint"), required: true }) : this.fields()}
      <div class="row"><button class="button strong" aria-disabled=${this.busy ? "true" : "false"}>${this.minimum ? t("minimum.end") : t("minimum.set")}</button>
      ${this.minimum ? html`<button type="button" class="button" @click=${() => this.dispatchEvent(new CustomEvent("cancel"))}>${t("subscribe.cancel")}</button>` : nothing}</div>
    </form>`;
  }
}
customElements.define("x-minimum", XMinimum);
