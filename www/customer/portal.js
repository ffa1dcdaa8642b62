/** The customer's portal: its pages and their addresses. */
import "../pages/bill.js";
import "../pages/bills.js";
import "../pages/missing.js";
import "../pages/openings.js";
import "../pages/payments.js";
import "../pages/profile.js";
import "../pages/subscriptions.js";
import "../pages/usage_own.js";
import { start } from "../lib/app.js";
import { t } from "../lib/i18n.js";
import { html } from "../vendor/lit.js";

start(
  "customer",
  [
    { name: "bills", icon: "bill", label: () => t("page.bills") },
    { name: "subscriptions", icon: "repeat", label: () => t("page.subscriptions") },
    { name: "usage", icon: "meter", label: () => t("page.usage") },
    { name: "payments", icon: "coins", label: () => t("page.payments") },
    { name: "profile", icon: "person", label: () => t("page.profile") },
  ],
  [
    { path: "bills", page: "bills", title: () => t("page.bills"), render: () => html`<page-bills></page-bills>` },
    { path: "bills/:id", page: "bills", title: () => t("page.bills"), render: (p) => html`<page-bill .bill=${p.id}></page-bill>` },
    { path: "subscriptions", page: "subscriptions", title: () => t("page.subscriptions"), render: () => html`<page-subscriptions></page-subscriptions>` },
    { path: "usage", page: "usage", title: () => t("page.usage"), render: () => html`<page-usage-own></page-usage-own>` },
    { path: "payments", page: "payments", title: () => t("page.payments"), render: () => html`<page-payments></page-payments>` },
    { path: "openings", page: "openings", title: () => t("page.openings"), render: () => html`<page-openings></page-openings>` },
    { path: "profile", page: "profile", title: () => t("page.profile"), render: () => html`<page-profile></page-profile>` },
  ],
);
