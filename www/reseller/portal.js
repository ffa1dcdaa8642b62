/** The reseller's portal: its pages and their addresses. */
import "../pages/agreements.js";
import "../pages/approval.js";
import "../pages/approvals.js";
import "../pages/bill.js";
import "../pages/bills.js";
import "../pages/catalogue.js";
import "../pages/commissions.js";
import "../pages/draft.js";
import "../pages/drafts.js";
import "../pages/customer.js";
import "../pages/customers.js";
import "../pages/incoming.js";
import "../pages/keys.js";
import "../pages/missing.js";
import "../pages/moves.js";
import "../pages/payments.js";
import "../pages/price.js";
import "../pages/offering.js";
import "../pages/prices.js";
import "../pages/taxes.js";
import "../pages/profile.js";
import "../pages/reseller.js";
import "../pages/resellers.js";
import "../pages/role.js";
import "../pages/roles.js";
import "../pages/segment.js";
import "../pages/segments.js";
import "../pages/staff.js";
import "../pages/statements.js";
import "../pages/subscription.js";
import "../pages/transfers.js";
import "../pages/usage.js";
import "../pages/usage_reject.js";
import "../pages/user.js";
import { start } from "../lib/app.js";
import { t } from "../lib/i18n.js";
import { state } from "../lib/state.js";
import { html } from "../vendor/lit.js";

start(
  "reseller",
  [
    { name: "customers", icon: "people", label: () => t("page.customers") },
    { name: "transfers", icon: "swap", label: () => t("page.transfers") },
    { name: "segments", icon: "circles", label: () => t("page.segments") },
    { name: "resellers", icon: "tree", label: () => t("page.resellers"), when: () => state.channel },
    { name: "moves", icon: "branch", label: () => t("page.moves") },
    { name: "bills", icon: "bill", label: () => t("page.bills") },
    { name: "incoming", icon: "download", label: () => t("page.incoming") },
    { name: "drafts", icon: "repeat", label: () => t("page.drafts") },
    { name: "settlements", icon: "swap", label: () => t("page.settlements") },
    { name: "statements", icon: "pact", label: () => t("page.statements") },
    { name: "commissions", icon: "hands", label: () => t("page.commissions") },
    { name: "payments", icon: "coins", label: () => t("page.payments") },
    { name: "usage", icon: "meter", label: () => t("page.usage") },
    { name: "catalogue", icon: "tag", label: () => t("page.catalogue") },
    { name: "prices", icon: "prices", label: () => t("page.prices") },
    { name: "agreements", icon: "pact", label: () => t("page.agreements") },
    { name: "staff", icon: "badge", label: () => t("page.staff") },
    { name: "roles", icon: "shield", label: () => t("page.roles") },
    { name: "keys", icon: "key", label: () => t("page.keys") },
    { name: "approvals", icon: "hands", label: () => t("page.approvals") },
    { name: "profile", icon: "person", label: () => t("page.profile") },
  ],
  [
    { path: "customers", page: "customers", title: () => t("page.customers"), render: () => html`<page-customers></page-customers>` },
    { path: "customers/:id", page: "customers", title: () => t("page.customers"), render: (p) => html`<page-customer .customer=${p.id} section="overview"></page-customer>` },
    { path: "customers/:id/:section", page: "customers", title: () => t("page.customers"), render: (p) => html`<page-customer .customer=${p.id} section=${p.section}></page-customer>` },
    { path: "customers/:id/subscriptions/:subscription", page: "customers", title: () => t("page.subscriptions"), render: (p) => html`<page-subscription .customer=${p.id} .subscription=${p.subscription}></page-subscription>` },
    { path: "transfers", page: "transfers", title: () => t("page.transfers"), render: () => html`<page-transfers></page-transfers>` },
    { path: "segments", page: "segments", title: () => t("page.segments"), render: () => html`<page-segments></page-segments>` },
    { path: "segments/:id", page: "segments", title: () => t("page.segments"), render: (p) => html`<page-segment .segment=${p.id}></page-segment>` },
    { path: "resellers", page: "resellers", title: () => t("page.resellers"), render: () => html`<page-resellers></page-resellers>` },
    { path: "resellers/:id", page: "resellers", title: () => t("page.resellers"), render: (p) => html`<page-reseller .tenant=${p.id} section="overview"></page-reseller>` },
    { path: "resellers/:id/:section", page: "resellers", title: () => t("page.resellers"), render: (p) => html`<page-reseller .tenant=${p.id} section=${p.section}></page-reseller>` },
    { path: "moves", page: "moves", title: () => t("page.moves"), render: () => html`<page-moves></page-moves>` },
    { path: "bills", page: "bills", title: () => t("page.bills"), render: () => html`<page-bills></page-bills>` },
    { path: "bills/:id", page: "bills", title: () => t("page.bills"), render: (p) => html`<page-bill .bill=${p.id}></page-bill>` },
    { path: "incoming", page: "incoming", title: () => t("page.incoming"), render: () => html`<page-incoming></page-incoming>` },
    { path: "incoming/:id", page: "incoming", title: () => t("page.incoming"), render: (p) => html`<page-incoming-bill .bill=${p.id}></page-incoming-bill>` },
    { path: "drafts", page: "drafts", title: () => t("page.drafts"), render: () => html`<page-drafts></page-drafts>` },
    { path: "drafts/:id", page: "drafts", title: () => t("page.drafts"), render: (p) => html`<page-draft .draft=${p.id}></page-draft>` },
    { path: "settlements", page: "settlements", title: () => t("page.settlements"), render: () => html`<page-settlements></page-settlements>` },
    { path: "statements", page: "statements", title: () => t("page.statements"), render: () => html`<page-statements></page-statements>` },
    { path: "commissions", page: "commissions", title: () => t("page.commissions"), render: () => html`<page-commissions></page-commissions>` },
    { path: "commissions/owed", page: "commissions", title: () => t("page.commissions"), render: () => html`<page-commissions section="owed"></page-commissions>` },
    { path: "commissions/:id", page: "commissions", title: () => t("page.commissions"), render: (p) => html`<page-commission .bill=${p.id}></page-commission>` },
    { path: "statements/:id", page: "statements", title: () => t("page.statements"), render: (p) => html`<page-statement .statement=${p.id}></page-statement>` },
    { path: "payments", page: "payments", title: () => t("page.payments"), render: () => html`<page-payments></page-payments>` },
    { path: "usage", page: "usage", title: () => t("page.usage"), render: () => html`<page-usage section="events"></page-usage>` },
    { path: "usage/:section", page: "usage", title: () => t("page.usage"), render: (p) => html`<page-usage section=${p.section}></page-usage>` },
    { path: "usage/rejects/:id", page: "usage", title: () => t("page.usage"), render: (p) => html`<page-usage-reject .reject=${p.id}></page-usage-reject>` },
    { path: "catalogue", page: "catalogue", title: () => t("page.catalogue"), render: () => html`<page-catalogue></page-catalogue>` },
    { path: "catalogue/:id", page: "catalogue", title: () => t("page.catalogue"), render: (p) => html`<page-offering .offering=${p.id}></page-offering>` },
    { path: "prices", page: "prices", title: () => t("page.prices"), render: () => html`<page-prices></page-prices>` },
    { path: "prices/taxes", page: "prices", title: () => t("tax_rule.title"), render: () => html`<page-taxes></page-taxes>` },
    { path: "prices/:id", page: "prices", title: () => t("page.prices"), render: (p) => html`<page-price .list=${p.id}></page-price>` },
    { path: "agreements", page: "agreements", title: () => t("page.agreements"), render: () => html`<page-agreements section="sold"></page-agreements>` },
    { path: "agreements/:section", page: "agreements", title: () => t("page.agreements"), render: (p) => html`<page-agreements section=${p.section}></page-agreements>` },
    { path: "staff", page: "staff", title: () => t("page.staff"), render: () => html`<page-staff></page-staff>` },
    { path: "staff/:id", page: "staff", title: () => t("page.staff"), render: (p) => html`<page-user .user=${p.id}></page-user>` },
    { path: "roles", page: "roles", title: () => t("page.roles"), render: () => html`<page-roles></page-roles>` },
    { path: "roles/:id", page: "roles", title: () => t("page.roles"), render: (p) => html`<page-role .role=${p.id}></page-role>` },
    { path: "keys", page: "keys", title: () => t("page.keys"), render: () => html`<page-keys></page-keys>` },
    { path: "approvals", page: "approvals", title: () => t("page.approvals"), render: () => html`<page-approvals></page-approvals>` },
    { path: "approvals/:id", page: "approvals", title: () => t("page.approvals"), render: (p) => html`<page-approval .approval=${p.id}></page-approval>` },
    { path: "profile", page: "profile", title: () => t("page.profile"), render: () => html`<page-profile></page-profile>` },
  ],
);
