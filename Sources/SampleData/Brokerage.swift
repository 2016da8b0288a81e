import Glibc
import Numerics

/// Customers of an online broker and whether they left, made up.
///
/// The export lists accounts as the back office keeps them: open accounts first, closed ones after, each in the order of
/// opening. Whoever trains on it without shuffling sees one class at a time. Scales run from thousandths (`fee_rate`) to
/// millions (`equity`).
enum Brokerage {
    private struct Customer {
        var line: String
        var month: Int
        var left: Bool
    }

    static func text() -> String {
        var random = RandomSource(seed: 3)
        let customers = (0..<20_000).map { _ in customer(&random) }
        let header =
            "account,opened,plan,app,equity,cash_share,fee_rate,trades_per_month,volatility,drawdown,days_since_login,tickets,churned"
        let parts = [false, true].flatMap { left in
            customers.enumerated().filter { $1.left == left }
                .sorted { ($0.element.month, $0.offset) < ($1.element.month, $1.offset) }.map(\.element.line)
        }
        return ([header] + parts).joined(separator: "\n") + "\n"
    }

    private static func customer(_ random: inout RandomSource) -> Customer {
        let month = random.integer(below: 96)
        let plan = [0, 0, 0, 1, 1, 2][random.integer(below: 6)]
        let usesApp = random.uniform() < 0.35 + 0.15 * Double(plan)
        let wealth = random.normal()
        let equity = exp(9.4 + 1.3 * wealth + 0.5 * Double(plan))
        let cash = 1 / (1 + exp(-(random.normal() - 0.8)))
        let fee = max(0.0004, 0.0031 - 0.0006 * Double(plan) + 0.0007 * random.normal())
        let trades = exp(1.4 + 0.35 * Double(plan) + 0.9 * random.normal())
        let volatility = 0.04 + 0.5 / (1 + exp(-(0.7 * random.normal() - 1.2)))
        let drawdown = min(0.9, volatility * (0.7 + 0.35 * abs(random.normal())))
        let login = min(400, -28 * log(1 - random.uniform()) * (usesApp ? 0.6 : 1.3))
        var tickets = 0
        while tickets < 9, random.uniform() < 0.38 { tickets += 1 }
        var score = -1.0 + 1150 * (fee - 0.0025) + 0.043 * (login - 27) + 7.5 * (drawdown - 0.18) + 0.85 * Double(tickets)
        score += 2.2 * (cash - 0.33) - 0.9 * (usesApp ? 1 : 0) - 0.6 * wealth - 0.55 * Double(plan) - 0.004 * Double(96 - month)
        let left = random.uniform() < 1 / (1 + exp(-score))
        let year = 2018 + month / 12
        let account = "BK-\(100_000 + random.integer(below: 900_000))"
        let opened = "\(year)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)-\(10 + random.integer(below: 19))"
        let line =
            "\(account),\(opened),\(["basic", "plus", "pro"][plan]),\(usesApp ? "yes" : "no"),\(decimal(equity, 2)),"
            + "\(decimal(cash, 3)),\(decimal(fee, 5)),\(decimal(trades, 1)),\(decimal(volatility, 4)),\(decimal(drawdown, 4)),"
            + "\(decimal(login, 0)),\(tickets),\(left ? "yes" : "no")"
        return Customer(line: line, month: month, left: left)
    }
}
