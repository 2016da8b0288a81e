"""Words that stand for a missing value, for models that score where the program is not: `MissingWords` and `dk_is_missing` are theirs."""

NUMBERS = [
    "", "?", "na", "n/a", "n.a.", "n.a", "nan", "null", "none", "nil", "missing", "nat", "-", "--", "---", ".", "\\n", "<na>", "#n/a",
    "#na", "#n/a n/a", "-nan", "-1.#ind", "-1.#qnan", "1.#ind", "1.#qnan", "#value!", "#div/0!", "#ref!", "#num!", "#name?", "#null!",
    "(null)", "[null]", "–", "—", "0000-00-00", "0000-00-00 00:00:00",
]
TEXTS = ["", "?", "NA", "NaN", "nan", "N/A", "n/a", "NAN", "null", "NULL", "None", "<NA>", "#N/A", "Null"]
