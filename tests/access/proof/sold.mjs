// Who writes what is sold: that somebody may change offerings, or grant discounts, is not yet that this one may name that.
// Parts, names and variants of offerings, discounts and minimums of accounts, what is paid back to them, and what an early end
// costs; a part of changes.mjs.
import { People } from "./second.mjs";

const dealer = "musterplatz.localhost", provider = "pneumuster.localhost";

export class Sold extends People {
	segment(code) {
		return this.site.value(`SELECT id FROM product_segment WHERE code = '${code}'`);
	}

	/** An offering of the provider's: its id. */
	offering(segment, { shared = 1, kind = "recurring" } = {}) {
		return this.site.value(`INSERT INTO offering (tenant_id, product_id, code, name, kind, unit, price, currency, shared)
			SELECT id, ${this.segment(segment)}, 'P-${++this.n}-${this.seed}', 'Proof ${this.n}', '${kind}', 'month', 1, 'EUR', ${shared} FROM tenant WHERE level = 0 RETURNING id`);
	}

	/** Somebody of the provider's who writes offerings: of these segments, and these members. */
	async writes(products, level = "write") {
		const fields = ["id", "product", "code", "name", "kind", "unit", "currency", "shared", "parts", "names", "variants", "hours"].map((field) => [`offering.${field}`, level]), admin = await this.somebody("admin@pneumuster.example", provider);
		const grants = Object.fromEntries(["read", "create", "edit", "price"].map((verb) => [`offering.${verb}`, "all"]));
		return this.somebody("admin@pneumuster.example", provider, await this.ownRole(admin.tenant, grants, Object.fromEntries(fields), { products: products.map((code) => this.segment(code)), portal: "admin" }));
	}

	/** What comes with an offering is written by who is shown all of it, and seen by all who see the offering. */
	async catalogue() {
		const admin = await this.somebody("admin@pneumuster.example", provider), kept = await this.writes(["masks"]), reads = await this.writes([], "read");
		const [pack, mine, other, own] = [this.offering("masks"), this.offering("masks"), this.offering("devices"), this.offering("masks", { shared: 0 })], at = (id) => `offerings/${this.seal("offering", id)}`;
		const put = (who, ...parts) => this.matched(who, "PUT", `${at(pack)}/parts`, { parts: parts.map((part) => ({ offering: this.seal("offering", part), quantity: "1" })) });
		const has = (parts, what) => this.is(`SELECT COALESCE(GROUP_CONCAT(part_id ORDER BY part_id), '') FROM offering_part WHERE offering_id = ${pack}`, parts.join(), `what comes with it, ${what}`);
		this.status(await put(kept, mine), 200, "a part of one's own segment");
		this.status(await put(kept, other), 422, "a part that one is not shown");
		this.status(await put(admin, own), 422, "a part that not all see who see what it comes with");
		has([mine], "after what was refused");
		this.status(await put(admin, mine, other), 200, "a part of another segment, of who is shown all");
		this.status(await put(kept), 403, "parts of which one is not shown all are taken away");
		this.status(await put(reads), 403, "parts that one may read alone are taken away");
		has([mine, other], "after that");
		this.status(await this.matched(reads, "PUT", `${at(pack)}/names`, { names: { de: "x" } }), 403, "names that one may read alone");
		this.is(`SELECT COUNT(*) FROM offering_name WHERE offering_id = ${pack}`, "0", "names of who may read them alone");
		this.status(await this.matched(kept, "PUT", `${at(pack)}/names`, { names: { de: "x" } }), 200, "names of who may write them");
		this.status(await this.matched(kept, "PATCH", at(pack), { product: this.seal("product", this.segment("devices")) }), 422, "into a segment that one is not shown");
		this.status(await this.matched(reads, "PATCH", at(pack), { name: "read" }), 422, "a member that one may read alone");
		this.is(`SELECT CONCAT(product_id, name <> 'read') FROM offering WHERE id = ${pack}`, `${this.segment("masks")}1`, "the segment and the name");
		const [metered, alike, hidden, apart] = [["masks"], ["masks"], ["masks", { shared: 0 }], ["devices"]].map(([segment, more]) => this.offering(segment, { kind: "usage", ...more }));
		const varies = (id) => this.ask(admin, "POST", `${at(metered)}/variants`, { class: "night", starts: "2199-01-01", counts_as: this.seal("offering", id) });
		this.status(await varies(hidden), 422, "usage counts as what not all see who see what it is of");
		this.status(await varies(apart), 422, "usage counts as what is of another segment");
		this.is(`SELECT COUNT(*) FROM usage_variant WHERE offering_id = ${metered}`, "0", "variants that were refused");
		this.status(await varies(alike), 200, "usage counts as what is sold alike");
	}

	/** An account of that house that is open, whose customer buys from it. */
	account(tenant) {
		return this.site.value(`SELECT MIN(a.id) FROM account a JOIN customer c ON c.id = a.customer_id AND c.state = 'active' AND c.buyer_id IS NULL WHERE a.tenant_id = ${tenant} AND a.state = 'active'`);
	}

	/** Something of the provider's, by its code. */
	sold(code) {
		return this.site.value(`SELECT o.id FROM offering o JOIN tenant t ON t.id = o.tenant_id AND t.level = 0 WHERE o.code = '${code}'`);
	}

	/** The first day of a month behind all bills, another one each time. */
	later() {
		const month = ++this.n;
		return `${2150 + Math.floor(month / 12)}-${String(1 + (month % 12)).padStart(2, "0")}-01`;
	}

	/** Who sells takes something off what its own accounts are charged, of what it is shown, and says what it may write. */
	async discounts() {
		const owner = await this.somebody("owner@musterplatz.example", dealer), elsewhere = this.site.value("SELECT id FROM tenant WHERE slug = 'namudhaj'");
		const [mine, theirs] = [this.account(owner.tenant), this.account(elsewhere)], day = this.later(), [mask, device] = ["SUB-MASK", "DEV-CPAP"].map((code) => this.sold(code));
		const grant = (who, id, more = {}) => this.ask(who, "POST", "discounts", { account: this.seal("account", id), percent: "1", starts: day, periods: 1, ...more });
		const count = () => this.site.value("SELECT COUNT(*) FROM discount"), of = (id) => ({ offering: this.seal("offering", id) });
		this.status(await grant(owner, mine), 201, "a discount of one's own account");
		const before = count(), fields = { ...Object.fromEntries(["account", "offering", "subscription", "percent", "starts", "periods"].map((field) => [`discount.${field}`, "write"])), "discount.id": "read", "discount.name": "read", "account.id": "read", "offering.id": "read" };
		const grants = { "discount.read": "tenant", "discount.create": "tenant", "account.read": "tenant", "offering.read": "shared" };
		const kept = await this.somebody("owner@musterplatz.example", dealer, await this.ownRole(owner.tenant, grants, fields, { products: [this.segment("masks")] }));
		const some = await this.somebody("owner@musterplatz.example", dealer, await this.ownRole(owner.tenant, { ...grants, "account.read": "assigned" }, fields));
		const bought = (tenant, and = "TRUE") => this.site.value(`SELECT MIN(s.id) FROM subscription s JOIN offering o ON o.id = s.offering_id WHERE s.tenant_id = ${tenant} AND ${and}`);
		const foreign = bought(elsewhere), hidden = bought(owner.tenant, "o.code = 'DEV-CPAP'"), its = this.site.value(`SELECT account_id FROM subscription WHERE id = ${hidden}`), taken = (id) => ({ subscription: this.seal("subscription", id) });
		this.status(await grant(owner, theirs, of(mask)), 422, "a discount of another house's account");
		this.status(await grant(some, mine, of(mask)), 422, "a discount of who does not see all accounts");
		this.status(await grant(kept, mine, of(device)), 422, "a discount of what one is not shown");
		this.status(await grant(kept, its, taken(hidden)), 422, "a discount of what was bought of what one is not shown");
		this.status(await grant(owner, mine, taken(foreign)), 422, "a discount of what another one bought");
		this.status(await grant(kept, mine, { ...of(mask), name: "read" }), 422, "a discount with a member that one may read alone");
		this.tally.expect(count() === before, () => `discounts that were refused: ${count() - before}; seed ${this.seed}`);
		this.status(await grant(kept, mine, of(mask)), 201, "a discount of what one is shown");
	}

	/** Who sells charges its own accounts and agreements something at least, billed as what it may sell and is shown, and says what it may write. */
	async minimums() {
		const owner = await this.somebody("owner@musterplatz.example", dealer), elsewhere = this.site.value("SELECT id FROM tenant WHERE slug = 'namudhaj'"), day = this.later();
		const [mine, theirs] = [this.account(owner.tenant), this.account(elsewhere)], [agreed, foreign] = [owner.tenant, elsewhere].map((tenant) => this.site.value(`SELECT MIN(id) FROM agreement WHERE seller_id = ${tenant} AND ends = '9999-12-31'`));
		const [mask, device] = ["SUB-MASK", "DEV-CPAP"].map((code) => this.sold(code)), hidden = this.site.value(`INSERT INTO offering (tenant_id, product_id, code, name, kind, unit, price, currency, shared)
			SELECT ${elsewhere}, product_id, 'P-${++this.n}-${this.seed}', 'Proof ${this.n}', kind, unit, price, currency, 0 FROM offering WHERE id = ${mask} RETURNING id`);
		const account = (id) => ({ account: this.seal("account", id) }), agreement = (id) => ({ agreement: this.seal("agreement", id) }), offering = (id) => ({ offering: this.seal("offering", id) });
		const set = (who, of, as = mask) => this.ask(who, "POST", "minimums", { ...of, ...offering(as), amount: "5", starts: day }), count = () => this.site.value("SELECT COUNT(*) FROM minimum");
		const grants = { "minimum.read": "tenant", "minimum.create": "tenant", "account.read": "tenant", "agreement.read": "tenant", "offering.read": "shared" }, { "agreement.read": _, ...fewer } = grants;
		const fields = { ...Object.fromEntries(["account", "agreement", "offering", "amount", "starts"].map((field) => [`minimum.${field}`, "write"])), "minimum.id": "read", "account.id": "read", "agreement.id": "read", "offering.id": "read" };
		const who = async (given, shown = fields, products = []) => this.somebody("owner@musterplatz.example", dealer, await this.ownRole(owner.tenant, given, shown, { products: products.map((code) => this.segment(code)) }));
		const kept = await who(grants, fields, ["masks"]), some = await who({ ...fewer, "account.read": "assigned" }), reads = await who(grants, { ...fields, "minimum.amount": "read" }), before = count();
		for (const [by, of, as, what] of [[owner, account(theirs), mask, "another house's account"], [owner, agreement(foreign), mask, "another house's agreement"], [owner, account(mine), hidden, "what another house sells alone"],
			[some, account(mine), mask, "an account, of who does not see all"], [some, agreement(agreed), mask, "an agreement, of who sees none"], [kept, account(mine), device, "what one is not shown"], [reads, account(mine), mask, "a member that one may read alone"]])
			this.status(await set(by, of, as), 422, `a minimum: ${what}`);
		this.tally.expect(count() === before, () => `minimums that were refused: ${count() - before}; seed ${this.seed}`);
		for (const of of [account(mine), agreement(agreed)]) {
			const { json } = this.status(await set(kept, of), 201, `a minimum of one's own ${Object.keys(of)}`);
			this.status(await this.ask(owner, "POST", `minimums/${json?.id}/end`, { ends: day }), 200, "it is ended before it begins"); // so that the next round finds room
		}
	}

	/** What is owed to an account, and no more, is paid back by who is shown all that it is owed for; where it is much, by two of the provider's people. */
	async refunds() {
		const owner = await this.somebody("owner@musterplatz.example", dealer), admin = await this.somebody("admin@pneumuster.example", provider), id = this.account(owner.tenant), at = `accounts/${this.seal("account", id)}/refunds`;
		await this.writer.run(`UPDATE document SET paid = gross - credited WHERE account_id = ${id} AND settled = 0; UPDATE document SET paid = paid + 60000 WHERE account_id = ${id} ORDER BY id LIMIT 1`);
		const back = (who, amount) => this.ask(who, "POST", at, { amount, reason: "proof", key: `k${++this.n}-${this.seed}` }), paid = (wanted, what) => this.is(`SELECT COALESCE(SUM(amount), 0) FROM refund WHERE account_id = ${id}`, String(wanted), `what was paid back, ${what}`);
		const before = Number(this.site.value(`SELECT COALESCE(SUM(amount), 0) FROM refund WHERE account_id = ${id}`));
		const kept = await this.somebody("owner@musterplatz.example", dealer, await this.ownRole(owner.tenant, { "account.read": "tenant", "account.refund": "tenant", "document.read": "tenant" }, { "account.id": "read", "document.id": "read" }, { products: [this.segment("masks")] }));
		this.status(await this.ask(kept, "GET", at), 403, "what is owed for all products, to who is shown some");
		const blind = await this.somebody("owner@musterplatz.example", dealer, await this.ownRole(owner.tenant, { "account.read": "tenant", "account.refund": "tenant" }, { "account.id": "read" }));
		this.status(await this.ask(blind, "GET", at), 403, "what is owed, to who is shown no bill");
		this.status(await back(blind, "1.00"), 403, "it is paid back by who is shown no bill");
		this.status(await back(kept, "1.00"), 403, "it is paid back by who is shown some");
		this.status(await back(owner, "600.01"), 422, "more than is owed is paid back");
		this.status(await back(admin, "510.00"), 202, "much is paid back by one of the provider's people");
		paid(before, "after what was refused");
		this.status(await back(admin, "2.00"), 200, "little is paid back by one of the provider's people");
		this.status(await back(owner, "598.00"), 200, "what is owed is paid back by who sells");
		paid(before + 60000, "at the end");
	}

	/** Who changed a subscription is told by name in their own house and to the provider alone. */
	async history() {
		const owner = await this.somebody("owner@musterplatz.example", dealer), admin = await this.somebody("admin@pneumuster.example", provider);
		const id = this.site.value(`SELECT MIN(id) FROM subscription WHERE tenant_id = ${owner.tenant}`), noted = (who) => `INSERT INTO subscription_change (subscription_id, user_id, at, kind, effective, early) VALUES (${id}, ${who.id}, UTC_TIMESTAMP(), 'suspended', '2026-06-01', 0)`;
		await this.writer.run(`${noted(owner)}; ${noted(admin)}`);
		for (const [who, told] of [[owner, [owner.name]], [admin, [owner.name, admin.name]]]) {
			const { json } = this.status(await this.ask(who, "GET", `subscriptions/${this.seal("subscription", id)}`), 200, "what was changed of a subscription");
			const got = (json?.history ?? []).slice(-2).map((one) => one.user_name).filter((name) => name !== null);
			this.tally.expect(got.join() === told.join(), () => `who changed a subscription: ${got}, not ${told}; seed ${this.seed}`);
		}
	}

	/** What an early end costs is told on both sides as far as these are read. */
	async fees() {
		const owner = await this.somebody("owner@musterplatz.example", dealer), [{ id, offering, share }] = this.site.sql(`SELECT s.id, s.offering_id AS offering, o.early_end AS share FROM subscription s JOIN offering o ON o.id = s.offering_id AND o.kind = 'recurring' AND o.shared = 1
			JOIN account a ON a.id = s.account_id AND a.state = 'active' JOIN customer c ON c.id = a.customer_id AND c.state = 'active' WHERE s.tenant_id = ${owner.tenant} AND s.state = 'active' AND s.ends IS NULL AND s.parent_id IS NULL ORDER BY s.id LIMIT 1`);
		await this.writer.run(`UPDATE offering SET early_end = 50 WHERE id = ${offering}; UPDATE subscription SET committed_until = '2150-01-01' WHERE id = ${id}`);
		const fields = ["id", "ends", "charged", "cost", "margin"], but = async (...less) => this.somebody("owner@musterplatz.example", dealer, await this.ownRole(owner.tenant, { "subscription.read": "tenant", "subscription.end": "tenant" },
			Object.fromEntries(fields.filter((field) => !less.includes(field)).map((field) => [`subscription.${field}`, "read"]))));
		for (const [who, told] of [[owner, ["charged", "cost"]], [await but("cost", "margin"), ["charged"]], [await but("charged", "margin"), ["cost"]], [await but("charged", "cost", "margin"), []]]) {
			const { json } = this.status(await this.ask(who, "POST", `subscriptions/${this.seal("subscription", id)}/end`, { early: true, preview: true }), 200, "what an early end costs");
			const got = Object.keys(json?.early ?? {}), both = Object.keys(json?.periods?.[0] ?? {}).filter((name) => ["charged", "cost"].includes(name));
			this.tally.expect(got.join() === told.join() && both.join() === told.join(), () => `an early end tells ${got}, and its periods ${both}, not ${told}; seed ${this.seed}`);
		}
		this.is(`SELECT ends FROM subscription WHERE id = ${id}`, null, "the end of what was only looked at");
		await this.writer.run(`UPDATE offering SET early_end = ${share} WHERE id = ${offering}; UPDATE subscription SET committed_until = NULL WHERE id = ${id}`);
	}
}
