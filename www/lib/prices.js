/** What the screens of prices have in common: their sections: price lists, taxes and exchange rates. */
import "../components/x-tabs/x-tabs.js";
import { html, nothing } from "../vendor/lit.js";
import { t } from "./i18n.js";
import { href } from "./router.js";
import { may } from "./state.js";

/** @param {"lists" | "taxes" | "rates"} current */
export function priceTabs(current) {
  if (!may("tax_rule.read")) return nothing;
  const tabs = [
    { href: href("prices"), label: t("tax_rule.lists"), current: current === "lists" },
    { href: href("prices", "taxes"), label: t("tax_rule.title"), current: current === "taxes" },
    ...(may("exchange_rate.read") ? [{ href: href("prices", "rates"), label: t("exchange_rate.title"), current: current === "rates" }] : []),
  ];
  return html`<x-tabs label=${t("tax_rule.sections")} .tabs=${tabs}></x-tabs>`;
}
