// Portals in a Chromium.  Every window is watched from its first request: what the console, the content
// policy or the network complain of, and each request to a stranger, fails the test that opened it.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { root } from "./instance.mjs";
import { session } from "./users.mjs";

/** A browser for all tests of a file; like everybody's, it keeps pages in memory for "back". */
export async function browser() {
	const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"],
		ignoreDefaultArgs: ["--disable-back-forward-cache"] });
	after(() => chrome.close());
	return chrome;
}

const texts = new Map();

/** A text of the portals as a reader of that language sees it. */
export function say(language, key, values = {}) {
	if (!texts.has(language)) texts.set(language, JSON.parse(fs.readFileSync(path.join(root, "www/i18n", `${language}.json`), "utf8")));
	const found = texts.get(language)[key];
	assert.ok(found, `no text ${key} in ${language}`);
	const text = typeof found === "string" ? found : (found[new Intl.PluralRules(language).select(values.n)] ?? found.other);
	return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The answer to "who am I" before signing in; browsers write it into the console. */
const stranger = /status of 401 .*\/api\/v1\/session$/;

class Window {
	constructor(page, origin) {
		this.page = page;
		this.origin = origin;
		this.faults = [];
		this.expected = [stranger];
		page.setDefaultTimeout(30000);
		page.on("console", (said) => ["error", "warning"].includes(said.type()) && this.fault(`${said.text()} ${said.location().url}`));
		page.on("pageerror", (error) => this.fault(`${error}`));
		page.on("request", (request) => {
			const { protocol, origin: to } = new URL(request.url());
			if (to !== origin && protocol !== "data:") this.fault(`a request to ${request.url()}`);
		});
	}

	fault(text) {
		if (!this.expected.some((pattern) => pattern.test(text))) this.faults.push(text);
	}

	/** This test makes that happen. */
	expect(pattern) {
		this.expected.push(pattern);
	}

	async goto(where) {
		await this.page.goto(new URL(where, this.origin).href);
		await this.settled();
	}

	/** Waits until a screen is there and nothing in it is being loaded. */
	async settled() {
		await this.page.waitForFunction(() => document.querySelector("main h1, h1") !== null && document.fonts.status === "loaded" &&
			document.querySelector(".bone, [aria-busy=true]") === null);
	}

	/** The path and filters that the reader sees. */
	where() {
		const { pathname, search } = new URL(this.page.url());
		return pathname + search;
	}

	/** In the page's language. */
	async say(key, values) {
		return say(await this.page.evaluate(() => document.documentElement.lang), key, values);
	}

	/** What axe finds, one line each. */
	async axe() {
		const options = { resultTypes: ["violations"] }; // what is well need not be told
		// The builder loads axe each time, which takes longer than its run; a document that has it keeps it.
		const loaded = await this.page.evaluate(() => globalThis.axe !== undefined);
		const { violations } = loaded
			? await this.page.evaluate((how) => globalThis.axe.run(document, how), options)
			: await new AxeBuilder({ page: this.page }).setLegacyMode(true).options(options).analyze(); // legacy: no frames here
		return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.any.concat(node.all)[0]?.message ?? ""}`));
	}

	/** What stands out of the window, or makes it scroll sideways. */
	sticksOut() {
		return this.page.evaluate(() => {
			// A box that scrolls by itself, or one of a pixel that only a screen reader meets.
			const cuts = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX) ||
				(getComputedStyle(element).overflowX === "hidden" && element.clientWidth <= 1);
			const inside = (element) => element !== document.body && (cuts(element) || inside(element.parentElement));
			const wide = [...document.body.querySelectorAll("*")].filter((element) => {
				const { left, right, width } = element.getBoundingClientRect();
				return width > 1 && (left < -1 || right > innerWidth + 1) && element.checkVisibility() && !inside(element.parentElement);
			});
			const out = wide.filter((element) => !wide.includes(element.parentElement)).map((element) => element.outerHTML.slice(0, 120));
			return document.scrollingElement.scrollWidth > innerWidth ? [`the document is ${document.scrollingElement.scrollWidth} wide`, ...out] : out;
		});
	}

	/** All that is written on the screen and behind it: text, title, attributes, what is typed. */
	written() {
		return this.page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input")].map((input) => input.value));
	}

	/** Presses Tab until that is focused, as somebody does who has no mouse. */
	async tab(to, key = "Tab") {
		for (let presses = 0; presses < 100; presses++) {
			await this.page.keyboard.press(key);
			if (await to.evaluate((element) => element === document.activeElement)) return;
		}
		assert.fail(`${to} cannot be reached with ${key}`);
	}

	async resize(width) {
		await this.page.setViewportSize({ width, height: 800 });
		await this.page.waitForFunction((wanted) => innerWidth === wanted, width);
		// A frame after the frame that has the new size: what listens to it has answered.
		await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
	}
}

/**
 * A window of its own, closed at the end of the test.
 * @param {object} how `who`: the user whose session it has; `host`: where nobody is signed in
 */
export async function open(t, chrome, site, { who, host = who.host, width = 1280, language = "en-GB", script = true, ...more }) {
	const context = await chrome.newContext({ viewport: { width, height: 800 }, locale: language, reducedMotion: "reduce", javaScriptEnabled: script, ...more });
	const origin = `http://${host}:${site.port}`;
	if (who) {
		const [name, value] = (await session(site, who)).split("=");
		await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: "Strict" }]);
	}
	const window = new Window(await context.newPage(), origin);
	t.after(async () => {
		await context.close();
		assert.deepEqual(window.faults, [], "the window's faults");
	});
	return window;
}
