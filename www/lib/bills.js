/** What the screens of bill runs and drafts have in common. */
import { html, nothing } from "../vendor/lit.js";
import { t, word } from "./i18n.js";
import { href } from "./router.js";
import { state } from "./state.js";

/** Portico goes on with these by itself. */
const MOVING = ["open", "rated", "approved", "issued", "cancelling"];
export const goesOn = (run) => MOVING.includes(run.state) && !run.paused;
export const canPause = (run) => goesOn(run);
export const canCancel = (run) => ["open", "rated", "checked", "held", "approved"].includes(run.state) && !run.sums?.some((s) => s.state === "issued");
export const canApprove = (run) => ["checked", "approved", "issued", "settled"].includes(run.state) && (run.sums?.some((s) => s.state === "draft") ?? false);

const RUN_TONES = { checked: "waiting", held: "failed", settled: "done", cancelled: "cancelled", cancelling: "cancelled" };
const DRAFT_TONES = { draft: "waiting", held: "failed", issued: "done", approved: "done" };

/** A state in words, with the colour of what it comes to. */
export const runChip = (run) => (run.state ? html`<x-chip state=${run.paused ? "paused" : (RUN_TONES[run.state] ?? "running")} label=${run.paused ? t("field.paused") : word("run_state", run.state)}></x-chip>` : nothing);
export const draftChip = (draft) => (draft.state ? html`<x-chip state=${DRAFT_TONES[draft.state] ?? "cancelled"} label=${draft.state === "held" && draft.hold ? word("hold", draft.hold) : word("draft_state", draft.state)}></x-chip>` : nothing);

/** The columns of a bill's lines; discounts where there are any. */
export const lineColumns = (lines) => ["description", "period_start", "quantity", "unit_price", ...(lines.some((line) => line.discount) ? ["discount"] : []), "net"];

/** Where a draft is looked at. */
export const draftLink = (id) => (state.portal === "admin" ? href("runs", "drafts", id) : href("drafts", id));

/** By how much it differs from the bill before; of nothing before there is no part. */
export const deviation = (draft) => (draft.difference && draft.deviation !== undefined && draft.deviation < 999999 ? t("draft.deviation", { n: draft.difference.amount.startsWith("-") ? -draft.deviation : draft.deviation }) : "");
