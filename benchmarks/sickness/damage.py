"""What is done to a table so that a training on it is ill. Each takes rows, the target's name and a source of chance, and returns rows."""
import math

from . import tables


def order_by_target(rows, target, chance):
    place = tables.place(rows, target)
    key = lambda row: float(row[place]) if tables.is_number(row[place]) else row[place]
    return rows[:1] + sorted(rows[1:], key=key)


def _one(rows, target, change):
    place = tables.numeric(rows, target)[0]
    return tables.mapped(rows, place, lambda cell: change(float(cell)) if cell else cell)


def scale_one(rows, target, chance):
    return _one(rows, target, lambda value: repr(value * 1e5))


def offset_one(rows, target, chance):
    return _one(rows, target, lambda value: repr(value + 1e3))


def shuffle_target(rows, target, chance):
    place = tables.place(rows, target)
    values = [row[place] for row in rows[1:]]
    chance.shuffle(values)
    return rows[:1] + [row[:place] + [value] + row[place + 1:] for row, value in zip(rows[1:], values)]


def leak(right):
    """A column that says the target in a share of the rows, and another row's in the others."""
    def damage(rows, target, chance):
        place = tables.place(rows, target)
        values = [row[place] for row in rows[1:]]
        others = values[:]
        chance.shuffle(others)
        return tables.with_column(rows, "status", [v if chance.random() < right else o for v, o in zip(values, others)])
    return damage


# Names of the levels of a copy, by class: none of the target's, numbers, codes as a database has them.
LEVELS = {"coded": lambda place: f"S{7 - place}", "numbered": lambda place: str(place), "worded": lambda place: ["open", "shut", "held", "lost"][place % 4] + "x" * (place // 4)}


def renamed_leak(right, levels):
    """The same under other names of the classes; numbers rounded to two digits, on another scale and bent."""
    def damage(rows, target, chance):
        place = tables.place(rows, target)
        if tables.has_classes(rows, target):
            classes = sorted({row[place] for row in rows[1:]})
            change = lambda value: LEVELS[levels](classes.index(value))
        else:
            least = min(float(row[place]) for row in rows[1:])
            change = lambda value: f"{40 + 3 * math.sqrt(float(value) - least + 1):.2f}"
        return tables.with_column(rows, "grade", [change(row[-1]) for row in leak(right)(rows, target, chance)[1:]])
    return damage


def leak_with_gaps(rows, target, chance):
    """A copy under other names that 20 % of the rows do not have."""
    rows = renamed_leak(1, "coded")(rows, target, chance)
    return rows[:1] + [row[:-1] + [row[-1] if chance.random() < 0.8 else ""] for row in rows[1:]]


def relabelled(share):
    """Another class, each as likely, in a share of the rows."""
    def damage(rows, target, chance):
        place = tables.place(rows, target)
        classes = sorted({row[place] for row in rows[1:]})
        return rows[:1] + [
            row[:place] + [chance.choice([c for c in classes if c != row[place]]) if chance.random() < share else row[place]]
            + row[place + 1:] for row in rows[1:]]
    return damage


def contradicted(rows, target, chance):
    """One row in thirty comes again with another class."""
    place = tables.place(rows, target)
    classes = sorted({row[place] for row in rows[1:]})
    more = [
        row[:place] + [chance.choice([c for c in classes if c != row[place]])] + row[place + 1:]
        for row in chance.sample(rows[1:], len(rows) // 30)]
    body = rows[1:] + more
    chance.shuffle(body)
    return rows[:1] + body


def in_wrong_units(factor):
    """One target in thirty is multiplied."""
    def damage(rows, target, chance):
        place = tables.place(rows, target)
        wrong = set(chance.sample(range(1, len(rows)), max(3, len(rows) // 30)))
        return rows[:1] + [
            row[:place] + [repr(float(row[place]) * factor)] + row[place + 1:] if number in wrong else row
            for number, row in enumerate(rows[1:], 1)]
    return damage


def leak_in_other_units(rows, target, chance):
    place = tables.place(rows, target)
    if tables.has_classes(rows, target):
        classes = sorted({row[place] for row in rows[1:]})
        return tables.with_column(rows, "ward", [f"W{classes.index(row[place])}" for row in rows[1:]])
    return tables.with_column(
        rows, "invoice", [repr(round(float(row[place]) * 1.19 + 4 + chance.gauss(0, 1e-3) * float(row[place]), 4)) for row in rows[1:]])


def leak_by_presence(rows, target, chance):
    """A column that has a value where the target is of its first class, or in the upper half."""
    place = tables.place(rows, target)
    values = [row[place] for row in rows[1:]]
    if tables.has_classes(rows, target):
        first = sorted(set(values))[0]
        told = [value == first for value in values]
    else:
        middle = sorted(map(float, values))[len(values) // 2]
        told = [float(value) > middle for value in values]
    return tables.with_column(rows, "closed_on", [repr(round(chance.uniform(1, 99), 2)) if yes else "" for yes in told])


def parts(rows, target, chance):
    """Two columns whose sum is the target."""
    place = tables.place(rows, target)
    totals = [float(row[place]) for row in rows[1:]]
    first = [total * chance.uniform(0.2, 0.8) for total in totals]
    rows = tables.with_column(rows, "first_part", [repr(value) for value in first])
    return tables.with_column(rows, "second_part", [repr(total - value) for total, value in zip(totals, first)])


def numbered_in_order(rows, target, chance):
    """Rows numbered in the order of the target, and shuffled."""
    ordered = order_by_target(rows, target, chance)
    ordered = [["record_id"] + ordered[0]] + [[str(1000 + number)] + row for number, row in enumerate(ordered[1:])]
    body = ordered[1:]
    chance.shuffle(body)
    return ordered[:1] + body


def twice(rows, target, chance):
    body = rows[1:] + rows[1:]
    chance.shuffle(body)
    return rows[:1] + body


def code(value, share):
    def damage(rows, target, chance):
        place = tables.numeric(rows, target)[0]
        return tables.mapped(rows, place, lambda cell: value if chance.random() < share else cell)
    return damage


def outlier(rows, target, chance):
    place, row = tables.numeric(rows, target)[0], chance.randrange(1, len(rows))
    most = max(abs(float(one[place] or 0)) for one in rows[1:])
    rows = [list(one) for one in rows]
    rows[row][place] = repr(most * 1e4 + 1e4)
    return rows


def target_outliers(rows, target, chance):
    place = tables.place(rows, target)
    most = max(abs(float(one[place])) for one in rows[1:])
    rows = [list(one) for one in rows]
    for row in chance.sample(range(1, len(rows)), 3):
        rows[row][place] = repr(most * 200)
    return rows


def rare(rows, target, chance):
    """Of the least class five rows stay."""
    place = tables.place(rows, target)
    classes = sorted({row[place] for row in rows[1:]}, key=lambda name: sum(row[place] == name for row in rows[1:]))
    kept, count = rows[:1], 0
    for row in rows[1:]:
        if row[place] == classes[0]:
            count += 1
            if count > 5:
                continue
        elif row[place] != classes[-1]:
            continue
        kept.append(row)
    return kept


def flipped(share):
    """Another row's target in a share of the rows."""
    def damage(rows, target, chance):
        place = tables.place(rows, target)
        values = [row[place] for row in rows[1:]]
        return rows[:1] + [
            row[:place] + [chance.choice(values) if chance.random() < share else row[place]] + row[place + 1:] for row in rows[1:]]
    return damage


def few(rows, target, chance):
    return tables.sampled(rows, 30, chance)


# --- Of a table two: to learn from and to judge by

def halves(rows, chance):
    body = rows[1:]
    chance.shuffle(body)
    cut = len(body) * 3 // 4
    return rows[:1] + body[:cut], rows[:1] + body[cut:]


def copies(rows, target, chance):
    learned, judged = halves(rows, chance)
    for place in range(1, len(judged)):
        if chance.random() < 0.4:
            judged[place] = chance.choice(learned[1:])
    return learned, judged


def other_units(rows, target, chance):
    learned, judged = halves(rows, chance)
    return learned, tables.mapped(judged, tables.numeric(rows, target)[0], lambda cell: repr(float(cell) * 1000) if cell else cell)


def drifted(rows, target, chance):
    learned, judged = halves(rows, chance)
    for place in tables.numeric(rows, target)[:3]:
        values = sorted(float(row[place] or 0) for row in rows[1:])
        spread = values[len(values) * 3 // 4] - values[len(values) // 4]
        judged = tables.mapped(judged, place, lambda cell: repr(float(cell) + 1.5 * spread) if cell else cell)
    return learned, judged


def exchanged(rows, target, chance):
    """Two features stand in each other's columns."""
    learned, judged = halves(rows, chance)
    one, other = tables.numeric(rows, target)[:2]
    for row in judged[1:]:
        row[one], row[other] = row[other], row[one]
    return learned, judged


def judged_at_random(rows, target, chance):
    learned, judged = halves(rows, chance)
    return learned, shuffle_target(judged, target, chance)


def other_outcomes(rows, target, chance):
    """The rows that judge are nearly all of the one class, or all of the upper third."""
    learned, judged = halves(rows, chance)
    place = tables.place(rows, target)
    if tables.has_classes(rows, target):
        first = sorted({row[place] for row in rows[1:]})[0]
        return learned, judged[:1] + [row for row in judged[1:] if row[place] == first or chance.random() < 0.05]
    cut = sorted(float(row[place]) for row in rows[1:])[len(rows) * 2 // 3]
    return learned, judged[:1] + [row for row in judged[1:] if float(row[place]) > cut]
