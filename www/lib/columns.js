/** The columns and filters of every list, once.  A column whose field may not be read is not there. */
import "../components/x-again/x-again.js";
import "../components/x-agents/x-agents.js";
import "../components/x-allowance/x-allowance.js";
import "../components/x-chip/x-chip.js";
import "../components/x-date/x-date.js";
import "../components/x-money/x-money.js";
import { html, nothing } from "../vendor/lit.js";
import { billPage, billPdf, incomingPdf, selfBillPdf } from "./api.js";
import { deviation, draftChip, draftLink, runChip } from "./bills.js";
import { country, decimal, joined, languageName, moment, perCent, period, rate } from "./format.js";
import { icon } from "./icons.js";
import { roleName, t, word } from "./i18n.js";
import { href } from "./router.js";
import { ruleText } from "./segments.js";
import { may, reads, sees, shows, state } from "./state.js";

export const day = (value) => (value ? html`<x-date day=${value}></x-date>` : nothing);
export const chip = (value) => (value ? html`<x-chip state=${value}></x-chip>` : nothing);

/** A sum of money, or a price of up to six decimals. */
export const sum = (value, fine = false) => (value ? html`<x-money amount=${value.amount} currency=${value.currency} ?fine=${fine}></x-money>` : nothing);

/** Where a customer is looked at, if this portal has a page for that. */
const customerLink = (row) => (row.customer && shows("customers") ? html`<a href=${href("customers", row.customer)}>${row.customer_name}</a>` : row.customer_name);

/** A customer and, for who sees many resellers, whose it is. */
const buyer = (row) => html`<span class="clamp">${customerLink(row)}</span>${state.portal === "admin" && row.tenant_name ? html`<span class="sub clamp">${row.tenant_name}</span>` : nothing}`;

const lead = (link, name, below) => html`${link ? html`<a href=${link}>${name}</a>` : html`<span>${name}</span>`}${below ? html`<span class="sub">${below}</span>` : nothing}`;

/** Of what the provider owes, and of how it is paid. */
export const statementChip = (r) => (r.state ? html`<x-chip state=${r.state === "closed" ? "done" : "running"} label=${word("statement_state", r.state)}></x-chip>` : nothing);
export const payoutChip = (r) => (r.state ? html`<x-chip state=${{ prepared: "waiting", sent: "done" }[r.state] ?? "cancelled"} label=${word("payout_state", r.state)}></x-chip>` : nothing);

/** What of the cost went to another currency or came from one, where any did. */
const converted = (r) => ["cost_out", "cost_in"].filter((name) => Number(r[name]?.amount)).map((name) => html`<span class="sub">${word("field", name)}: ${sum(r[name])}</span>`);

/** Where a reseller is looked at, or "". */
const reseller = (id) => (shows("resellers") ? href("resellers", id) : "");

/** Whose people they were: the seller's by its name, and others by what they are to the customer unless they may be named. */
const house = (row) => row.house_name ?? (row.house === "seller" ? row.tenant_name ?? state.session.tenant.name : word("house", row.house));

/** Who opened something: the house, and as far as it may be told the role, the person, and in whose place. */
function opener(row) {
  const as = row.viewing && (row.as_name ? t("openings.as", { name: row.as_name }) : t("openings.as_other"));
  return lead("", house(row), joined([row.user_name, roleName(row.role, row.role_name), as]));
}

/** What was opened; a bill can be opened from here. */
function opened(row) {
  const number = row.number && html`<bdi class="figures nowrap">${row.number}</bdi>`;
  return html`${word("opened", row.kind)} ${row.kind === "document" ? html`<a href=${billPage(row.object)}>${number}</a>` : number}`;
}

/** To a bill's own screen, where its lines are explained and credit notes are. */
function billDetail(row) {
  if (!shows("bills")) return nothing;
  const label = t(state.portal === "customer" ? "amount.bill_of" : "credit.link", { number: row.number });
  return html`<a href=${href("bills", row.id)} aria-label=${label} title=${label}>${icon("next", "along")}</a>`;
}

/** What both sides of an edge know of it. */
/** A bill as a file. */
const pdf = (address, number) => html`<a href=${address} download aria-label=${t("bill.pdf", { number })} title=${t("bill.pdf", { number })}>${icon("download")}</a>`;

/** A document of commissions with whom it is of or for. */
const selfBilled = (other) => [
  { name: "number", label: t("field.number"), place: "lead", cell: (r) => lead(href("commissions", r.id), html`<bdi class="figures nowrap">${r.number}</bdi>`, r.kind === "self_billed" ? "" : word("kind", r.kind)) },
  { name: other, label: t(other === "seller_name" ? "commission.agent" : "commission.house"), place: "detail", bare: true, cell: (r) => lead("", r[other], state.portal === "admin" ? r.tenant_name : "") },
  { name: "issue_date", label: t("field.issue_date"), place: "detail", sort: "issue_date", falling: true, cell: (r) => day(r.issue_date) },
  { name: "period_start", label: t("field.period"), place: "detail", bare: true, cell: (r) => period(r.period_start, r.period_end) },
  { name: "gross", label: t("field.amount"), place: "figure", bare: true, cell: (r) => sum(r.gross) },
  { name: "id", label: t("field.pdf"), place: "action", bare: true, cell: (r) => pdf(selfBillPdf(r.id), r.number) },
];

const terms = () => [
  { name: "starts", label: t("field.starts"), place: "detail", sort: "starts", falling: true, cell: (r) => (r.ends ? html`${day(r.starts)} – ${day(r.ends)}` : day(r.starts)) },
  { name: "legal_model", label: t("field.legal_model"), place: "detail", cell: (r) => word("legal_model", r.legal_model) },
  { name: "document_mode", label: t("field.document_mode"), place: "detail", cell: (r) => word("document_mode", r.document_mode) },
  { name: "collector", label: t("field.collector"), place: "detail", cell: (r) => word("collector", r.collector) },
];

/** On which edge something is missing: who sells there, and to whom. */
const edge = (row) => t("unbilled.edge", { seller: row.tenant_name ?? state.session.tenant.name, buyer: row.customer_name ?? t("unbilled.somebody") });

/* Made anew for each use, as labels follow the language. */
const COLUMNS = {
  document: () => [
    { name: "number", label: t("field.number"), place: "lead", sort: "number", falling: true, cell: (r) => lead(billPage(r.id), html`<bdi class="figures nowrap">${r.number}</bdi>`, r.kind === "invoice" ? "" : word("kind", r.kind)) },
    { name: "customer_name", label: t("field.customer"), place: "detail", bare: true, cell: buyer },
    { name: "issue_date", label: t("field.issue_date"), place: "detail", sort: "issue_date", falling: true, cell: (r) => day(r.issue_date) },
    { name: "period_start", label: t("field.period"), place: "detail", bare: true, cell: (r) => (r.period_start ? period(r.period_start, r.period_end) : nothing) },
    { name: "due_date", label: t("field.due_date"), place: "detail", cell: (r) => day(r.due_date) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
    { name: "gross", label: t("field.amount"), place: "figure", bare: true, cell: (r) => sum(r.gross) },
    { name: "id", label: t("field.pdf"), place: "action", bare: true, cell: (r) => html`<span class="nowrap">${billDetail(r)}${pdf(billPdf(r.id), r.number)}</span>` },
  ],
  credit: () => [
    { name: "number", label: t("field.number"), place: "lead", cell: (r) => lead(billPage(r.document), html`<bdi class="figures">${r.number}</bdi>`, r.propagation === "full" ? word("propagation", r.propagation) : "") },
    { name: "issue_date", label: t("field.issue_date"), place: "detail", cell: (r) => day(r.issue_date) },
    { name: "reason", label: t("field.reason"), place: "detail", cell: (r) => html`<span class="clamp">${r.reason}</span>` },
    { name: "open", label: t("credit.balance"), place: "detail", cell: (r) => (Number(r.open?.amount) ? sum(r.open) : nothing) },
    { name: "gross", label: t("field.amount"), place: "figure", bare: true, cell: (r) => sum(r.gross) },
  ],
  bill_run: () => [
    { name: "period_start", label: t("field.period"), place: "lead", cell: (r) => lead(href("runs", r.id), period(r.period_start, r.period_end), r.account_number) },
    { name: "tenant_name", label: t("run.of"), place: "detail", bare: true, cell: (r) => html`<span class="clamp">${r.tenant_name}</span>` },
    { name: "cycle_day", label: t("field.cycle_day"), place: "detail", cell: (r) => t("account.cycle", { day: r.cycle_day }) },
    { name: "opened", label: t("field.opened"), place: "detail", sort: "opened", falling: true, cell: (r) => html`<span class="nowrap">${moment(r.opened)}</span>` },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: runChip },
  ],
  draft: () => [
    { name: "customer_name", label: t("field.customer"), place: "lead", cell: (r) => html`<a class="clamp" href=${draftLink(r.id)}>${r.customer_name ?? r.account_number}</a><span class="sub clamp">${joined([r.account_number, state.portal === "admin" ? r.tenant_name : ""])}</span>` },
    { name: "period_start", label: t("field.period"), place: "detail", bare: true, cell: (r) => period(r.period_start, r.period_end) },
    { name: "previous", label: t("field.previous"), place: "detail", cell: (r) => (r.previous ? sum(r.previous) : t("draft.first")) },
    { name: "deviation", label: t("field.difference"), place: "detail", sort: "deviation", falling: true, cell: (r) => html`${sum(r.difference)}${deviation(r) ? html`<span class="sub nowrap">${deviation(r)}</span>` : nothing}` },
    { name: "reason", label: t("field.reason"), place: "detail", bare: true, cell: (r) => r.reason && word("draft_reason", r.reason) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: draftChip },
    { name: "gross", label: t("field.gross"), place: "figure", bare: true, sort: "gross", falling: true, cell: (r) => sum(r.gross) },
  ],
  parked: () => [
    { name: "customer_name", label: t("field.customer"), place: "lead", cell: (r) => html`<span class="clamp">${customerLink(r)}</span><span class="sub clamp">${joined([r.account_number, r.tenant_name])}</span>` },
    { name: "reason", label: t("field.reason"), place: "detail", bare: true, cell: (r) => word("parked", r.reason) },
    { name: "detail", label: t("field.detail"), place: "detail", bare: true, cell: (r) => html`<span class="clamp">${r.detail}</span>` },
  ],
  settlement: () => [
    { name: "period_start", label: t("field.period"), place: "lead", cell: (r) => lead("", period(r.period_start, r.period_end), state.portal === "admin" ? r.tenant_name : "") },
    { name: "sold", label: t("field.sold"), place: "detail", cell: (r) => sum(r.sold) },
    { name: "bought", label: t("field.bought"), place: "detail", cell: (r) => sum(r.bought) },
    { name: "margin", label: t("field.margin"), place: "detail", cell: (r) => html`${sum(r.margin)}${converted(r)}` },
    { name: "due", label: t("field.due"), place: "figure", cell: (r) => (r.root_collects === false ? nothing : sum(r.due)) },
  ],
  statement: () => [
    { name: "period_start", label: t("field.period"), place: "lead", sort: "period_start", falling: true, cell: (r) => lead(href("statements", r.id), period(r.period_start, r.period_end), state.portal === "admin" ? r.tenant_name : "") },
    { name: "opening", label: t("field.opening"), place: "detail", cell: (r) => sum(r.opening) },
    { name: "collected", label: t("field.collected"), place: "detail", cell: (r) => sum(r.collected) },
    { name: "paid_out", label: t("field.paid_out"), place: "detail", cell: (r) => sum(r.paid_out) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: statementChip },
    { name: "closing", label: t("field.closing"), place: "figure", cell: (r) => sum(r.closing) },
  ],
  entry: () => [
    { name: "kind", label: t("field.kind"), place: "lead", cell: (r) => word("entry_kind", r.kind) },
    { name: "day", label: t("field.day"), place: "detail", bare: true, sort: "day", falling: true, cell: (r) => day(r.day) },
    { name: "document_number", label: t("field.document"), place: "detail", cell: (r) => r.document_number && html`<bdi class="figures nowrap">${r.document_number}</bdi>` },
    { name: "amount", label: t("field.amount"), place: "figure", bare: true, cell: (r) => sum(r.amount) },
  ],
  payout: () => [
    { name: "created", label: word("payout_state", "prepared"), place: "lead", sort: "created", falling: true, cell: (r) => lead(href("payouts", r.id), moment(r.created), r.user_name) },
    { name: "execution", label: t("field.execution"), place: "detail", cell: (r) => day(r.execution) },
    { name: "payments", label: t("field.payments"), place: "detail", cell: (r) => decimal(r.payments) },
    { name: "sent", label: t("field.sent"), place: "detail", cell: (r) => day(r.sent) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: payoutChip },
  ],
  line: () => [
    { name: "description", label: t("field.description"), place: "lead", cell: (r) => lead("", r.description, r.code && html`<code>${r.code}</code>`) },
    { name: "period_start", label: t("field.period"), place: "detail", bare: true, cell: (r) => period(r.period_start, r.period_end) },
    { name: "discount", label: t("field.discount"), place: "detail", cell: (r) => (r.discount ? html`${sum(r.discount)}${r.discount_name ? html`<span class="sub">${r.discount_name}</span>` : nothing}` : nothing) },
    { name: "quantity", label: t("field.quantity"), place: "detail", bare: true, cell: (r) => html`<bdi class="figures">${decimal(r.quantity)}</bdi> ${r.unit ? word("unit", r.unit) : nothing}` },
    { name: "unit_price", label: t("field.unit_price"), place: "detail", cell: (r) => sum(r.unit_price, true) },
    { name: "net", label: t("field.net"), place: "figure", bare: true, cell: (r) => sum(r.net) },
  ],
  payment: () => [
    { name: "received", label: t("field.received"), place: "lead", sort: "received", falling: true, cell: (r) => html`${day(r.received)}${r.kind === "refund" ? html`<span class="sub">${t("refund.one")}</span>` : nothing}` },
    { name: "customer_name", label: t("field.customer"), place: "detail", bare: true, cell: buyer },
    { name: "method", label: t("field.method"), place: "detail", bare: true, cell: (r) => html`${word("method", r.method)}${r.method_hint ? html` <bdi class="muted">${r.method_hint}</bdi>` : nothing}` },
    { name: "reference", label: t("field.reference"), place: "detail", cell: (r) => (r.reference === r.document_number ? nothing : r.reference) },
    { name: "document_number", label: t("field.document"), place: "detail", cell: (r) => (r.document ? html`<a href=${billPage(r.document)}>${r.document_number}</a>` : nothing) },
    { name: "amount", label: t("field.amount"), place: "figure", bare: true, cell: (r) => sum(r.amount) },
  ],
  usage: () => [
    { name: "offering_name", label: t("field.offering"), place: "lead", cell: (r) => lead("", r.offering_name, joined([r.class, r.time_of_day, r.zone])) },
    { name: "customer_name", label: t("field.customer"), place: "detail", bare: true, cell: buyer },
    { name: "account_number", label: t("field.account"), place: "detail", bare: true, cell: (r) => html`<bdi class="figures nowrap">${r.account_number}</bdi>` },
    { name: "day", label: t("field.day"), place: "detail", sort: "day", falling: true, cell: (r) => day(r.day) },
    { name: "event", label: t("field.event"), place: "detail", cell: (r) => html`<bdi class="figures">${joined([r.source, r.event])}</bdi>` },
    { name: "events", label: t("field.events"), place: "detail", bare: true, cell: (r) => t("usage.count", { n: r.events }) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
    { name: "quantity", label: t("field.quantity"), place: "figure", bare: true, cell: (r) => html`<span class="nowrap"><bdi class="figures">${decimal(r.quantity)}</bdi> ${r.unit ? word("unit", r.unit) : nothing}</span>` },
  ],
  alert: () => [
    { name: "offering_name", label: t("field.offering"), place: "lead", cell: (r) => lead("", r.offering_name, r.period_start && r.period_end ? period(r.period_start, r.period_end) : "") },
    { name: "customer_name", label: t("field.customer"), place: "detail", bare: true, cell: buyer },
    { name: "account_number", label: t("field.account"), place: "detail", bare: true, cell: (r) => html`<bdi class="figures nowrap">${r.account_number}</bdi>` },
    { name: "threshold", label: t("field.threshold"), place: "state", bare: true, cell: (r) => html`<x-chip state=${r.threshold === 100 ? "failed" : "waiting"} label=${word("threshold", String(r.threshold))}></x-chip>` },
    { name: "at", label: t("field.at"), place: "detail", sort: "at", falling: true, cell: (r) => html`<time datetime=${r.at}>${moment(r.at)}</time>` },
    { name: "percent", label: t("field.percent"), place: "detail", bare: true, cell: (r) => html`<x-allowance .alert=${r}></x-allowance>` },
  ],
  reject: () => [
    { name: "offering_name", label: t("field.offering"), place: "lead", cell: (r) => lead("", r.offering_name, r.period_start && r.period_end ? period(r.period_start, r.period_end) : "") },
    { name: "customer_name", label: t("field.edge"), place: "detail", bare: true, cell: (r) => html`<span>${edge(r)}</span>${r.account_number ? html`<span class="sub"><bdi class="figures">${r.account_number}</bdi></span>` : nothing}` },
    { name: "reason", label: t("field.reason"), place: "detail", bare: true, cell: (r) => html`<strong>${word("unbilled", r.reason)}</strong><span class="sub">${r.state === "open" ? word("unbilled_next", r.reason) : nothing}</span>` },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => html`<x-chip state=${{ open: "failed", billed: "done" }[r.state] ?? "cancelled"} label=${word("unbilled_state", r.state)}></x-chip>` },
  ],
  usage_reject: () => [
    { name: "reason", label: t("field.reason"), place: "lead", cell: (r) => lead(href("usage", "rejects", r.id), word("reject", r.reason), state.portal === "admin" ? r.tenant_name : "") },
    { name: "event", label: t("field.event"), place: "detail", cell: (r) => html`<bdi class="figures">${joined([r.source, r.event])}</bdi>` },
    { name: "account", label: t("field.account"), place: "detail", cell: (r) => html`<bdi class="clamp">${r.account}</bdi>` },
    { name: "offering", label: t("field.offering"), place: "detail", cell: (r) => html`<bdi class="clamp">${r.offering}</bdi>` },
    { name: "came", label: t("field.came"), place: "detail", sort: "came", falling: true, cell: (r) => html`<span class="nowrap">${moment(r.came)}</span>` },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => word("reject_state", r.state) },
  ],
  usage_batch: () => [
    { name: "created", label: t("field.created"), place: "lead", sort: "created", falling: true, cell: (r) => lead("", moment(r.created), joined([r.name, word("usage_way", r.way)])) },
    { name: "user_name", label: t("field.author"), place: "detail", cell: (r) => html`${r.user_name ?? nothing}${state.portal === "admin" && r.tenant_name ? html`<span class="sub clamp">${r.tenant_name}</span>` : nothing}` },
    { name: "lines", label: t("field.lines"), place: "detail", cell: (r) => decimal(r.lines) },
    { name: "received", label: t("field.received"), place: "detail", cell: (r) => decimal(r.received) },
    { name: "same", label: t("field.same"), place: "detail", cell: (r) => decimal(r.same) },
    { name: "rejected", label: t("field.rejected"), place: "detail", cell: (r) => decimal(r.rejected) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  subscription: () => [
    { name: "offering_name", label: t("field.offering"), place: "lead", cell: (r) => lead(r.customer && shows("customers") ? href("customers", r.customer, "subscriptions", r.id) : "", r.offering_name, word("kind", r.kind)) },
    { name: "customer_name", label: t("field.customer"), place: "detail", bare: true, cell: buyer },
    { name: "starts", label: t("field.starts"), place: "detail", sort: "starts", falling: true, cell: (r) => day(r.starts) },
    { name: "ends", label: t("field.ends"), place: "detail", cell: (r) => day(r.ends) },
    { name: "quantity", label: t("field.quantity"), place: "detail", bare: true, cell: (r) => html`<bdi class="figures">${decimal(r.quantity)}</bdi> ${word("unit", r.unit)}` },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
    { name: "unit_price", label: t("field.unit_price"), place: "figure", bare: true, cell: (r) => sum(r.unit_price, true) },
  ],
  customer: () => [
    { name: "name", label: t("field.name"), place: "lead", sort: "name", cell: (r) => lead(href("customers", r.id), r.name) },
    { name: "number", label: t("field.number"), place: "detail", bare: true, sort: "number", cell: (r) => html`<bdi class="figures nowrap">${r.number}</bdi>` },
    { name: "tenant_name", label: t("field.tenant"), place: "detail", bare: true, cell: (r) => html`<span class="clamp">${r.tenant_name}</span>` },
    { name: "kind", label: t("field.kind"), place: "detail", bare: true, cell: (r) => word("customer_kind", r.kind) },
    { name: "segment_name", label: t("field.segment"), place: "detail", bare: true, cell: (r) => r.segment_name },
    { name: "city", label: t("field.place"), place: "detail", bare: true, cell: (r) => html`<span class="nowrap">${joined([r.city, r.country])}</span>` },
    { name: "since", label: t("field.since"), place: "detail", cell: (r) => day(r.since) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  account: () => [
    { name: "number", label: t("field.number"), place: "lead", sort: "number", cell: (r) => lead("", r.number) },
    { name: "currency", label: t("field.currency"), place: "figure", bare: true, cell: (r) => r.currency },
    { name: "cycle_day", label: t("field.cycle_day"), place: "detail", cell: (r) => t("account.cycle", { day: r.cycle_day }) },
    { name: "terms_days", label: t("field.terms_days"), place: "detail", cell: (r) => t("account.terms", { n: r.terms_days }) },
    { name: "method", label: t("field.method"), place: "detail", bare: true, cell: (r) => html`${word("method", r.method)}${r.method_hint ? html` <bdi class="muted">${r.method_hint}</bdi>` : nothing}` },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  user: () => [
    { name: "name", label: t("field.name"), place: "lead", sort: "name", cell: (r) => lead(shows("staff") ? href("staff", r.id) : "", r.name) },
    { name: "email", label: t("field.email"), place: "detail", bare: true, cell: (r) => html`<bdi>${r.email}</bdi>` },
    { name: "customer_name", label: t("field.customer"), place: "detail", bare: true, cell: buyer },
    { name: "role", label: t("field.role"), place: "detail", bare: true, cell: (r) => roleName(r.role, r.role_name) },
    { name: "language", label: t("field.language"), place: "detail", bare: true, cell: (r) => languageName(r.language) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  api_key: () => [
    { name: "name", label: t("field.name"), place: "lead", cell: (r) => html`${lead(r.user && shows("staff") ? href("staff", r.user) : "", r.name, r.prefix && html`<code dir="ltr" class="nowrap">${r.prefix}</code>`)}${state.portal === "admin" && r.tenant_name ? html`<span class="sub clamp">${r.tenant_name}</span>` : nothing}` },
    { name: "role_name", label: t("field.role"), place: "detail", bare: true, cell: (r) => roleName(r.role_code, r.role_name) },
    { name: "created", label: t("key.created"), place: "detail", cell: (r) => html`${day(r.created?.slice(0, 10))}${r.author_name ? html`<span class="sub">${r.author_name}</span>` : nothing}` },
    { name: "seen", label: t("field.seen"), place: "detail", cell: (r) => (r.seen ? moment(r.seen) : t("key.never")) },
    { name: "expires", label: t("field.expires"), place: "detail", cell: (r) => day(r.expires) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
    ],
  opening: () => [
    { name: "house", label: t("field.house"), place: "lead", cell: opener },
    { name: "kind", label: t("field.object"), place: "detail", bare: true, cell: opened },
    { name: "did", label: t("field.did"), place: "detail", bare: true, cell: (r) => word("did", r.did) },
    { name: "at", label: t("field.at"), place: "detail", bare: true, sort: "at", falling: true, cell: (r) => html`<span class="nowrap">${moment(r.at)}</span>` },
    ],
  approval: () => [
    { name: "action", label: t("approval.asked"), place: "lead", cell: (r) => lead(href("approvals", r.id), word("asks", r.action), r.object_name) },
    { name: "user_name", label: t("approval.by"), place: "detail", cell: (r) => r.user_name },
    { name: "created", label: t("approval.created"), place: "detail", sort: "created", falling: true, cell: (r) => moment(r.created) },
    { name: "expires", label: t("approval.expires"), place: "detail", cell: (r) => (r.state === "waiting" ? moment(r.expires) : nothing) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  move: () => [
    { name: "tenant_name", label: t("field.tenant"), place: "lead", cell: (r) => lead(reseller(r.tenant), r.tenant_name, r.state === "moving" ? t("move.moving") : r.state === "refused" ? t("move.refused") : "") },
    { name: "from_name", label: t("field.from"), place: "detail", cell: (r) => r.from_name },
    { name: "parent_name", label: t("field.to"), place: "detail", cell: (r) => r.parent_name },
    { name: "day", label: t("field.day"), place: "detail", bare: true, sort: "day", falling: true, cell: (r) => html`<span class="nowrap">${day(r.day)}</span>` },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  transfer: () => [
    { name: "customer_name", label: t("field.customer"), place: "lead", cell: (r) => lead(shows("customers") ? href("customers", r.customer) : "", r.customer_name, r.state === "refused" ? t("transfer.refused") : "") },
    { name: "tenant_name", label: t("field.from"), place: "detail", cell: (r) => r.tenant_name },
    { name: "to_name", label: t("field.to"), place: "detail", cell: (r) => html`${r.to_name}${r.became && shows("customers") ? html`<span class="sub"><a href=${href("customers", r.became)}>${t("transfer.became")}</a></span>` : nothing}` },
    { name: "day", label: t("field.day"), place: "detail", bare: true, sort: "day", falling: true, cell: (r) => html`<span class="nowrap">${day(r.day)}</span>` },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  offering: () => [
    { name: "name", label: t("field.offering"), place: "lead", sort: "name", cell: (r) => lead(href("catalogue", r.id), r.name) },
    { name: "code", label: t("field.code"), place: "detail", bare: true, cell: (r) => html`<code>${r.code}</code>` },
    { name: "kind", label: t("field.kind"), place: "detail", bare: true, cell: (r) => word("kind", r.kind) },
    { name: "unit", label: t("field.unit"), place: "detail", bare: true, cell: (r) => word("unit", r.unit) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
    { name: "price", label: t("field.list_price"), place: "figure", bare: true, cell: (r) => sum(r.price, true) },
  ],
  segment: () => [
    { name: "name", label: t("field.name"), place: "lead", sort: "name", cell: (r) => lead(href("segments", r.id), r.name) },
    { name: "tenant_name", label: t("field.tenant"), place: "detail", bare: true, cell: (r) => r.tenant_name },
    { name: "way", label: t("field.way"), place: "detail", bare: true, cell: ruleText },
  ],
  price_list: () => [
    { name: "name", label: t("field.name"), place: "lead", sort: "name", cell: (r) => lead(href("prices", r.id), r.name, r.is_default ? t("price.is_default") : "") },
    { name: "tenant_name", label: t("field.tenant"), place: "detail", bare: true, cell: (r) => html`<span class="clamp">${r.tenant_name}</span>` },
    { name: "currency", label: t("field.currency"), place: "detail", cell: (r) => r.currency },
    { name: "starts", label: t("price.holds"), place: "detail", cell: (r) => day(r.starts) },
    { name: "draft", label: t("field.draft"), place: "state", bare: true, cell: (r) => (r.draft ? t("price.has_draft") : nothing) },
  ],
  agreement: () => [
    { name: "buyer", label: t("field.buyer"), place: "lead", cell: (r) => lead("", r.buyer_name ?? r.account_number ?? t("agreement.all_others"), state.portal === "admin" ? r.tenant_name : "") },
    /* With who earns a commission: there is no room for a column of its own. */
    ...terms().map((column) => (column.name === "legal_model" ? { ...column, cell: (r) => html`${word("legal_model", r.legal_model)}${r.legal_model === "agency" && r.id ? html`<x-agents agreement=${r.id}></x-agents>` : nothing}` } : column)),
    { name: "list_name", label: t("field.list"), place: "detail", cell: (r) => (r.list && r.list_name ? html`<a href=${href("prices", r.list)}>${r.list_name}</a>` : nothing) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  discount: () => [
    { name: "offering_name", label: t("discount.of"), place: "lead", cell: (r) => lead("", r.offering_name ?? t(r.offering || r.subscription ? "discount.one" : "discount.all"), joined([r.name, r.account_number])) },
    { name: "percent", label: t("discount.value"), place: "detail", bare: true, cell: (r) => (r.percent ? html`<bdi class="figures nowrap">${perCent(r.percent)}</bdi>` : sum(r.amount)) },
    { name: "starts", label: t("field.starts"), place: "detail", sort: "starts", falling: true, cell: (r) => day(r.starts) },
    { name: "ends", label: t("field.ends"), place: "detail", cell: (r) => day(r.ends) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  minimum: () => [
    { name: "account", label: t("minimum.of"), place: "lead", cell: (r) => lead("", r.account_number ?? r.buyer_name ?? (r.customer_name || t("agreement.all_others")), r.offering_name) },
    { name: "tenant_name", label: t("field.tenant"), place: "detail", bare: true, cell: (r) => html`<span class="clamp">${r.tenant_name}</span>` },
    { name: "starts", label: t("field.starts"), place: "detail", sort: "starts", falling: true, cell: (r) => day(r.starts) },
    { name: "ends", label: t("field.ends"), place: "detail", cell: (r) => day(r.ends) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
    { name: "amount", label: t("minimum.amount"), place: "figure", bare: true, cell: (r) => sum(r.amount) },
  ],
  tax_rule: (known) => [
    { name: "offering", label: t("field.offering"), place: "lead", cell: (r) => lead("", r.offering ? known.get(r.offering) ?? t("tax_rule.one") : t("tax_rule.all")) },
    { name: "tenant_name", label: t("field.tenant"), place: "detail", bare: true, cell: (r) => html`<span class="clamp">${r.tenant_name}</span>` },
    { name: "starts", label: t("field.starts"), place: "detail", sort: "starts", falling: true, cell: (r) => day(r.starts) },
    { name: "category", label: t("field.tax_category"), place: "detail", cell: (r) => word("tax_category", r.category) },
    { name: "rate", label: t("field.tax_rate"), place: "figure", bare: true, cell: (r) => html`<bdi class="figures nowrap">${perCent(r.rate)}</bdi>` },
  ],
  exchange_rate: () => [
    { name: "currency", label: t("field.exchange_rate"), place: "lead", cell: (r) => lead("", t("exchange_rate.pair", { from: r.currency, to: r.worth_in })) },
    { name: "day", label: t("field.starts"), place: "detail", sort: "day", falling: true, cell: (r) => day(r.day) },
    { name: "source", label: t("field.source"), place: "detail", bare: true, cell: (r) => html`<span class="clamp">${r.source}</span>` },
    { name: "set_by", label: t("field.set_by"), place: "detail", cell: (r) => (r.set_by ? html`<span class="clamp">${r.set_by}</span>` : nothing) },
    { name: "rate", label: t("field.rate"), place: "figure", bare: true, cell: (r) => html`<bdi class="figures nowrap">${rate(r.rate)}</bdi>` },
  ],
  purchase: () => [
    { name: "seller_name", label: t("field.seller_name"), place: "lead", cell: (r) => lead("", r.seller_name) },
    ...terms(),
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
  incoming: () => [
    { name: "number", label: t("field.number"), place: "lead", cell: (r) => lead(href("incoming", r.id), html`<bdi class="figures nowrap">${r.number}</bdi>`, r.kind === "invoice" ? "" : word("kind", r.kind)) },
    { name: "seller_name", label: t("field.seller_name"), place: "detail", bare: true, cell: (r) => r.seller_name },
    { name: "issue_date", label: t("field.issue_date"), place: "detail", sort: "issue_date", falling: true, cell: (r) => day(r.issue_date) },
    { name: "due_date", label: t("field.due_date"), place: "detail", cell: (r) => day(r.due_date) },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
    { name: "gross", label: t("field.amount"), place: "figure", bare: true, cell: (r) => sum(r.gross) },
    { name: "id", label: t("field.pdf"), place: "action", bare: true, cell: (r) => pdf(incomingPdf(r.id), r.number) },
  ],
  self_bill: () => selfBilled("buyer_name"),
  self_incoming: () => selfBilled("seller_name"),
  self_line: () => [
    { name: "document_number", label: t("field.document_number"), place: "lead", cell: (r) => lead("", html`<bdi class="figures nowrap">${r.document_number}</bdi>`, r.corrects && html`${t("commission.corrects")} <bdi class="figures">${r.corrects}</bdi>`) },
    { name: "base", label: t("commission.base"), place: "detail", cell: (r) => sum(r.base) },
    { name: "rate", label: t("field.commission"), place: "detail", cell: (r) => html`<bdi class="figures">${perCent(r.rate)}</bdi>` },
    { name: "tax", label: t("field.tax"), place: "detail", cell: (r) => sum(r.tax) },
    { name: "net", label: t("field.net"), place: "figure", bare: true, cell: (r) => sum(r.net) },
  ],
  annex: () => [
    { name: "customer_name", label: t("field.customer"), place: "lead", cell: (r) => lead(r.customer && shows("customers") ? href("customers", r.customer) : "", r.customer_name ?? r.account_number, r.customer_name && r.account_number) },
    ...COLUMNS.line().map((column) => (column.place === "lead" ? { ...column, place: "detail" } : column)),
  ],
  tenant: () => [
    { name: "name", label: t("field.name"), place: "lead", sort: "name", cell: (r) => lead(shows("resellers") ? href("resellers", r.id) : "", r.name) },
    { name: "kind", label: t("field.kind"), place: "detail", bare: true, cell: (r) => word("tenant_kind", r.kind) },
    { name: "country", label: t("field.country"), place: "detail", bare: true, cell: (r) => country(r.country) },
    { name: "host", label: t("field.host"), place: "detail", bare: true, cell: (r) => html`<bdi>${r.host}</bdi>` },
    { name: "state", label: t("field.state"), place: "state", bare: true, cell: (r) => chip(r.state) },
  ],
};

/**
 * @param {keyof COLUMNS} resource
 * @param {string[]} names the fields wanted, in order
 * @param {Map<string, string>} [known] what the rows name by its id alone
 * @returns {import("../components/x-table/x-table.js").Column[]} those that may be seen; a list has no order by a shape
 */
export function columns(resource, names, known) {
  const all = new Map(COLUMNS[resource](known).map((c) => [c.name, c]));
  return names.filter((name) => sees(resource, name)).map((name) => (reads(resource, name) ? all.get(name) : { ...all.get(name), sort: undefined }));
}

/** Users, each that was invited with a button for another link, where one may send one. */
export function people(names) {
  const again = { name: "again", label: t("field.action"), place: "action", bare: true, cell: (r) => (r.state === "invited" ? html`<x-again user=${r.id} name=${r.name ?? ""}></x-again>` : nothing) };
  return [...columns("user", names), ...(may("user.invite") && reads("user", "state") && reads("user", "id") ? [again] : [])];
}

const option = (set) => (value) => ({ value, label: value ? word(set, value) : t("filter.all") });

/** One box for two things: a name or, in one piece with digits, more likely a number; if it is not the one, it may be the other. */
function nameOrNumber(text) {
  const ways = [{ q: text }, { number: text }];
  return /^\S*\d\S*$/.test(text) ? ways.reverse() : ways;
}

/** Why a line of usage is not taken. */
const REASONS = ["malformed", "member", "source", "event", "account", "offering", "quantity", "negative", "time", "future", "attribute", "unknown_account", "ambiguous_account", "closed_account",
  "unknown_offering", "no_subscription", "differs"];

/** Filters by name; each list picks those that it needs.  `of`: the fields that it asks by. */
const FILTERS = {
  state: () => ({ of: ["state"], name: "state", kind: "choice", label: t("field.state"), options: ["", "open", "overdue", "paid"].map(option("state")) }),
  kind: () => ({ of: ["kind"], name: "kind", kind: "select", label: t("field.kind"), options: [{ value: "", label: t("filter.kinds") }, ...["invoice", "credit_note"].map(option("kind"))] }),
  opened: () => ({ of: ["kind"], name: "kind", kind: "select", label: t("field.kind"), options: [{ value: "", label: t("filter.openings") }, ...["customer", "account", "document", "payment", "subscription"].map(option("opened"))] }),
  thresholds: () => ({ of: ["threshold"], name: "threshold", kind: "choice", label: t("field.threshold"), options: [{ value: "", label: t("filter.thresholds") }, ...["80", "100"].map(option("threshold"))] }),
  usage_states: () => ({ of: ["state"], name: "state", kind: "select", label: t("field.state"), options: ["", "received", "rejected", "rated", "billed"].map(option("state")) }),
  runs: () => ({ of: ["state"], name: "state", kind: "select", label: t("field.state"), options: ["", "open", "rated", "checked", "held", "approved", "issued", "settled", "cancelled"].map(option("run_state")) }),
  drafts: () => ({ of: ["state"], name: "state", kind: "select", label: t("field.state"), options: ["", "draft", "held", "approved", "issued", "cancelled"].map(option("draft_state")) }),
  payouts: () => ({ of: ["state"], name: "state", kind: "choice", label: t("field.state"), options: ["", "prepared", "sent", "cancelled"].map(option("payout_state")) }),
  self_kind: () => ({ of: ["kind"], name: "kind", kind: "choice", label: t("field.kind"), options: [{ value: "", label: t("filter.kinds") }, ...["self_billed", "self_credit"].map(option("kind"))] }),
  from: () => ({ of: ["day"], name: "from", kind: "day", label: t("filter.from") }),
  to: () => ({ of: ["day"], name: "to", kind: "day", label: t("filter.to") }),
  reject_states: () => ({ of: ["state"], name: "state", kind: "choice", label: t("field.state"), options: ["", "open", "received"].map(option("reject_state")) }),
  reasons: () => ({ of: ["reason"], name: "reason", kind: "select", label: t("field.reason"), options: [{ value: "", label: t("filter.reasons") }, ...REASONS.map(option("reject"))] }),
  approvals: () => ({ of: ["state"], name: "state", kind: "select", label: t("field.state"), options: ["", "waiting", "done", "refused", "failed", "withdrawn", "expired"].map(option("state")) }),
  moves: () => ({ of: ["state"], name: "state", kind: "select", label: t("field.state"), options: ["", "planned", "moving", "done", "cancelled", "refused"].map(option("state")) }),
  transfers: () => ({ of: ["state"], name: "state", kind: "select", label: t("field.state"), options: ["", "planned", "done", "cancelled", "refused"].map(option("state")) }),
  number: () => ({ of: ["number"], name: "number", kind: "search", label: t("filter.number") }),
  tenant: () => ({ of: ["tenant"], name: "tenant", kind: "tenant", label: t("filter.tenant") }),
  customer: () => ({ of: ["name", "number"], name: "q", kind: "search", label: t("filter.customer"), ask: nameOrNumber }),
  q: () => ({ of: ["name"], name: "q", kind: "search", label: t("filter.name") }),
};

/**
 * @param {string} resource
 * @param {...keyof FILTERS} names
 * @returns those whose fields may be read: the server knows no others
 */
export const filters = (resource, ...names) => names.map((name) => FILTERS[name]()).filter(({ of }) => of.every((field) => reads(resource, field)));
