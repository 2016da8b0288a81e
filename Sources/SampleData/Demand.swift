import Glibc
import Numerics

/// Daily demand for heat and power in a town over two years, made up: season, weekday, weather, and noise that carries over to the next
/// day. Beside it stands the demand of the fourteen days before, columns that say nearly the same: the fewer rows, the wilder their
/// weights, unless they are held small.
enum Demand {
    private static let lagCount = 14

    static func text() -> String {
        var random = RandomSource(seed: 6)
        let warmUp = lagCount, count = 730
        var demand: [Double] = [], temperatures: [Double] = []
        var weather = 0.0, noise = 0.0
        for day in 0..<count + warmUp {
            let season = 2 * Double.pi * Double(day - warmUp) / 365.25
            weather = 0.8 * weather + 1.6 * random.normal()
            noise = 0.6 * noise + 3.2 * random.normal()
            let temperature = 10.5 - 9.5 * cos(season - 0.35) + weather
            // 1 January 2022 was a Saturday.
            let weekday = (day - warmUp + 5 + 70) % 7
            demand.append(
                182 + 4.2 * max(0, 16 - temperature) + 1.9 * max(0, temperature - 21) - [0, 0, 0, 0, 4, 21, 28][weekday] + noise)
            temperatures.append(temperature)
        }
        var lines = ["date,temperature,\((1...lagCount).map { "lag_\($0)" }.joined(separator: ",")),demand"]
        for day in warmUp..<count + warmUp {
            let lags = (1...lagCount).map { decimal(demand[day - $0], 1) }.joined(separator: ",")
            lines.append("\(Credit.date(day - warmUp)),\(decimal(temperatures[day], 1)),\(lags),\(decimal(demand[day], 1))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
