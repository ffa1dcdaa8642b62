/** `<x-explain>`: why a user may or may not do or see something, in words, with what decides. */
import { html, nothing } from "../../vendor/lit.js";
import { announce } from "../../lib/announce.js";
import { list } from "../../lib/api.js";
import { Element } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { roleName, t, word } from "../../lib/i18n.js";
import { actionLabel, areaOf, choiceWord, NONE, partOf } from "../../lib/rights.js";
import "../x-field/x-field.js";
import "../x-problem/x-problem.js";

/** What is shown with the rows of another resource. */
const WITHIN = { document: ["line", "tax", "party"] };

/** The steps that decide an answer. @returns {Set<object>} */
function deciding({ why, steps }) {
  const roles = steps.filter((s) => s.kind === "role");
  const limits = steps.filter((s) => s.kind !== "role");
  const giving = roles.filter((s) => !s.ignored && s.scope !== NONE);
  if (why === "no_role" || why === "field_no_role") return new Set(roles);
  if (why === "ceiling") return new Set(limits.filter((s) => s.scope === NONE).slice(0, 1));
  if (why === "field_ceiling") return new Set(limits.filter((s) => s.level === NONE).slice(0, 1));
  if (why === "masked") return new Set([...limits, ...roles].filter((s) => s.level === "mask").slice(0, 1));
  return new Set(why === "closed" ? [] : giving);
}

class XExplain extends Element {
  static properties = {
    /** the user's id and name */
    user: {},
    name: {},
    /** what can be asked @type {string[]} */
    actions: { attribute: false },
    fields: { attribute: false },
    /** those of the user @type {{id: string, code: string, name: string}[]} */
    roles: { attribute: false },
    action: { state: true },
    answer: { state: true },
    problem: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { actions: [], fields: [], roles: [] });
  }

  get chosen() {
    return this.actions.includes(this.action) ? this.action : this.actions[0];
  }

  field(name) {
    return this.querySelector(`x-field[name="${name}"]`);
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const object = this.field("object").value.trim();
    const question = { action: this.chosen, field: this.field("field").value, object };
    Object.assign(this, { problem: null, error: "", answer: null, busy: true });
    try {
      this.answer = await list(`users/${encodeURIComponent(this.user)}/explain`, question);
      announce(word("why", this.answer.why));
    } catch (problem) {
      if (object && (problem.status === 404 || problem.errors.some((e) => e.pointer === "object"))) this.error = t("explain.no_object");
      else this.problem = problem;
    }
    this.busy = false;
    await this.updateComplete;
    if (this.error) this.field("object").focus();
  }

  step(s, decides) {
    const role = this.roles.find((r) => r.id === s.role);
    const name = s.kind === "role" ? t("explain.role", { name: roleName(role?.code, s.name ?? role?.name ?? "") }) : word("explain", s.kind);
    const gives = s.level ? t("explain.gives_both", { scope: word("scope", s.scope), level: choiceWord("fields", s.level) }) : t("explain.gives", { scope: word("scope", s.scope) });
    return html`<li ?data-decides=${decides}><strong>${name}</strong> <span>${s.ignored ? word("ignored", s.ignored) : gives}</span>
      ${decides ? html`<span class="x-explain-decides nowrap">${t("explain.decides")}</span>` : nothing}</li>`;
  }

  said() {
    const a = this.answer;
    if (!a) return nothing;
    const decides = deciding(a);
    return html`<div class="x-explain-answer" data-allowed=${a.allowed ? "yes" : "no"}>
      <p class="x-explain-word">${icon(a.allowed ? "check" : "close")}<strong>${a.allowed ? t("explain.yes", { name: this.name }) : t("explain.no", { name: this.name })}</strong></p>
      <p>${word("why", a.why)}</p>
      <h3>${t("explain.steps")}</h3>
      <ol>${a.steps.map((s) => this.step(s, decides.has(s)))}</ol>
    </div>`;
  }

  render() {
    const areas = [areaOf(this.chosen ?? "."), ...(WITHIN[areaOf(this.chosen ?? ".")] ?? [])];
    const fields = this.fields.filter((f) => areas.includes(areaOf(f)));
    const fieldName = (f) => (areaOf(f) === areas[0] ? word("field", partOf(f)) : t("rights.choice", { area: word("resource", areaOf(f)), action: word("field", partOf(f)) }));
    return html`<div class="card pad stack">
      <form class="stack" novalidate @submit=${this.submit} aria-busy=${this.busy ? "true" : "false"}>
        <x-field name="action" label=${t("explain.action")} .options=${this.actions.map((a) => ({ value: a, label: actionLabel(a) }))} .value=${this.chosen}
          @change=${(event) => (this.action = event.target.value)}></x-field>
        <x-field name="field" label=${t("explain.field")} .options=${[{ value: "", label: t("explain.any") }, ...fields.map((f) => ({ value: f, label: fieldName(f) }))]}></x-field>
        <x-field name="object" label=${t("explain.object")} hint=${t("explain.object_hint")} autocomplete="off" maxlength="60" .error=${this.error ?? ""}></x-field>
        <button class="button" aria-disabled=${this.busy ? "true" : "false"}>${t("explain.ask")}</button>
      </form>
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      ${this.said()}
    </div>`;
  }
}
customElements.define("x-explain", XExplain);
