/**
 * `<x-preview>`: a small portal dressed in a brand's tokens at three widths, and the contrasts
 * that its colours reach.  Only a picture: nothing in it can be pressed.
 */
import "../x-chip/x-chip.js";
import "../x-facts/x-facts.js";
import "../x-problem/x-problem.js";
import { html, nothing } from "../../vendor/lit.js";
import { contrast } from "../../lib/colour.js";
import { Element } from "../../lib/element.js";
import { date, languageName, money } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/i18n.js";
import { dress } from "../../lib/themes.js";

/** Widths of the windows that are shown, in pixels. */
const WIDTHS = [1280, 768, 360];

/** What the sample bills say; the year keeps them recognisable as samples. */
const SAMPLES = [
  { number: "2026-0012", day: "2026-06-01", amount: "128.40", state: "open" },
  { number: "2026-0009", day: "2026-05-01", amount: "96.15", state: "overdue" },
  { number: "2026-0005", day: "2026-04-01", amount: "96.15", state: "paid" },
];

class XPreview extends Element {
  static properties = {
    /** a row of /brands */
    brand: { attribute: false },
    tokens: { state: true },
    problem: { state: true },
  };

  updated(changed) {
    if (changed.has("brand") && this.brand) this.dress();
    this.fit();
  }

  connectedCallback() {
    super.connectedCallback();
    this.watch = new ResizeObserver(() => this.fit());
    this.watch.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.disconnect();
  }

  async dress() {
    try {
      const done = await Promise.all([...this.querySelectorAll(".x-preview-look")].map((look) => dress(look, this.brand)));
      this.tokens = done[0];
    } catch (problem) {
      this.problem = problem;
    }
  }

  /** Draws each window as small as its place needs. */
  fit() {
    for (const frame of this.querySelectorAll(".x-preview-frame")) {
      const look = frame.firstElementChild;
      const scale = Math.min(1, frame.clientWidth / Number(look.dataset.width));
      look.style.setProperty("inline-size", `${look.dataset.width}px`);
      look.style.setProperty("transform", `scale(${scale})`);
      frame.style.setProperty("block-size", `${Math.round(look.offsetHeight * scale)}px`);
    }
  }

  bill(sample) {
    return html`<div class="x-preview-bill">
      <span><b>${sample.number}</b><small>${date(sample.day)}</small></span>
      <x-chip state=${sample.state}></x-chip><b class="figures">${money(sample.amount, "EUR")}</b>
    </div>`;
  }

  portal() {
    const b = this.brand;
    return html`
      <div class="x-preview-bar"><span class="x-swatch-mark">${[...b.name][0]}</span><b>${b.name}</b><span class="x-preview-nav"><i data-current>${t("page.bills")}</i><i>${t("page.subscriptions")}</i><i>${t("page.payments")}</i></span></div>
      <div class="x-preview-main">
        <p class="x-preview-title">${t("bills.own")}</p><p class="muted">${b.tagline}</p>
        <div class="x-preview-sum"><span><small>${t("bills.open")}</small><b class="figures">${money("224.55", "EUR")}</b></span><span class="button strong">${icon("download")}${t("field.pdf")}</span></div>
        <div class="x-preview-bills">${SAMPLES.map((s) => this.bill(s))}</div>
        <p class="small muted">${t("preview.link")} <u>${b.support_email}</u></p>
      </div>`;
  }

  measured() {
    const k = this.tokens;
    if (!k) return null;
    const line = (label, a, b, least) => {
      const value = contrast(a, b);
      return [label, html`<span class="figures">${value.toFixed(1)}:1</span> <x-chip state=${value >= least ? "good" : "bad"}></x-chip>`];
    };
    return [
      line(t("preview.text"), k.ink, k.paper, 4.5),
      line(t("preview.links"), k.accent, k.paper, 4.5),
      line(t("preview.button"), k["accent-text"], k.accent, 4.5),
      line(t("preview.focus"), k.focus, k.surface, 3),
    ];
  }

  about() {
    const b = this.brand;
    return [
      [t("field.host"), b.host && html`<bdi>${b.host}</bdi>`],
      [t("field.theme"), b.theme],
      [t("field.accent"), html`<bdi class="figures">${b.accent}</bdi>`],
      [t("field.font"), b.font],
      [t("field.language"), languageName(b.language)],
      [t("field.support"), html`<bdi>${b.support_email}</bdi>`],
      [t("field.footer"), b.footer],
    ];
  }

  render() {
    const b = this.brand;
    if (!b) return nothing;
    return html`
      ${this.problem ? html`<x-problem .problem=${this.problem}></x-problem>` : nothing}
      <div class="x-preview-windows">
        ${WIDTHS.map((width) => html`<figure data-width=${width}>
          <div class="x-preview-frame" role="img" aria-label=${t("preview.label", { name: b.name, n: width })}><div class="x-preview-look" data-width=${width} inert>${this.portal()}</div></div>
          <figcaption class="muted small">${t("preview.width", { n: width })}</figcaption>
        </figure>`)}
      </div>
      <div class="split">
        <section class="section"><h2>${t("preview.contrast")}</h2><div class="card pad"><x-facts .facts=${this.measured()} lines="4"></x-facts></div></section>
        <section class="section"><h2>${t("preview.about")}</h2><div class="card pad"><x-facts .facts=${this.about()} lines="7"></x-facts></div></section>
      </div>`;
  }
}
customElements.define("x-preview", XPreview);
