"""Random cases for the second opinion on prices and charges (judge.py), as rows of the ordinary tables.

    python3 cases.py FOLDER SEED CASES CYCLE_DAY PERIOD_START PERIOD_END

writes a file a table and load.sql, which loads them into a database with the schema and nothing in it.  Each case is a
thing to bill: an offering of a kind and price model, an account below one to five sellers, a quantity and a share of the
period.  The same seed gives the same rows.  Everything here is made up, and nothing is computed: that is the judge's."""
import datetime
import os
import random
import sys

folder, seed, cases, cycle = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
start, end = (datetime.date.fromisoformat(text) for text in sys.argv[5:7])
days = (end - start).days
r = random.Random(seed)
BEGIN, FOREVER = "1000-01-01", "9999-12-31"
CURRENCIES = {"JPY": 0, "EUR": 2, "KWD": 3}
MODELS = ["per_unit", "per_unit", "flat", "package", "graduated", "volume"]
METHODS = ["fixed", "rrp_minus_pct", "rrp_plus_pct", "cost_plus_pct", "cost_plus_abs", "pass_through", "tiers"]
RATES = ["0.00", "5.50", "7.00", "7.75", "19.00", "20.00", "21.00"]
NODES = 30  # of the catalogue
ENDS = 100000  # ids of accounts at the end begin behind it; below are those of tenants

COLUMNS = {
    "party": "id, name, country",
    "tenant": "id, parent_id, level, a1, a2, a3, a4, kind, slug, name, party_id, brand_id, currency, language, time_zone, state",
    "brand": "id, tenant_id, version, name, theme, accent, accent_text, language, support_email",
    "segment": "id, tenant_id, code, name, way",
    "product_segment": "id, parent_id, level, code, name",
    "customer": "id, tenant_id, a1, a2, a3, a4, segment_id, party_id, number, name, kind, buyer_id, language, since",
    "account": "id, tenant_id, customer_id, segment_id, number, currency, cycle_day, state",
    "offering": "id, tenant_id, product_id, code, name, kind, unit, price, currency",
    "offering_price": "id, offering_id, starts, currency, model, size, included",
    "offering_tier": "price_id, tier, above, up_to, unit, flat",
    "tax_rule": "seller_id, offering_id, starts, category, rate",
    "exchange_rate": "tenant_id, from_currency, to_currency, day, rate, source, set_at",
    "price_list": "id, tenant_id, code, name, currency, is_default",
    "price_version": "id, list_id, starts, state",
    "price_rule": "id, version_id, account_id, offering_id, product_id, method, value, floor, starts, ends",
    "price_rule_tier": "rule_id, tier, above, up_to, unit, flat",
    "discount": "id, tenant_id, customer_id, account_id, offering_id, subscription_id, resold, name, percent, amount, starts, periods, ends, made",
    "minimum": "id, tenant_id, customer_id, account_id, agreement_id, resold, offering_id, amount, starts, ends, made",
    "agreement": "id, seller_id, buyer_id, account_id, starts, ends, list_id, currency, floor_action, tax_category, tax_rate",
    "subscription": "id, tenant_id, customer_id, segment_id, account_id, offering_id, product_id, quantity, unit_price, currency, starts, ends",
    "subscription_quantity": "subscription_id, starts, ends, quantity",
    "usage_source": "id, tenant_id, code",
    "usage_batch": "id, tenant_id, way, created, `lines`, received, done",
    "usage_event": "tenant_id, customer_id, segment_id, account_id, offering_id, product_id, source_id, event, quantity, at, day, batch_id, line",
}
files = {name: open(os.path.join(folder, name + ".tsv"), "w", encoding="utf-8") for name in COLUMNS}
ids = dict.fromkeys(COLUMNS, 0)


def row(table, *values):
    files[table].write("\t".join("\\N" if v is None else str(v) for v in values) + "\n")


def new(table):
    ids[table] += 1
    return ids[table]


def decimal(most, places=6):
    """A number above 0 and up to most, with up to so many places."""
    scale = 10 ** r.randint(0, places)
    v = r.randint(1, most * scale)
    return f"{v // scale}.{v % scale:0{len(str(scale)) - 1}d}" if scale > 1 else str(v)


# Things begin and change on a few days, as a price is found once for all of a day; some on any.
marks = [start + datetime.timedelta(days=r.randint(-60, days - 1)) for _ in range(3)] + [start + datetime.timedelta(days=r.randint(1, days - 1)) for _ in range(3)]


def begin(before):
    return r.choice([mark for mark in marks if mark >= start - datetime.timedelta(days=before)]) if r.random() < 0.95 else day(before, -1)


def day(before, behind):
    return start + datetime.timedelta(days=r.randint(-before, days + behind))


def tiers(table, of, many):
    """Some tiers, each from where the one before ends; now and then they end before a quantity does."""
    above = 0
    n = r.randint(1, 4) if many else 1
    for tier in range(1, n + 1):
        up_to = above + r.randint(1, 200)
        last = tier == n and r.random() < 0.98
        row(table, of, tier, above, "999999999999.999999" if last else up_to, decimal(r.choice([1, 10, 100])),
            decimal(20, 3) if r.random() < 0.25 else 0)
        above = up_to


# ---- the catalogue ----

nodes = [(1, 0)]
for node in range(2, NODES):
    parent, level = r.choice([n for n in nodes if n[1] < 3])
    nodes.append((node, level + 1))
    row("product_segment", node, parent, level + 1, f"node{node}", f"Node {node}")

catalogue = {currency: [] for currency in CURRENCIES}


def offering(currency):
    one, kind = new("offering"), r.choice(["one_time", "recurring", "recurring", "usage", "usage"])
    product = r.choice(nodes)[0]
    row("offering", one, 1, product, f"O{one}", f"Offering {one}", kind, "unit", 1, currency)
    catalogue[currency].append((one, kind, product))
    # Now and then there is no price at first, or at all.
    begins = [BEGIN] if r.random() < 0.97 else []
    begins += [day(40, 5) for _ in range(r.choice([0, 0, 1, 2]))]
    for begin in dict.fromkeys(begins):
        price, model = new("offering_price"), r.choice(MODELS)
        row("offering_price", price, one, begin, currency, model, r.choice(["1", "10", "100", "0.5", "7.25", "0.000003"]) if model == "package" else 1,
            decimal(50, 2) if kind == "usage" and r.random() < 0.5 else 0)
        tiers("offering_tier", price, r.random() < (0.8 if model in ("graduated", "volume") else 0.2))


for currency in CURRENCIES:
    for _ in range(max(10, min(60, cases // 1000))):
        offering(currency)


# ---- prices of an edge ----

def rule(version, currency, account, of, product):
    """One rule, or two of which one ends where the other begins."""
    cut = day(5, 5) if r.random() < 0.1 else None
    for starts, ends in [(BEGIN, FOREVER)] if cut is None else [(BEGIN, cut), (cut, FOREVER)]:
        one, method = new("price_rule"), r.choice(METHODS)
        value = {"fixed": lambda: decimal(60), "cost_plus_abs": lambda: decimal(3), "pass_through": lambda: 0, "tiers": lambda: 0}.get(method, lambda: decimal(60))()
        floor = decimal(5, 3) if r.random() < 0.1 else None
        row("price_rule", one, version, account, of, product, method, value, floor, starts, ends)
        if method == "tiers":
            tiers("price_rule_tier", one, r.random() < 0.6)


def price_list(tenant, currency, default, accounts):
    one = new("price_list")
    row("price_list", one, tenant, f"L{one}", "List", currency, int(default))
    begins = [BEGIN] + [day(20, 20)] * (r.random() < 0.2)
    for starts, state in [(begin, "published") for begin in begins] + [(BEGIN, "draft")] * (r.random() < 0.1):
        version = new("price_version")
        row("price_version", version, one, starts, state)
        if r.random() < 0.95:
            rule(version, currency, None, None, None)
        for product in r.sample(nodes, r.randint(0, 3)):
            rule(version, currency, None, None, product[0])
        for of, _, _ in r.sample(catalogue[currency], r.randint(0, 5)):
            rule(version, currency, None, of, None)
        for account in accounts:
            rule(version, currency, account, *r.choice([(None, None), (r.choice(catalogue[currency])[0], None), (None, r.choice(nodes)[0])]))
    return one


def held():
    """A first day and the first day after: mostly of the whole period, now and then not on its first day or up to it."""
    return r.choices([(BEGIN, FOREVER), (start, FOREVER), (start + datetime.timedelta(days=1), FOREVER), (BEGIN, start), (BEGIN, day(-1, -1))], [12, 3, 1, 1, 2])[0]


def minimum(seller, account, of, resold, low):
    """Of an account or of an agreement; another one comes before it or behind it, and never at the same time."""
    offering = r.choice([one for one in sum(catalogue.values(), []) if one[1] != "usage"])[0]
    spans, cut = [held()], day(10, 10)
    if r.random() < 0.1:
        spans = [(BEGIN, cut), (cut, FOREVER)]
    for begins, over in spans:
        row("minimum", new("minimum"), seller, account, account, of, int(resold), offering, r.randint(1, r.choice([100, 10000, 1000000]) * low), begins, over, f"{end} 00:00:00")


def discounts(seller, one, resold, currency, bought):
    """What is taken off what an account is charged; bought: offerings and subscriptions that it could be of, each with None."""
    for _ in range(r.randint(1, 4)):
        of, sub = r.choice(bought)
        percent = r.random() < 0.5
        periods = 1 if r.random() < 0.2 else None
        begins, over = (start, end) if periods else held() if r.random() < 0.7 else (day(20, 5), FOREVER)
        row("discount", new("discount"), seller, one, one, of if sub is None else None, sub, int(resold), "Off", r.choice(["100", "33.333333", decimal(99), decimal(20, 2)]) if percent else None,
            None if percent else r.randint(1, 10 ** r.randint(1, 6)), begins, periods, over, f"{end} 00:00:00")


def agreement(seller, buyer, account, currency, accounts=(), ended=0.01):
    """Dated: now and then it begins or ends within the period, or has ended before it."""
    if r.random() < (0.4 if buyer else 0.2):
        minimum(seller, None, ids["agreement"] + 1, buyer is not None, 30 if buyer else 1)
    lapse = r.random()
    starts, ends = (BEGIN, start) if lapse < ended else (BEGIN, day(-1, -1)) if lapse < 2 * ended else (BEGIN, FOREVER)
    rate = r.choice(RATES) if r.random() < 0.15 else None
    row("agreement", new("agreement"), seller, buyer, account, starts, ends,
        price_list(seller, currency, False, accounts) if r.random() < 0.9 else None, currency,
        r.choice(["allow", "warn", "deny"]), None if rate is None else "Z" if rate == "0.00" else "S", rate)
    if ends not in (FOREVER, start) and r.random() < 0.5:  # the next one goes on
        row("agreement", new("agreement"), seller, buyer, account, ends, FOREVER, price_list(seller, currency, False, accounts), currency, "warn", None, None)


# ---- exchange rates: of all pairs but one, from most days on, and some of them corrected ----

WORTH = {"JPY": 1, "EUR": 163, "KWD": 500}
for base in CURRENCIES:
    for quote in CURRENCIES:
        first = [BEGIN] if r.random() < 0.8 else []
        for on in (first + [day(20, 10) for _ in range(r.randint(0, 3))]) if base != quote and (base, quote) != ("KWD", "JPY") else []:
            for _ in range(r.choice([1, 1, 1, 2])):
                row("exchange_rate", 1, base, quote, on, f"{WORTH[base] / WORTH[quote] * r.uniform(0.8, 1.2):.{r.randint(4, 12)}f}", "cases", f"{end} 00:00:00")


# ---- the channel ----

tenants = []  # id, level, ancestors, currency


def tenant(parent):
    one = new("tenant")
    level = 0 if parent is None else parent[1] + 1
    above = [0, 0, 0, 0] if parent is None else list(parent[2])
    if level > 0:
        above[level - 1] = one
    # A tenant below the root sells in the currency in which it buys, which mostly is not that of who sells to it.
    currency = "EUR" if parent is None else list(CURRENCIES)[one % 3]
    row("party", one, f"Tenant {one}", "DE")
    row("tenant", one, None if parent is None else parent[0], level, *above, "provider" if level == 0 else "dealer", f"t{one}", f"Tenant {one}",
        one, one, currency, "en", "UTC", "closed" if level > 1 and r.random() < 0.005 else "active")
    row("brand", one, one, 1, f"Tenant {one}", "plain", "#224466", "#ffffff", "en", "support@case.example")
    row("segment", one, one, "all", "All", "rest")
    tenants.append((one, level, above, currency))
    return tenants[-1]


def account(one, seller, currency, buyer):
    row("customer", one, seller[0], *seller[2], seller[0], one, f"C{one}", f"Customer {one}", "person" if buyer is None else "reseller", buyer, "en", BEGIN)
    other = r.random() < (0.005 if buyer is None else 0.002)
    row("account", one, seller[0], one, seller[0], f"A{one}", r.choice(list(CURRENCIES)) if other else currency, cycle, "closed" if r.random() < (0.005 if buyer is None else 0.002) else "active")


def taxes(seller):
    if r.random() < 0.995:
        row("tax_rule", seller, None, BEGIN, "S", r.choice(RATES[1:]))
    if r.random() < 0.2:
        row("tax_rule", seller, None, day(20, 20), "S", r.choice(RATES[1:]))
    for of, _, _ in r.sample(catalogue[r.choice(list(CURRENCIES))], r.randint(0, 3)):
        rate = r.choice(RATES)
        row("tax_rule", seller, of, r.choice([BEGIN, day(20, 20)]), "Z" if rate == "0.00" else "S", rate)


tenant(None)
for _ in range(3):
    tenant(tenants[0])  # one of each currency
for _ in range(max(20, min(60, cases // 1000))):
    below = [t for t in tenants if t[1] < 4]
    tenant(r.choices(below, [t[1] + 1 for t in below])[0])
many = max(30, cases // 9)
ends = [(ENDS + i, r.choice(tenants)) for i in range(many)]
named = {}  # accounts at the end that a rule names, by who may name them
for one, seller in r.sample(ends, many // 50):
    for up in {1, seller[0], *seller[2]} - {0}:
        if r.random() < 0.5:
            named.setdefault(up, []).append(one)
for one in tenants:
    taxes(one[0])
    if one[1] > 0:
        seller = tenants[(one[2][one[1] - 2] if one[1] > 1 else 1) - 1]
        account(one[0], seller, one[3], one[0])
        if r.random() < 0.4:
            minimum(seller[0], one[0], None, True, 100)
        if r.random() < 0.5:
            discounts(seller[0], one[0], True, one[3], [(None, None), (r.choice(catalogue[one[3]])[0], None)])
        agreement(seller[0], one[0], one[0], one[3], [a for a in named.get(one[0], []) if r.random() < 0.5], 0.002)
    if r.random() < 0.98:
        agreement(one[0], None, None, one[3], named.get(one[0], []))  # how it sells to all
    if r.random() < 0.7:
        price_list(one[0], one[3], True, named.get(one[0], [])[:2])


# ---- what there is to bill ----

def quantity(most=300):
    return decimal(r.choice([1, 10, most]), 6)


def subscribed(one, seller, of, kind, product, currency):
    """The subscription's id."""
    sub, first = new("subscription"), begin(0 if kind == "one_time" else 60)
    over = first + datetime.timedelta(days=r.randint(1, 90)) if r.random() < 0.2 else None
    row("subscription", sub, seller[0], one, seller[0], one, of, product, quantity(), 0, currency, first, over)
    if r.random() < 0.25:
        changes = sorted({first, *(mark for mark in (begin(60) for _ in range(3)) if mark > first)})
        for i, mark in enumerate(changes):
            row("subscription_quantity", sub, mark, changes[i + 1] if i + 1 < len(changes) else FOREVER, 0 if i > 0 and r.random() < 0.1 else quantity())
    return sub


def used(one, seller, of, product):
    for _ in range(r.randint(1, 3)):
        on, event = day(1 if r.random() < 0.05 else 0, 1 if r.random() < 0.05 else -1), new("usage_event")
        row("usage_event", seller[0], one, seller[0], one, of, product, 1, f"case-{event}", r.choice([quantity(400), quantity(400), 0]) if r.random() < 0.1 else quantity(400),
            f"{on} {r.randint(0, 23):02d}:30:00", on, 1, event)


for one, seller in ends:
    currency = seller[3]
    own = r.random() < 0.07
    if own and seller[1] == 0:
        currency = r.choice(list(CURRENCIES))
    row("party", one, f"Customer {one}", "DE")
    account(one, seller, currency, None)
    if own:
        agreement(seller[0], None, one, currency, [one] if r.random() < 0.2 else [])
    if r.random() < 0.15:
        minimum(seller[0], one, None, False, 1)
    bought = [(None, None)]
    # Now and then it buys nothing.
    for _ in range(r.randint(5, 20) if r.random() < 0.97 else 0):
        # Now and then of another currency than everything else.
        of, kind, product = r.choice(catalogue[currency if r.random() < 0.9 else r.choice(list(CURRENCIES))])
        bought.append((of, None))
        if kind == "usage":
            used(one, seller, of, product)
        else:
            bought.append((of, subscribed(one, seller, of, kind, product, currency)))
    if r.random() < 0.3:
        discounts(seller[0], one, False, currency, bought)
row("usage_source", 1, 1, "cases")
row("usage_batch", 1, 1, "file", f"{end} 00:00:00", ids["usage_event"], ids["usage_event"], 1)

with open(os.path.join(folder, "load.sql"), "w", encoding="utf-8") as out:
    out.write("SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0;\n")
    for name, columns in COLUMNS.items():
        files[name].close()
        out.write(f"LOAD DATA INFILE '{os.path.join(os.path.abspath(folder), name)}.tsv' INTO TABLE {name} CHARACTER SET utf8mb4 ({columns});\n")
