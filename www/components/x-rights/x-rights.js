/**
 * `<x-rights>`: what a role gives, as tables of choices: resources by actions, and each resource's fields.
 * Data down: the role, what can be put into it and the role that it is compared with; "change" up with what
 * was chosen.  What cannot be chosen is greyed and says why.
 */
import { html, ifDefined, nothing, repeat } from "../../vendor/lit.js";
import { Element, uid } from "../../lib/element.js";
import { icon } from "../../lib/icons.js";
import { t, word } from "../../lib/i18n.js";
import { actionLabel, areaOf, choiceWord, fieldLabel, NONE, partOf } from "../../lib/rights.js";

/** @typedef {import("../../lib/rights.js").Draft} Draft */

class XRights extends Element {
  static properties = {
    /** @type {Draft} */
    draft: { attribute: false },
    /** `ceiling` of GET /api/v1/roles/:id */
    ceiling: { attribute: false },
    /** @type {Draft | null} of another role */
    other: { attribute: false },
    /** @type {Record<string, string>} a text by action or field: what the server did not take */
    errors: { attribute: false },
    /** Only to be looked at. */
    fixed: { type: Boolean },
  };

  constructor() {
    super();
    this.errors = {};
    this.key = uid("rights");
  }

  choose(kind, name, value) {
    this.dispatchEvent(new CustomEvent("change", { detail: { kind, name, value } }));
  }

  /** The choices of one cell; those that stand in the way of nobody first, in the order of the vocabulary. */
  options(kind, possible, chosen) {
    const known = { [NONE]: "may", ...possible };
    /* A role can hold what its asker cannot give, or what means nothing any more: it is shown as it is. */
    if (!(chosen in known)) known[chosen] = "own";
    return Object.entries(known).map(([value, verdict]) => {
      const name = choiceWord(kind, value);
      const stopped = verdict !== "may";
      return html`<option value=${value} ?selected=${value === chosen} ?disabled=${stopped && value !== chosen}>${stopped ? t("rights.stopped", { word: name, why: word("stop", verdict) }) : name}</option>`;
    });
  }

  /** Why nothing at all can be chosen here, or "". */
  barred(possible, chosen) {
    const verdicts = Object.values(possible);
    return chosen === NONE && verdicts.length && verdicts.every((v) => v !== "may") ? verdicts[0] : "";
  }

  /** One choice with all that is to be said about it. */
  choice(kind, name, label, possible) {
    const chosen = this.draft[kind][name] ?? NONE;
    const barred = this.barred(possible, chosen);
    const differs = this.other && (this.other[kind][name] ?? NONE) !== chosen;
    const error = this.errors[name];
    const said = [barred && `${this.key}-why-${name}`, differs && `${this.key}-not-${name}`, error && `${this.key}-error-${name}`].filter(Boolean).join(" ");
    return html`<div class="x-rights-choice" ?data-differs=${differs} ?data-barred=${Boolean(barred)} ?data-given=${chosen !== NONE}>
      <select aria-label=${label} name=${name} ?disabled=${this.fixed || Boolean(barred)} aria-invalid=${error ? "true" : "false"} aria-describedby=${ifDefined(said || undefined)}
        @change=${(event) => this.choose(kind, name, event.target.value)}>${this.options(kind, possible, chosen)}</select>
      ${barred ? html`<span class="x-rights-why" id="${this.key}-why-${name}">${word("stop", barred)}</span>` : nothing}
      ${differs ? html`<span class="x-rights-not" id="${this.key}-not-${name}">≠ ${t("rights.differs")}</span>` : nothing}
      ${error ? html`<span class="x-rights-error" id="${this.key}-error-${name}">${icon("warning")}${error}</span>` : nothing}
    </div>`;
  }

  /** Resources by actions, in the order of the vocabulary. */
  actions() {
    const areas = [...new Set(this.ceiling.actions.map((a) => areaOf(a.action)))];
    const verbs = [...new Set(this.ceiling.actions.map((a) => partOf(a.action)))];
    const of = new Map(this.ceiling.actions.map((a) => [a.action, a.scopes]));
    const cell = (area, verb) => {
      const name = `${area}.${verb}`;
      if (!of.has(name)) return html`<td role="cell" class="x-rights-none"></td>`;
      return html`<td role="cell" data-label=${word("verb", verb)}>${this.choice("grants", name, actionLabel(name), of.get(name))}</td>`;
    };
    return html`<div class="x-rights-scroll card" role="region" aria-label=${t("rights.actions")} tabindex="0"><table role="table">
      <caption class="hush">${t("rights.actions")}</caption>
      <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">${t("rights.resource")}</th>${verbs.map((v) => html`<th scope="col" role="columnheader">${word("verb", v)}</th>`)}</tr></thead>
      <tbody role="rowgroup">${repeat(areas, (a) => a, (a) => html`<tr role="row"><th scope="row" role="rowheader">${word("resource", a)}</th>${verbs.map((v) => cell(a, v))}</tr>`)}</tbody>
    </table></div>`;
  }

  area(area, fields) {
    const { needs } = fields[0];
    const given = fields.filter((f) => (this.draft.fields[f.field] ?? NONE) !== NONE).length;
    const differ = this.other ? fields.filter((f) => (this.draft.fields[f.field] ?? NONE) !== (this.other.fields[f.field] ?? NONE)).length : 0;
    const idle = given > 0 && (this.draft.grants[needs] ?? NONE) === NONE;
    const wrong = fields.some((f) => this.errors[f.field]);
    return html`<details class="card" ?open=${wrong}>
      <summary>${icon("next", "along")}<span>${word("resource", area)}</span><span class="muted small figures">${given}/${fields.length}</span>
        ${differ ? html`<span class="x-rights-not">≠ ${differ}</span>` : nothing}</summary>
      ${idle ? html`<p class="muted small">${t("rights.idle")}</p>` : nothing}
      <table role="table">
        <caption class="hush">${word("resource", area)}</caption>
        <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">${t("rights.field")}</th><th scope="col" role="columnheader">${t("rights.level")}</th></tr></thead>
        <tbody role="rowgroup">${repeat(fields, (f) => f.field, (f) => html`<tr role="row"><th scope="row" role="rowheader">${word("field", partOf(f.field))}</th>
          <td role="cell">${this.choice("fields", f.field, fieldLabel(f.field), f.levels)}</td></tr>`)}</tbody>
      </table>
    </details>`;
  }

  fields() {
    const areas = new Map();
    for (const f of this.ceiling.fields) areas.set(areaOf(f.field), [...(areas.get(areaOf(f.field)) ?? []), f]);
    return repeat([...areas], ([area]) => area, ([area, fields]) => this.area(area, fields));
  }

  /** Sets of rows that the role is kept to: a box for each that can be chosen. */
  boxes(kind, all, said) {
    const chosen = new Set(this.draft[kind]);
    const error = this.errors[kind];
    if (!all.length) return nothing;
    return html`<fieldset class="card pad x-rights-segments" ?disabled=${this.fixed}>
      <legend><h2>${said.title}</h2></legend>
      <p class="muted small">${said.none}</p>
      ${all.map((s) => html`<label><input type="checkbox" .checked=${chosen.has(s.id)} ?disabled=${s.may !== "may" && !chosen.has(s.id)}
        @change=${(event) => this.choose(kind, s.id, event.target.checked)} />${s.name}
        ${s.may !== "may" ? html`<span class="x-rights-why">${word("stop", s.may)}</span>` : nothing}</label>`)}
      ${error ? html`<p class="x-rights-error">${icon("warning")}${error}</p>` : nothing}
    </fieldset>`;
  }

  segments() {
    return this.boxes("segments", this.ceiling.segments, { title: t("rights.segments"), none: t("rights.segments_none") });
  }

  /** The catalogue as its paths, each below what it is a part of. */
  products() {
    const all = new Map((this.ceiling.products ?? []).map((p) => [p.id, p]));
    const path = (p) => (all.has(p.parent) ? `${path(all.get(p.parent))} › ${p.name}` : p.name);
    const paths = [...all.values()].map((p) => ({ id: p.id, may: "may", name: path(p) })).sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.boxes("products", paths, { title: t("rights.products"), none: t("rights.products_none") });
  }

  render() {
    return html`
      <section class="section"><h2>${t("rights.actions")}</h2>${this.actions()}</section>
      <section class="section"><h2>${t("rights.fields")}</h2><div class="x-rights-areas">${this.fields()}</div></section>
      ${this.segments()}
      ${this.products()}
    `;
  }
}
customElements.define("x-rights", XRights);
