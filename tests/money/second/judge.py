"""The second opinion on prices and charges: what a bill run must have come to, worked out anew with Python's decimal from
what was put in, edge by edge from the words of ARCHITECTURE and the comments of the schema, with no line of the engine.

    python3 judge.py SOCKET DATABASE RUN

asks that database for what there was to bill and for what run RUN made of it: charges, taxes, documents, what could not be
billed and why.  Prints "cases N charges N documents N rejects N parked N bad N", above it the first that differ, and ends
with 1 where one does.  The standard library alone."""
import collections
import datetime
import decimal
import itertools
import subprocess
import sys

socket, database, run = sys.argv[1:4]
D = decimal.Decimal
decimal.setcontext(decimal.Context(prec=90, rounding=decimal.ROUND_HALF_UP, traps=[decimal.InvalidOperation, decimal.DivisionByZero]))
SIX, ONE, HUNDRED = D("0.000001"), D(1), D(100)
bad = []


def differs(what):
    bad.append(what)


def rows(sql):
    """The rows of a question, each a list of texts; None where there is none.  One after the other: there may be millions."""
    client = subprocess.Popen(["mariadb", "--no-defaults", "-S", socket, "-u", "root", "--batch", "--skip-column-names", "--quick", database, "-e", sql],
                              stdout=subprocess.PIPE, text=True)
    for line in client.stdout:
        yield [None if text == "NULL" else text for text in line.rstrip("\n").split("\t")]
    if client.wait() != 0:
        sys.exit(f"the database does not answer: {sql}")


def rounded(x):
    """Half away from zero, once."""
    return int(x.quantize(ONE))


def by(sql, n=1):
    """Lists of rows by their first n columns."""
    found = collections.defaultdict(list)
    for row in rows(sql):
        found[row[0] if n == 1 else tuple(row[:n])].append(row[n:])
    return found


# ---- what there is, all of it but what accounts buy ----

((start, end, cycle),) = rows(f"SELECT period_start, period_end, cycle_day FROM bill_run WHERE id = {run}")
period_days = (datetime.date.fromisoformat(end) - datetime.date.fromisoformat(start)).days
decimals = {code: D(10) ** int(n) for code, n in rows("SELECT code, decimals FROM currency")}
tenants = {one: (above, state) for one, state, *above in rows("SELECT id, state, parent_id FROM tenant")}
own = by("SELECT seller_id, account_id, starts, ends, id FROM agreement WHERE account_id IS NOT NULL AND buyer_id IS NULL", 2)
standard = by("SELECT seller_id, starts, ends, id FROM agreement WHERE account_id IS NULL")
accounts = {one: rest for one, *rest in rows("SELECT a.id, a.currency, a.state FROM account a JOIN customer c ON c.id = a.customer_id WHERE c.buyer_id IS NOT NULL")}
between = by("SELECT seller_id, buyer_id, starts, ends, id FROM agreement WHERE buyer_id IS NOT NULL", 2)
agreements = {one: rest for one, *rest in rows("SELECT id, list_id, currency, floor_action, tax_category, tax_rate, account_id FROM agreement")}
lists = dict(rows("SELECT id, currency FROM price_list"))
defaults = {(seller, currency): one for one, seller, currency in rows("SELECT id, tenant_id, currency FROM price_list WHERE is_default")}
versions = by("SELECT list_id, starts, id FROM price_version WHERE state = 'published'")
rules = by("SELECT version_id, id, account_id, offering_id, product_id, method, value, floor, starts, ends FROM price_rule")
named = {row[0] for row in rows("SELECT DISTINCT account_id FROM price_rule WHERE account_id IS NOT NULL")}
parents = dict(rows("SELECT id, parent_id FROM product_segment"))
offerings = {one: rest for one, *rest in rows("SELECT id, kind, product_id FROM offering")}
prices = by("SELECT offering_id, starts, id, currency, model, size, included FROM offering_price")
tax_rules = by("SELECT seller_id, offering_id, starts, category, rate FROM tax_rule")


granted = by("SELECT account_id, id, offering_id, subscription_id, percent, amount, starts, ends FROM discount ORDER BY id")
least = by("SELECT COALESCE(account_id, 0), COALESCE(agreement_id, 0), id, offering_id, amount, starts, ends FROM minimum", 2)
exchange = collections.defaultdict(list)  # of two currencies: day and its place among all, the rate and its id
for place, (one, base, quote, on, rate) in enumerate(rows("SELECT id, from_currency, to_currency, day, rate FROM exchange_rate ORDER BY id")):
    exchange[base, quote].append(((on, place), D(rate), one))


def tiers_of(table, key):
    found = collections.defaultdict(list)
    for one, tier, *numbers in rows(f"SELECT {key}, tier, above, up_to, unit, flat FROM {table} ORDER BY {key}, tier"):
        found[one].append((tier, *map(D, numbers)))
    return found


list_tiers, own_tiers = tiers_of("offering_tier", "price_id"), tiers_of("price_rule_tier", "rule_id")


def holds(dated, day):
    """The id of the one that holds on that day; days are texts that sort as days do."""
    return next((one for starts, ends, one in dated if starts <= day < ends), None)


def newest(dated, day):
    """Of rows that begin with their first day: the one of the latest day that has come."""
    return max((row for row in dated if row[0] <= day), key=lambda row: row[0], default=None)


def products(product):
    """The product segment and all above it, the nearest first."""
    while product is not None:
        yield product
        product = parents[product]


def rule_of(seller, agreement, account, offering, day):
    """What names the account wins, then the agreement's list before the seller's own, an offering before its product segment,
    the nearest first, before everything."""
    list_id, currency = agreements[agreement][:2]
    chain = list(products(offerings[offering][1]))
    best = None
    for place, one in enumerate((list_id, defaults.get((seller, currency)))):
        version = newest(versions[one], day) if one is not None and lists[one] == currency else None
        for rule, of_account, of_offering, of_product, method, value, floor, starts, ends in rules[version[1]] if version else []:
            if not starts <= day < ends or of_account not in (None, account):
                continue
            if of_offering is not None and of_offering != offering or of_product is not None and of_product not in chain:
                continue
            exact = -1 if of_offering is not None else chain.index(of_product) if of_product is not None else len(chain)
            rank = (of_account is None, place, exact)
            if best is None or rank < best[0]:
                best = (rank, rule, method, D(value), None if floor is None else D(floor))
    return best and best[1:]


def tax_of(seller, agreement, offering, day):
    category, rate = agreements[agreement][3:5]
    if rate is not None:
        return category, D(rate)
    of = tax_rules[seller]
    found = newest([r[1:] for r in of if r[0] == offering], day) or newest([r[1:] for r in of if r[0] is None], day)
    return found and (found[1], D(found[2]))


def unit_of(method, value, listed, above):
    if method == "fixed":
        return value
    if method == "pass_through":
        return above
    if method == "cost_plus_abs":
        return above + value
    of, share = {"rrp_minus_pct": (listed, HUNDRED - value), "rrp_plus_pct": (listed, HUNDRED + value), "cost_plus_pct": (above, HUNDRED + value)}[method]
    return (of * share / HUNDRED).quantize(SIX)


BY_LIST = ("fixed", "rrp_minus_pct", "rrp_plus_pct")


def worth_of(base, quote, day):
    """What one of a currency is worth in another one on a day, with the rate's id; of one day what was set last counts."""
    found = max((row for row in exchange[base, quote] if row[0][0] <= day), key=lambda row: row[0], default=None)
    return found and found[1:]


def made_of(method, position, listed, list_currency, above_currency):
    """The currency of what a price is made of; None: of nothing that has one."""
    if method == "tiers" or method == "fixed" and not any(tier[4] for tier in listed or []):
        return None
    return list_currency if position == 0 or method in BY_LIST else above_currency


def tiers_at(rule, method, value, listed, above, rate):
    """Tiers of an edge; above: those of the edge before, on the first the list's own.  None: there is nothing to make them of.
    Converted first, and rounded; what is of the same currency is as it is."""
    if method == "tiers":
        return own_tiers[rule]
    of = listed if method in BY_LIST else above
    if of is None:
        return None
    converted = [(tier, low, high, (unit * rate).quantize(SIX), (flat * rate).quantize(SIX)) for tier, low, high, unit, flat in of]
    return [(tier, low, high, unit_of(method, value, unit, unit), flat) for tier, low, high, unit, flat in converted]


Edge = collections.namedtuple("Edge", "seller agreement account scale tax trouble tiers currency cost_rate")


def sellers(tenant):
    """From the root down."""
    return [tenant] if tenants[tenant][0][0] is None else sellers(tenants[tenant][0][0]) + [tenant]


chains = {}


def chain(tenant, agreement, account, offering, day):
    """The price's row and the edges of what is sold at the end by that agreement, from the root down."""
    key = (tenant, agreement, account if account in named else None, offering, day)
    if key in chains:
        return chains[key]
    price, path, edges = newest(prices[offering], day), sellers(tenant), []
    listed = above = list_tiers[price[1]] if price else None
    above_currency = None
    for position, seller in enumerate(path):
        last = position + 1 == len(path)
        one = agreement if last else holds(between[seller, path[position + 1]], day)
        rule = one and rule_of(seller, one, account, offering, day)
        _, currency, floor_action, _, _, buyer = agreements[one] if one else [None] * 6
        source = made_of(rule[1], position, listed, price[2], above_currency) if rule and price else None
        rate = (D(1),) if source in (None, currency) else worth_of(source, currency, day)
        above = tiers_at(rule[0], rule[1], rule[2], listed, above, rate[0]) if rule and rate else None
        tax = one and tax_of(seller, one, offering, day)
        below = rule and above and rule[3] is not None and rule[3] > min(tier[3] for tier in above)
        bought, state = (currency, "active") if last or one is None else accounts[buyer]
        trouble = ("agreement" if one is None or state == "closed" else "rule" if rule is None else "list_price" if price is None
                   else "currency" if currency != bought else "rate" if rate is None else "tax" if tax is None else "floor" if below and floor_action == "deny" else None)
        cost_rate = worth_of(above_currency, currency, day) if above_currency not in (None, currency) else None
        edges.append(Edge(seller, one, None if last else buyer, decimals.get(currency), tax, trouble, above, currency, cost_rate))
        above_currency = currency
    chains[key] = (price, edges)
    return chains[key]


# ---- what accounts buy ----

def things(account, subscriptions, usage):
    """What is to be billed: offering, subscription, first day, end, quantity, days of so many."""
    for sub, offering, quantity, begins, over, q_starts, q_ends, q_quantity in subscriptions:
        kind, over = offerings[offering][0], over or "9999-12-31"
        amount = D(quantity if q_starts is None else q_quantity)
        first, last = max(begins, q_starts or begins), min(over, q_ends or over, end)
        if kind == "usage" or amount <= 0:
            continue
        if kind == "one_time":
            if start <= begins and first == begins and first < last:
                yield offering, sub, first, last, amount, 1, 1
            continue
        first = max(first, start)
        if first < last:
            yield offering, sub, first, last, amount, (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days, period_days
    for offering, used in usage:
        price = newest(prices[offering], start)
        amount = D(used) - (D(price[5]) if price else 0)
        if amount > 0:
            yield offering, "0", start, end, amount, 1, 1


def worth(model, size, tiers, q):
    """Of a quantity, for a whole period; None where it is more than the tiers reach."""
    if q > tiers[-1][2]:
        return None
    if model in ("per_unit", "graduated"):
        return sum((min(q, high) - low) * unit + flat for _, low, high, unit, flat in tiers if q > low)
    _, _, _, unit, flat = next(tier for tier in tiers if tier[1] < q <= tier[2])
    if model == "flat":
        return unit + flat
    if model == "package":
        return (q / size).to_integral_value(decimal.ROUND_CEILING) * unit + flat
    return q * unit + flat


left = {}  # of each amount that a discount takes off


def discounted(account, lines):
    """What is taken of each charge of one end account, by its place, with the discount's id: of what is said most exactly, and of
    that the first.  lines: offering, subscription, first day, account that is billed, amount, and more.  Amounts go to the end accounts in
    their order and within one to its charges in proportion, in the order of what they are of, as differences of rounded sums."""
    counts = collections.defaultdict(list)
    for place, (offering, sub, first, billed, net, *_) in enumerate(lines):
        of = [row for row in granted[billed] if net > 0 and row[5] <= first < row[6] and row[1] in (None, offering) and row[2] in (None, sub)]
        if of:
            best = min(of, key=lambda row: (row[2] is None, row[1] is None, int(row[0])))
            counts[best[0], best[3], best[4]].append(place)
    taken = {}
    for (one, percent, amount), places in counts.items():
        whole, upto, before = sum(lines[place][4] for place in places), 0, 0
        takes = 0 if percent else min(whole, left.setdefault(one, int(amount)))
        if not percent:
            left[one] -= takes
        for place in sorted(places, key=lambda place: (int(lines[place][0]), int(lines[place][1]), lines[place][2])):
            net = lines[place][4]
            upto += net
            part = rounded(net * D(percent) / HUNDRED) if percent else rounded(D(takes) * upto / whole) - before
            before += part
            if part > 0:
                taken[place] = (part, one)
    return taken


def topped(account, tenant, agreement, charged):
    """What an account is charged less than its minimum of the first day: its offering, how much, and why it cannot be billed.  None:
    nothing is missing.  The account's own minimum wins."""
    live = [row for key in ((account, "0"), ("0", agreement)) for row in least[key] if row[3] <= start < row[4]]
    if not live or charged >= int(live[0][2]):
        return None
    offering, tax = live[0][1], agreement and tax_of(tenant, agreement, live[0][1], start)
    return offering, int(live[0][2]) - charged, tax, None if tax else "tax" if agreement else "agreement"


sums = collections.defaultdict(int)  # account, agreement, category, rate
costs = collections.defaultdict(int)  # seller, id of a rate, and what it converts: the rate, scales of both currencies


charged = collections.defaultdict(int)  # net, of each account that is billed
top_ups, discounts_taken = [], 0


def top_up(account, tenant, agreement, currency, want, reasons):
    """What is missing to the account's minimum, as one charge more on the edge of its seller, or why there is none; currency: of the
    account, where that can be another one than its agreement's."""
    missing, position = topped(account, tenant, agreement, charged[account]), str(len(sellers(tenant)) - 1)
    if missing is None:
        return
    offering, amount, tax, trouble = missing
    if agreement and currency not in (None, agreements[agreement][1]):
        trouble = "currency"
    if trouble:
        reasons[offering, position].add(trouble)
        return
    top_ups.append(account)
    unit = (D(amount) / decimals[agreements[agreement][1]]).quantize(SIX)
    want[offering, "0", start, position] = (end, "1.000000", "1", "1", tenant, account, agreement, str(unit), str(amount), None, None, str(amount), tax[0], str(tax[1]))
    sums[account, agreement, *tax] += amount


def judge(account, tenant, currency, closed, subscriptions, usage, charges, rejects, parked):
    """One account: how many of its things have a price on every edge."""
    global discounts_taken
    want, reasons, good, lines = {}, collections.defaultdict(set), 0, []
    for offering, sub, first, last, q, days, of_days in things(account, subscriptions, usage):
        agreement = holds(own[tenant, account], first) or holds(standard[tenant], first)
        if agreement and agreements[agreement][1] != currency:
            agreement = None
        if closed:
            reasons[None].add(closed)
            continue
        price, edges = chain(tenant, agreement, account, offering, first)
        troubles = [edge.trouble for edge in edges]
        if not any(troubles):
            bases = [worth(price[3], D(price[4]), edge.tiers, q) for edge in edges]
            troubles = ["too_much" if base is None else None for base in bases]
        if any(troubles):
            # Where another edge has no price, one that does not reach is not looked at.
            for position, trouble in enumerate(troubles):
                if trouble:
                    reasons[offering, str(position)].add(trouble)
            continue
        good += 1
        for position, (edge, base) in enumerate(zip(edges, bases)):
            lines.append((offering, sub, first, edge.account or account, rounded(base * days * edge.scale / of_days), position, edge, edges[position - 1].scale,
                          (last, str(q.quantize(SIX)), str(days), str(of_days)), str((base / q).quantize(SIX))))
    taken = discounted(account, lines)
    discounts_taken += len(taken)
    for place, (offering, sub, first, billed, amount, position, edge, scale_above, share, unit) in enumerate(lines):
        off, one = taken.get(place, (None, None))
        net = amount - (off or 0)
        want[offering, sub, first, str(position)] = (*share, edge.seller, billed, edge.agreement, unit, str(amount), one, None if off is None else str(off), str(net),
                                                     edge.tax[0], str(edge.tax[1]))
        sums[billed, edge.agreement, *edge.tax] += net
        charged[billed] += net
        if position > 0 and edge.cost_rate is not None:
            costs[edge.seller, edge.cost_rate[1], edge.cost_rate[0], scale_above, edge.scale] += bought
        bought = net
    agreement = holds(own[tenant, account], start) or holds(standard[tenant], start)
    if not closed:
        top_up(account, tenant, agreement if agreement and agreements[agreement][1] == currency else None, None, want, reasons)
    got = {tuple(row[:4]): tuple(row[4:]) for row in charges}
    if got != want or len(got) != len(charges):
        for key in sorted(set(got) | set(want), key=str):
            if got.get(key) != want.get(key):
                differs(f"account {account}, offering {key[0]}, subscription {key[1]} from {key[2]}, edge {key[3]}: {got.get(key)}, not {want.get(key)}")
    if parked != [next(iter(reasons.pop(None)))] if None in reasons else parked:
        differs(f"account {account} is parked: {parked}")
    if {(of, position) for of, position, _ in rejects} != set(reasons) or any(reason not in reasons[of, position] for of, position, reason in rejects):
        differs(f"account {account}: {rejects} could not be billed, not {dict(reasons)}")
    return good


class Stream:
    """Rows in the order of the accounts that they begin with; what is asked for goes up."""

    def __init__(self, sql):
        self.groups = itertools.groupby(rows(sql), lambda row: int(row[0]))
        self.left = 0
        self.next()

    def next(self):
        group = next(self.groups, None)
        self.at, self.rows = (None, []) if group is None else (group[0], [row[1:] for row in group[1]])

    def of(self, account):
        if self.at is None or self.at > account:
            return []
        found, of = self.rows, self.at
        self.next()
        if of != account:
            differs(f"account {of} is billed and is none at the end of a chain")
            return self.of(account)
        self.left += len(found)
        return found


bought_by = "SELECT k.id FROM account k JOIN customer f ON f.id = k.customer_id WHERE f.buyer_id IS NOT NULL"
subscriptions = Stream("""SELECT s.account_id, s.id, s.offering_id, s.quantity, s.starts, s.ends, q.starts, q.ends, q.quantity
    FROM subscription s LEFT JOIN subscription_quantity q ON q.subscription_id = s.id ORDER BY s.account_id""")
usage = Stream(f"SELECT account_id, offering_id, SUM(quantity) FROM usage_event WHERE day >= '{start}' AND day < '{end}' GROUP BY account_id, offering_id ORDER BY account_id")
charges = Stream(f"""SELECT b.account_id, b.offering_id, b.subscription_id, b.starts, h.position, b.ends, b.quantity, b.days, b.of_days, h.seller_id, h.account_id,
    h.agreement_id, h.unit, h.amount, h.discount_id, h.discount, h.net, h.tax_category, h.tax_rate FROM billable b LEFT JOIN charge h ON h.billable_id = b.id
    WHERE b.run_id = {run} AND NOT b.account_id IN ({bought_by}) ORDER BY b.account_id""")
rejects = Stream(f"SELECT account_id, offering_id, position, reason FROM reject WHERE run_id = {run} AND NOT account_id IN ({bought_by}) ORDER BY account_id")
parked = Stream(f"SELECT account_id, reason FROM bill_run_parked WHERE run_id = {run} ORDER BY account_id")
cases = 0
for account, tenant, currency, state in rows(f"""SELECT a.id, a.tenant_id, a.currency, a.state FROM account a JOIN customer c ON c.id = a.customer_id
        WHERE c.buyer_id IS NULL AND a.cycle_day = {cycle} ORDER BY a.id"""):
    closed = "closed" if state == "closed" else "seller_closed" if any(tenants[seller][1] == "closed" for seller in sellers(tenant)) else None
    found = [stream.of(int(account)) for stream in (subscriptions, usage, charges, rejects, parked)]
    cases += judge(account, tenant, currency, closed, *found[:4], [row[0] for row in found[4]])

# ---- resellers: over all that they bought ----

want, reasons = {}, collections.defaultdict(set)
for account, tenant, buyer, currency, state in rows(f"""SELECT a.id, a.tenant_id, c.buyer_id, a.currency, a.state FROM account a JOIN customer c ON c.id = a.customer_id
        WHERE c.buyer_id IS NOT NULL AND a.cycle_day = {cycle} ORDER BY a.id"""):
    mine, why = {}, collections.defaultdict(set)
    if state != "closed" and not any(tenants[seller][1] == "closed" for seller in sellers(buyer)):
        top_up(account, tenant, holds(between[tenant, buyer], start), currency, mine, why)
    want.update({(account, *key): value for key, value in mine.items()})
    reasons.update({(account, *key): value for key, value in why.items()})
got = {tuple(row[:5]): tuple(row[5:]) for row in rows(f"""SELECT b.account_id, b.offering_id, b.subscription_id, b.starts, h.position, b.ends, b.quantity, b.days, b.of_days, h.seller_id,
    h.account_id, h.agreement_id, h.unit, h.amount, h.discount_id, h.discount, h.net, h.tax_category, h.tax_rate FROM billable b LEFT JOIN charge h ON h.billable_id = b.id
    WHERE b.run_id = {run} AND b.account_id IN ({bought_by})""")}
refused = {tuple(row[:3]): {row[3]} for row in rows(f"SELECT account_id, offering_id, position, reason FROM reject WHERE run_id = {run} AND account_id IN ({bought_by})")}
for have, wanted in ((got, want), (refused, dict(reasons))):
    for key in sorted(set(have) | set(wanted), key=str):
        if have.get(key) != wanted.get(key):
            differs(f"reseller's account {key[0]}, offering {key[1]}: {have.get(key)}, not {wanted.get(key)}")
said = {account: (missing, of) for account, missing, of in rows(f"SELECT account_id, amount, charged FROM minimum_use WHERE run_id = {run} AND trouble IS NULL")}
if set(said) != set(top_ups) or any(int(of) != charged[account] for account, (_, of) in said.items()):
    differs(f"what was charged before minimums is not what the run says: {len(said)} of {len(top_ups)}")

# ---- documents: tax is of each rate's sum, rounded once ----

taxes = {(account, agreement, category, str(rate)): (str(base), str(rounded(base * rate / HUNDRED))) for (account, agreement, category, rate), base in sums.items()}
documents = collections.defaultdict(lambda: [0, 0])
for (account, agreement, _, _), (base, amount) in taxes.items():
    documents[account, agreement][0] += int(base)
    documents[account, agreement][1] += int(amount)
got = {(account, agreement, category, rate): (base, amount) for account, agreement, category, rate, base, amount in rows(
    f"""SELECT d.account_id, d.agreement_id, t.category, t.rate, t.base, t.amount FROM draft d JOIN document_tax t ON t.document_id = d.document_id WHERE d.run_id = {run}""")}
faces = {(account, agreement): [int(n) for n in numbers] for account, agreement, *numbers in rows(
    f"SELECT d.account_id, d.agreement_id, x.net, x.tax, x.gross FROM draft d JOIN document x ON x.id = d.document_id WHERE d.run_id = {run}")}
wanted = {key: [net, tax, net + tax] for key, (net, tax) in documents.items()}
for what, have, want in (("tax", got, taxes), ("document", faces, wanted)):
    for key in sorted(set(have) | set(want)):
        if have.get(key) != want.get(key):
            differs(f"{what} of account {', '.join(key)}: {have.get(key)}, not {want.get(key)}")

# ---- what was converted for margins, rounded once a rate ----

wanted = {(seller, rate): [cost, rounded(cost * worth / scale * to_scale)] for (seller, rate, worth, scale, to_scale), cost in costs.items()}
got = {(seller, rate): [int(n) for n in numbers] for seller, rate, *numbers in rows(
    f"SELECT tenant_id, rate_id, cost, converted FROM settlement_conversion WHERE run_id = {run}")}
for key in sorted(set(got) | set(wanted)):
    if got.get(key) != wanted.get(key):
        differs(f"what tenant {key[0]} bought, converted at rate {key[1]}: {got.get(key)}, not {wanted.get(key)}")

for line in bad[:20]:
    print(line)
print(f"cases {cases} charges {charges.left} documents {len(faces)} rejects {rejects.left} minimums {len(top_ups)} discounts {discounts_taken} parked {parked.left} bad {len(bad)}")
sys.exit(1 if bad else 0)
