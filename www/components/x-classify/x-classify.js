/**
 * `<x-classify>`: segment, tags and account manager of one customer, changed in place.
 * Says `saved` once they are, `cancel` where nothing is to be changed and `again` where the customer has to be read again.
 */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { all, patch } from "../../lib/api.js";
import { Form } from "../../lib/form.js";
import { t, word } from "../../lib/i18n.js";
import { may, writes } from "../../lib/state.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

class XClassify extends Form {
  static properties = {
    /** GET /api/v1/customers/:id */
    customer: { attribute: false },
    /** the tag that came with it */
    etag: {},
    segments: { state: true },
    agents: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  /** What can be chosen: the segments and the people of the customer's reseller. */
  async load() {
    this.problem = null;
    const { tenant } = this.customer;
    const of = async (list, wanted) => (wanted ? (await all(list, { tenant })).data : null);
    try {
      const [segments, users] = await Promise.all([
        of("segments", may("segment.read") && writes("customer", "segment")),
        of("users", may("user.read") && writes("customer", "agent")),
      ]);
      this.agents = users?.filter((user) => !user.customer && user.state !== "closed");
      this.segments = segments;
      await this.updateComplete;
      this.querySelector("x-field")?.focus();
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** The segment in which a hand put it, or "": the rules' choice. */
  get segment() {
    return this.customer.segment_by === "hand" ? (this.customer.segment ?? "") : "";
  }

  /** What is not as it was. */
  changed() {
    const c = this.customer;
    const value = (name) => this.querySelector(`x-field[name="${name}"]`)?.value; // none where there is no field
    const body = {};
    const [segment, agent] = [value("segment"), value("agent")];
    if (segment !== undefined && segment !== this.segment) body.segment = segment || null;
    if (agent !== undefined && agent !== (c.agent ?? "")) body.agent = agent || null;
    const tags = value("tags")?.split(",").map((tag) => tag.trim()).filter(Boolean);
    if (tags && [...tags].sort().join() !== [...(c.tags ?? [])].sort().join()) body.tags = [...new Set(tags)];
    return body;
  }

  save(event) {
    const body = this.changed();
    if (!Object.keys(body).length && !this.busy) {
      event.preventDefault();
      return this.say("cancel");
    }
    return this.send(event, async () => {
      await patch(`customers/${encodeURIComponent(this.customer.id)}`, body, this.etag);
      announce(t("classify.saved"), true);
      this.say("saved");
    }, (error) => word("classify_fault", error.code));
  }

  /** What is wrong with one tag stands at all of them. */
  memberOf(pointer) {
    return pointer.split("/")[1];
  }

  say(what) {
    this.dispatchEvent(new CustomEvent(what));
  }

  choice(name, label, rows, value, none, hint) {
    if (!rows) return nothing;
    /* Who is chosen already may not be among those that can be chosen. */
    const known = rows.map((row) => ({ value: row.id, label: row.name }));
    if (value && !rows.some((row) => row.id === value)) known.unshift({ value, label: this.customer[`${name}_name`] ?? value });
    return html`<x-field name=${name} label=${label} .value=${value} .options=${[{ value: "", label: none }, ...known]} .hint=${hint} .error=${this.errors[name] ?? ""}></x-field>`;
  }

  fields() {
    const c = this.customer;
    return html`
      ${this.choice("segment", t("field.segment"), this.segments, this.segment, t("classify.rules"))}
      ${writes("customer", "tags")
        ? html`<x-field name="tags" label=${t("field.tags")} .value=${(c.tags ?? []).join(", ")} hint=${t("classify.tags_hint")} autocomplete="off" .error=${this.errors.tags ?? ""}></x-field>`
        : nothing}
      ${this.choice("agent", t("field.agent"), this.agents, c.agent ?? "", t("classify.nobody"))}`;
  }

  render() {
    const ready = this.segments !== undefined;
    const again = () => (this.problem.status === 412 ? this.say("again") : this.load());
    return html`<form class="stack" novalidate @submit=${this.save} aria-busy=${this.busy || (!ready && !this.problem) ? "true" : "false"}>
      ${this.problem ? html`<x-problem .problem=${this.problem} .retry=${ready && this.problem.status !== 412 ? null : again}></x-problem>` : nothing}
      ${ready ? this.fields() : html`<span class="bone"></span>`}
      <div class="row">
        <button class="button strong" aria-disabled=${this.busy || !ready ? "true" : "false"}>${t("classify.save")}</button>
        <button type="button" class="button" @click=${() => this.say("cancel")}>${t("classify.cancel")}</button>
      </div>
    </form>`;
  }
}
customElements.define("x-classify", XClassify);
