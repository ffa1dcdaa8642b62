/** `<x-run>`: how far a bill run is.  Its room is there from the begin, so nothing moves while it is read again. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { decimal, joined } from "../../lib/format.js";
import { t, word } from "../../lib/i18n.js";

/** Seconds as people say them. */
const span = (seconds) => (seconds < 90 ? t("run.seconds", { n: seconds }) : t("run.minutes", { n: Math.round(seconds / 60) }));

class XRun extends Element {
  static properties = {
    /** as the API has it, or null while it is being loaded */
    run: { attribute: false },
  };

  text() {
    const { state, total, done, rate, left, paused } = this.run;
    if (!total || done === null || done === undefined) return word("run_about", paused ? "paused" : state);
    const way = t("run.progress", { done: decimal(done), total: decimal(total) });
    return joined([way, rate ? t("run.rate", { rate: decimal(Math.round(Number(rate))) }) : "", left ? t("run.left", { time: span(left) }) : ""]);
  }

  render() {
    if (!this.run) return nothing;
    const { total, done } = this.run;
    const share = total ? done / total : this.run.state === "open" ? 0 : 1;
    return html`<progress max="1" .value=${share} aria-label=${t("run.far")}></progress><p>${this.text()}</p>`;
  }
}
customElements.define("x-run", XRun);
