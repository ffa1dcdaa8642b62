/** Starts a portal: brand, session, language, rights; then screens by address.  The only writer of `state`. */
import "../components/x-app/x-app.js";
import { announce } from "./announce.js";
import { asset, get, list, onSignedOut, onStepUp, onViewOver, remove } from "./api.js";
import { choose, LANGUAGES, load, t } from "./i18n.js";
import * as router from "./router.js";
import { forget, may, shows, state } from "./state.js";
import { title } from "./title.js";
import { html } from "../vendor/lit.js";

/** @typedef {{name: string, icon: string, label: () => string, when?: () => boolean}} Page a line of the navigation; `when`: only then */

/** Where the three portals live on a host. */
const BASES = { customer: "/", reseller: "/reseller/", admin: "/admin/" };

/** The language that was picked at the door; only for this tab. */
const PICKED = "language";

/** What links in mail open, on the customers' shell, whoever they are for. */
const LINKS = { "/reset": "reset", "/invitation": "invitation" };

let app;
let pages = [];

/** Looks at the address and shows its screen. */
async function show(moved) {
  const found = router.match(location.pathname);
  const shown = found && shows(found.route.page) ? found : null;
  if (location.pathname === state.base || location.pathname === state.base.slice(0, -1)) {
    const first = pages.find((page) => shows(page.name));
    if (first) return router.go(router.href(first.name), { replace: true, moved });
  }
  app.current = shown?.route.page;
  app.screen = shown ? shown.route.render(shown.params) : html`<page-missing></page-missing>`;
  title(shown ? shown.route.title() : t("missing.title"));
  await app.updateComplete;
  if (moved) await focusHeading();
}

/** After a step the keyboard and the screen reader begin at the heading of the new screen. */
async function focusHeading() {
  const page = app.querySelector("main > *");
  await page?.updateComplete;
  app.querySelector("main h1")?.focus({ preventScroll: true });
}

function door(reason) {
  forget();
  app.reason = reason;
  app.phase = "door";
  title(t("signin.title", { name: state.brand.name }));
}

async function speak() {
  /* Who looks as somebody else reads it in the own language. */
  const { language } = state.session?.viewing?.viewer ?? state.session?.user ?? {};
  const own = LANGUAGES.includes(language) ? language : sessionStorage.getItem(PICKED);
  await load(choose(own, state.brand.language, ...navigator.languages));
}

/** The bill that was opened before anybody was signed in, else "".  Never an address of another site. */
function wanted() {
  const to = new URLSearchParams(location.search).get("to") ?? "";
  return to.startsWith("/api/v1/documents/") ? to : "";
}

/** Does the reader see more tenants than the own one?  Asked before anything is shown: columns and filters depend on it. */
const channel = async () => state.portal === "admin" || (state.portal === "reseller" && may("tenant.read") && (await list("tenants", { limit: 2 })).data.length > 1);

/** Who looked as somebody else is oneself again, in the own portal.  A fresh document: nothing of the other stays. */
async function unview() {
  try {
    await remove("views/current");
  } catch (problem) {
    /* Left already in another window, or signed out there. */
    if (![401, 404].includes(problem.status)) {
      Object.assign(app, { problem, retry: unview, phase: "broken" });
      return;
    }
  }
  const who = await session();
  location.replace(`${who ? BASES[who.portal] : state.base}${who ? "?view" : "?out"}`);
}

/** How many wait for the reader's decision; shown beside the page, and never in the way of it. */
async function waiting() {
  if (!shows("approvals")) return;
  const { data } = await list("approvals", { state: "waiting", limit: 100 }).catch(() => ({ data: null }));
  if (data) app.counts = { approvals: data.filter((one) => one.mine === false && may(one.action)).length };
}

/** Says where the reader is who looks as somebody else, or does so no more. */
function told() {
  const { viewing, user, tenant } = state.session;
  if (viewing) announce(t("view.as", { name: user.name, tenant: tenant.name }));
  else if (location.search === "?view") announce(t("view.over"), true);
  if (location.search === "?view") history.replaceState(null, "", location.pathname);
}

/** What the role may see; then the screen that was asked for.  `moved`: the door was shown before it. */
async function enter(session, moved) {
  state.session = session;
  if (session.viewing?.over) return unview();
  if (wanted()) return location.replace(wanted());
  if (session.portal !== state.portal) return location.replace(BASES[session.portal]);
  const [meta] = await Promise.all([get("meta"), speak()]);
  state.meta = meta.body;
  state.channel = await channel();
  app.pages = pages.filter((page) => shows(page.name) && (page.when?.() ?? true)).map((page) => ({ ...page, label: page.label() }));
  app.phase = "ready";
  told();
  waiting();
  return show(moved);
}

/** What a link in a mail asks for.  Its token goes out of the address at once: nobody finds it in the history. */
async function open(link) {
  const token = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  /* Another link of a mail, opened where this one was: only the fragment moves. */
  addEventListener("hashchange", () => location.reload());
  state.brand = await asset("/brand/brand.json");
  await speak();
  app.link = { kind: link, token };
  app.phase = "link";
  title(link === "reset" ? t("link.reset") : t("link.invitation", { name: state.brand.name }));
}

/** The session, or null where nobody is signed in. */
async function session() {
  try {
    return (await get("session")).body;
  } catch (problem) {
    if (problem.status === 401) return null;
    throw problem;
  }
}

async function begin() {
  try {
    const link = state.portal === "customer" && LINKS[location.pathname];
    if (link) return await open(link);
    const [brand, who] = await Promise.all([asset("/brand/brand.json"), session()]);
    state.brand = brand;
    if (who) return await enter(who, false);
    await speak();
    return door(new URLSearchParams(location.search).has("out") ? "out" : "");
  } catch (problem) {
    await load(choose(...navigator.languages)).catch(() => {});
    app.problem = problem;
    app.retry = begin;
    app.phase = "broken";
    return title(t("problem.heading"));
  }
}

/** A fresh document, so that nothing of this user stays in memory. */
async function leave() {
  try {
    await remove("session");
  } catch (problem) {
    if (problem.status !== 401) {
      app.problem = problem;
      app.retry = leave;
      app.phase = "broken";
      return;
    }
  }
  location.replace(`${state.base}?out`);
}

function listen() {
  onSignedOut(() => {
    if (app.phase === "ready") door("ended");
  });
  onViewOver(() => location.reload());
  onStepUp((ways) => new Promise((done) => {
    const answer = (proved) => {
      app.stepUp = null;
      done(proved);
    };
    app.stepUp = { ways, answer };
  }));
  app.addEventListener("decided", waiting);
  router.onChange((event) => {
    if (app.phase === "ready") show(event.detail.moved);
  });
  app.addEventListener("leave", leave);
  app.addEventListener("unview", unview);
  app.addEventListener("looks", (event) => location.assign(BASES[event.detail.portal]));
  app.addEventListener("enter", async (event) => {
    if (location.search === "?out") history.replaceState(null, "", state.base);
    await enter(event.detail, true).catch(() => location.reload());
  });
  app.addEventListener("language", async (event) => {
    sessionStorage.setItem(PICKED, event.detail);
    await load(event.detail);
    again();
  });
  app.addEventListener("renamed", () => app.requestUpdate());
  app.addEventListener("respoken", async () => {
    await speak();
    app.pages = pages.filter((page) => shows(page.name)).map((page) => ({ ...page, label: page.label() }));
    again();
    await app.updateComplete;
    show(true);
  });
  /* A page that "back" brings from memory may belong to a session that has ended. */
  addEventListener("pageshow", (event) => event.persisted && app.phase === "ready" && session().then((who) => who ?? door("ended"), () => {}));
}

/** Renders all anew, where the language of everything changed. */
function again() {
  const { phase } = app;
  app.phase = "loading";
  app.updateComplete.then(() => (app.phase = phase));
}

/**
 * @param {"customer" | "reseller" | "admin"} portal
 * @param {Page[]} navigation the first that the role may see is the portal's home
 * @param {import("./router.js").Route[]} routes
 */
export function start(portal, navigation, routes) {
  state.portal = portal;
  state.base = BASES[portal];
  pages = navigation;
  router.start(state.base, routes);
  app = document.querySelector("x-app");
  listen();
  begin();
}
