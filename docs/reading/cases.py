"""Forty files that people have, and what a careful person reads in each.

What is right was written down before any program was run. A case is a name, a sentence, the file's
bytes, its rows and its columns. `ANY` is a column that has no name in the file.
"""

import datetime
import gzip

ANY = "*"
CASES = []


def case(file, about, content, rows, **columns):
    """Adds a file; `columns` is either names as keywords or `all=[(name, what), ...]`."""
    pairs = columns.pop("all", None) or list(columns.items())
    data = content.encode() if isinstance(content, str) else content
    CASES.append({"file": file, "about": about, "data": data, "rows": rows, "columns": pairs})


def number(low, high, missing=0):
    """A column of numbers: its smallest, its largest and how many are missing."""
    return {"kind": "number", "low": low, "high": high, "missing": missing}


def date(low, high, missing=0):
    """A column of moments, in UTC where the file has zones."""
    seconds = [datetime.datetime.fromisoformat(t).replace(tzinfo=datetime.timezone.utc).timestamp() for t in (low, high)]
    return {"kind": "date", "low": seconds[0], "high": seconds[1], "missing": missing}


def span(low, high, missing=0):
    """A column of durations, in seconds."""
    return {"kind": "span", "low": low, "high": high, "missing": missing}


def text(value, missing=0):
    """A column of words; `value` is one of them."""
    return {"kind": "text", "has": value, "missing": missing}


def key(value, missing=0):
    """A column of names for things: whatever its type, `value` must come out digit for digit."""
    return {"kind": "key", "has": value, "missing": missing}


def lines(*rows, end="\n"):
    return end.join(rows) + end


# Headers and layout
case("no-header.csv", "numbers, no header", lines("1,2", "3,4", "5,6"), 3,
     all=[(ANY, number(1, 5)), (ANY, number(2, 6))])
case("no-header-text.csv", "names and towns, no header", lines("Ann,Oslo", "Bob,Rome", "Cid,Bonn"), 3,
     all=[(ANY, text("Ann")), (ANY, text("Oslo"))])
case("years.csv", "years as column names", lines("country,2019,2020", "FR,1,2", "DE,3,4"), 2,
     all=[("country", text("FR")), ("2019", number(1, 3)), ("2020", number(2, 4))])
case("row-names.csv", "R's row names: the header is one short", lines("a,b", "r1,1,2", "r2,3,4"), 2,
     all=[(ANY, text("r1")), ("a", number(1, 3)), ("b", number(2, 4))])
case("delimiter-at-ends.csv", "rows end in the delimiter, the header does not", lines("a,b", "1,2,", "3,4,"), 2,
     a=number(1, 3), b=number(2, 4))
case("sep-line.csv", "Excel's `sep=;` line", lines("sep=;", "id;price", "1;2,5", "2;13,75"), 2,
     id=number(1, 2), price=number(2.5, 13.75))
case("header-twice.csv", "two files put together: the header comes again", lines("a,b", "1,2", "3,4", "a,b", "5,6"), 3,
     a=number(1, 5), b=number(2, 6))
case("units.csv", "a second header line with units",
     lines("time,speed,load", "s,m/s,%", "0,1.5,40", "1,2.5,45", "2,2.75,50"), 3,
     time=number(0, 2), speed=number(1.5, 2.75), load=number(40, 50))
case("report.csv", "title, empty line, table, total",
     lines("Sales by region", "made 3 March 2024", "", "region,units,price", "North,12,2.5", "South,7,3.5", "West,9,3.0",
           "Total,28,"), 3,
     region=text("North"), units=number(7, 12), price=number(2.5, 3.5))
case("sensor.log", "`#` comments before and between, runs of blanks",
     lines("# logger 7, Oslo", "# time [s]  temp [C]", "t   temp", "0    21.5", "10   21.7", "# recalibrated", "20   -3.25"), 3,
     t=number(0, 20), temp=number(-3.25, 21.7))
case("ragged.csv", "some lines have a field too few", lines("id,name,note", "1,Ann,x", "2,Bob", "3,Cid,y", "4,Dan,z"), 4,
     id=number(1, 4), name=text("Bob"), note=text("y", 1))
case("duplicate-names.csv", "a name twice, and a missing one", lines("a,a,,b", "1,2,3,4", "5,6,7,8"), 2,
     all=[("a", number(1, 5)), (ANY, number(2, 6)), (ANY, number(3, 7)), ("b", number(4, 8))])
case("spaced.csv", "a blank behind every comma", lines("name, height, born", "Ann, 1.72, 1990-03-05", "Bob, 1.81, 1985-11-30"), 2,
     name=text("Ann"), height=number(1.72, 1.81), born=date("1985-11-30", "1990-03-05"))
case("quotes.csv", "line ends, quotes and commas inside quotes",
     lines('id,said', '1,"Well, ""yes""', 'and no"', '2,"a, b"'), 2, id=number(1, 2), said=text('Well, "yes"\nand no'))
MESSAGES = ['ok"', '"late again', 'see u at 5', 'he said "hi', '"sure" she said', 'fine', '"', 'see u at 5']
case("messages.tsv", "text messages under tab, quotes are plain characters, no header",
     lines(*[f"{'spam' if i % 5 == 4 else 'ham'}\t{MESSAGES[i % 8]}" for i in range(40)]), 40,
     all=[(ANY, text("ham")), (ANY, text("see u at 5"))])

# Numbers
case("german-bank.csv", "German bank export: preamble, cp1252, `;`, 1.234,56",
     lines("Kontoauszug;DE00 1234", "Zeitraum;01.01.2024 - 31.01.2024", "", "Buchungstag;Empfänger;Betrag",
           "02.01.2024;Bäckerei Müller;-12,50", "15.01.2024;Gehalt;3.210,00", "31.01.2024;Miete;-1.234,56", end="\r\n").encode("cp1252"), 3,
     all=[("Buchungstag", date("2024-01-02", "2024-01-31")), ("Empfänger", text("Bäckerei Müller")), ("Betrag", number(-1234.56, 3210))])
case("french-bank.csv", "French bank export: `1 234,56 €` with narrow blanks",
     lines("Date;Libellé;Montant", "05/01/2024;Café;-3,50\u202f€", "12/01/2024;Salaire;2\u202f450,00\u202f€", "28/01/2024;Loyer;-1\u202f020,75\u202f€"), 3,
     all=[("Date", date("2024-01-05", "2024-01-28")), ("Libellé", text("Café")), ("Montant", number(-1020.75, 2450))])
case("ledger.csv", "dollars, thousands, brackets for negatives",
     lines("account,balance,change", '4000,"$1,234.50",(12.00)', '4010,"$12,000.00",7.25', "4020,$5.00,(1.50)"), 3,
     account=key("4010"), balance=number(5, 12000), change=number(-12, 7.25))
case("percent.csv", "per cent", lines("plan,share", "a,12%", "b,7.5%", "c,80.5%"), 3, plan=text("a"), share=number(0.075, 0.805))
case("comma-under-bar.csv", "`|` between fields, decimal comma", lines("a|b", "1|2,5", "3|4,5", "5|10,25"), 3,
     a=number(1, 5), b=number(2.5, 10.25))
case("ids.csv", "ids with zeros in front and ids of 19 digits",
     lines("zip,order,y", "01067,1234567890123456789,1", "80331,1234567890123456790,0", "04109,1234567890123456791,1"), 3,
     zip=key("01067"), order=key("1234567890123456789"), y=number(0, 1))
case("phones.csv", "telephone numbers", lines("name,phone", "Ann,+49 170 1234567", "Bob,0170 7654321", "Cid,+47 22 12 34 56"), 3,
     name=text("Ann"), phone=key("0170 7654321"))
case("missing.csv", "missing values in many words",
     lines("a,b,c,d", "1,NA,2.5,n/a", "?,3,-,7", "4,5,NULL,8", "5,.,3.5,#N/A", "6,8,4.5,9"), 5,
     a=number(1, 6, 1), b=number(3, 8, 2), c=number(2.5, 4.5, 2), d=number(7, 9, 2))
case("late-word.csv", "30,000 whole numbers and one `sensor fault`",
     lines("n,v", *[f"{i},{i % 500}" for i in range(30_000)], "30000,sensor fault"), 30_001,
     n=number(0, 30_000), v=number(0, 499, 1))

# Dates
RIDES = [f"{1 + i:02}/{m:02}/{y}" for y in (11, 12) for m in range(1, 13) for i in range(28)]
case("rides.csv", "dd/mm/yy in order; day 13 comes after 300 rows",
     lines("day,hour,riders", *[f"{d},{h},{(7 * h + i) % 90}" for i, d in enumerate(RIDES) for h in range(24)]), len(RIDES) * 24,
     day=date("2011-01-01", "2012-12-28"), hour=number(0, 23), riders=number(0, 89))
case("american.csv", "mm/dd/yyyy with AM and PM", lines("at,x", "3/5/2024 2:30 PM,1", "3/15/2024 9:05 AM,2", "12/31/2024 12:00 AM,3"), 3,
     at=date("2024-03-05T14:30", "2024-12-31"), x=number(1, 3))
case("months.csv", "months by name", lines("when,x", "5 March 2024,1", "17 June 2024,2", "1 December 2023,3"), 3,
     when=date("2023-12-01", "2024-06-17"), x=number(1, 3))
case("gaps.csv", "ISO dates, an empty one and `NA`", lines("d,x", "2024-03-05,1", ",2", "NA,3", "2024-04-01,4"), 4,
     d=date("2024-03-05", "2024-04-01", 2), x=number(1, 4))
case("zones.csv", "moments under two zones, summer and winter",
     lines("at,x", "2024-03-30T12:00:00+01:00,1", "2024-03-31T12:00:00+02:00,2", "2024-04-01T00:30:00+02:00,3"), 3,
     at=date("2024-03-30T11:00", "2024-03-31T22:30"), x=number(1, 3))
case("epoch.csv", "milliseconds since 1970", lines("timestamp,x", "1709649015000,1", "1709649016500,2", "1709735415000,3"), 3,
     timestamp=date("2024-03-05T14:30:15", "2024-03-06T14:30:15"), x=number(1, 3))
case("weeks.csv", "ISO weeks", lines("week,x", "2020-W53,1", "2021-W01,2", "2021-W02,3"), 3,
     week=date("2020-12-28", "2021-01-11"), x=number(1, 3))
case("laps.csv", "durations", lines("runner,took", "Ann,1:02:03", "Bob,0:58:30.5", "Cid,26:00:00"), 3,
     runner=text("Ann"), took=span(3510.5, 93600))

# Encodings and packing
case("excel-unicode.txt", "Excel's Unicode text: UTF-16, tabs", b"\xff\xfe" + lines("Name\tGröße", "Zoë\t1,5", "Łukasz\t12,25", end="\r\n").encode("utf-16-le"), 2,
     all=[("Name", text("Zoë")), ("Größe", number(1.5, 12.25))])
case("mac.csv", "carriage returns for line ends", lines("a,b", "1,x", "2,y", "3,z", end="\r"), 3, a=number(1, 3), b=text("x"))
case("packed.csv.gz", "gzip, BOM, CRLF", gzip.compress(b"\xef\xbb\xbf" + lines("id,word", "1,früh", "2,spät", end="\r\n").encode(), mtime=0), 2,
     id=number(1, 2), word=text("früh"))

# Other formats; the binary ones are made in formats.py
case("events.json", "a list of objects with different keys, dates as text",
     '[{"id": 1, "at": "2024-03-05T10:00:00Z", "v": 1}, {"id": 2, "at": "2024-03-06T10:00:00Z", "v": 2.5, "tag": "x"}]', 2,
     id=number(1, 2), at=date("2024-03-05T10:00", "2024-03-06T10:00"), v=number(1, 2.5), tag=text("x", 1))
case("people.json", "objects inside objects",
     '[{"id": 1, "user": {"name": "Ann", "age": 31}},\n {"id": 2, "user": {"name": "Bob", "age": 44}}]', 2,
     all=[("id", number(1, 2)), ("user.name", text("Ann")), ("user.age", number(31, 44))])
case("table.feather", "Feather, with categories and missing values", b"", 3,
     name=text("Ann"), score=number(1.5, 2.5, 1), at=date("2024-01-31T08:00", "2024-03-31T08:00"))
case("workbook.xlsx", "a workbook with a title above the table", b"", 3,
     region=text("North"), units=number(7, 12), sold=date("2024-01-31", "2024-03-31"))
case("shop.sqlite", "a database with one table, dates as text", b"", 3,
     id=number(1, 3), price=number(2.5, 9.75, 1), day=date("2024-01-31", "2024-03-31"))
