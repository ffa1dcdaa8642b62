/** `<x-money amount="1234.56" currency="EUR">` in the page's language; never computes. */
import { html, nothing } from "../../vendor/lit.js";
import { Element } from "../../lib/element.js";
import { money } from "../../lib/format.js";

class XMoney extends Element {
  static properties = {
    amount: {},
    currency: {},
    /** a unit price: up to six decimals */
    fine: { type: Boolean },
  };

  render() {
    return this.amount === undefined ? nothing : html`<bdi>${money(this.amount, this.currency, this.fine)}</bdi>`;
  }
}
customElements.define("x-money", XMoney);
