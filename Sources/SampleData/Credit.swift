import CheckedNumbers
import Glibc
import Numerics

/// Consumer loans and whether they were paid back, made up: one in ten was not, some incomes are missing because nobody gave one, and
/// the applicants' numbers name nothing but the row. Accuracy flatters whoever always says "paid"; the area under the curve does not.
enum Credit {
    private static let purposes = ["car", "furniture", "education", "business", "repairs", "holiday"]
    private static let homes = ["own", "rent", "with parents"]

    static func text() -> String {
        var random = RandomSource(seed: 5)
        var lines = [
            "application_id,applied,age,income,employed_years,home,purpose,amount,months,open_loans,late_payments,default"
        ]
        for index in 0..<3000 {
            let age = Double(20 + random.integer(below: 45))
            let employed = min(age - 18, -6 * log(1 - random.uniform()))
            let home = [0, 0, 1, 1, 1, 2][random.integer(below: 6)]
            let purpose = random.integer(below: purposes.count)
            let income = exp(10.2 + 0.012 * (age - 40) + 0.02 * employed + 0.38 * random.normal())
            let amount = exp(8.4 + 0.55 * random.normal() + (purpose == 3 ? 0.6 : 0))
            let months = [12, 24, 36, 48, 60][random.integer(below: 5)]
            var loans = 0, late = 0
            while loans < 6, random.uniform() < 0.35 { loans += 1 }
            while late < 5, random.uniform() < 0.22 { late += 1 }
            let burden = amount / income * 36 / Double(months)
            var score = -4.1 + 0.9 * Double(late) + 0.28 * Double(loans) + 3.6 * min(1, burden) - 0.07 * employed
            score += [-0.5, 0.2, 0.1][home] + [0, 0.1, -0.2, 0.6, 0, 0.5][purpose] - 0.015 * (age - 40)
            let isUnknown = random.uniform() < 0.11
            if isUnknown { score += 0.7 }
            let day = random.integer(below: 730)
            let isDefault = random.uniform() < 1 / (1 + exp(-score))
            lines.append(
                "A-\(240_000 + (index * 7919) % 3000),\(date(day)),\(decimal(age, 0)),\(isUnknown ? "" : decimal(income / 10, 0) + "0"),"
                    + "\(decimal(employed, 1)),\(homes[home]),\(purposes[purpose]),\(decimal(amount / 50, 0))00,\(months),\(loans),\(late),"
                    + (isDefault ? "yes" : "no"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// A day of 2022 or 2023, from 0.
    static func date(_ day: Int) -> String {
        var rest = day % 365, month = 0
        while rest >= monthLengths[month] {
            rest -= monthLengths[month]
            month += 1
        }
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(2022 + day / 365)-\(two(month + 1))-\(two(rest + 1))"
    }
}
