import Glibc

/// The features of a column of dates or of times of day: parts of the calendar and of the clock, cycles, and time gone by.
package struct DateEncoding: Sendable, Hashable, Codable {
    /// One or more features.
    package enum Feature: Sendable, Hashable, Codable {
        /// The part's number.
        case value(DatePart)
        /// A feature of 0 and 1 for each of these values, which ascend; others are 0 in all of them.
        case indicators(DatePart, [Int])
        /// Sine and cosine of so many multiples of a cycle.
        case harmonics(DateCycle, Int)
        /// Time since `start`, in units of so many seconds.
        case elapsed(unit: Double)

        var width: Int {
            switch self {
            case .value, .elapsed: 1
            case .indicators(_, let values): values.count
            case .harmonics(_, let count): 2 * count
            }
        }

        func names(_ column: String) -> [String] {
            switch self {
            case .value(let part): ["\(column) (\(part.words))"]
            case .indicators(let part, let values): values.map { "\(column) (\(part.words)=\(part.text($0)))" }
            case .harmonics(let cycle, let count):
                (1...max(1, count)).flatMap { order in
                    ["sin", "cos"].map { "\(column) (\($0)\(order > 1 ? " \(order)" : "") of \(cycle.rawValue))" }
                }
            case .elapsed(let unit): ["\(column) (elapsed\(unit == 86_400 ? " days" : ""))"]
            }
        }
    }

    /// In the order of the features.
    package var features: [Feature]
    /// The earliest moment of the training rows, in seconds as the column has them.
    package var start: Double
    /// What stands in for a missing one.
    package var fill: Double

    /// Features there may be at most.
    private static let widthLimit = 1000

    var width: Int { features.reduce(0) { $0 + $1.width } }

    func names(_ column: String) -> [String] { features.flatMap { $0.names(column) } }

    /// Places, among its features, of those that are 0 or 1 and one of which at most is 1.
    var indicators: [Range<Int>] {
        var place = 0
        return features.compactMap { feature in
            defer { place += feature.width }
            guard case .indicators = feature else { return nil }
            return place..<place + feature.width
        }
    }

    /// What cannot be true of an encoding that was learned; nil = all can.
    var fault: String? {
        guard start.isFinite, fill.isFinite else { return "has no finite dates" }
        for feature in features {
            switch feature {
            case .value: continue
            case .indicators(_, let values):
                guard !values.isEmpty, values.count <= Self.widthLimit, zip(values, values.dropFirst()).allSatisfy({ $0 < $1 })
                else { return "has indicators out of order" }
            case .harmonics(_, let count):
                guard (1...Self.widthLimit / 2).contains(count) else { return "has \(count) harmonics" }
            case .elapsed(let unit):
                guard unit.isNormal, unit > 0 else { return "counts time in units of \(unit) seconds" }
            }
        }
        return features.isEmpty || features.count > Self.widthLimit ? "has \(features.count) features of dates" : nil
    }

    /// Writes the features of a moment, NaN for a missing one that is not filled in; false when it lies too far away.
    func write(_ seconds: Double, into target: UnsafeMutablePointer<Float>, keepsMissing: Bool) -> Bool {
        if seconds.isNaN, keepsMissing {
            for index in 0..<width { target[index] = .nan }
            return true
        }
        let moment = seconds.isNaN ? fill : seconds, parts = DateParts(moment)
        var place = target
        for feature in features {
            switch feature {
            case .value(let part): place[0] = Float(parts.value(part))
            case .indicators(let part, let values):
                let value = parts.value(part)
                for index in values.indices { place[index] = values[index] == value ? 1 : 0 }
            case .harmonics(let cycle, let count):
                let angle = 2 * Double.pi * parts.phase(cycle)
                for order in 1...count {
                    place[2 * order - 2] = Float(sin(angle * Double(order)))
                    place[2 * order - 1] = Float(cos(angle * Double(order)))
                }
            case .elapsed(let unit):
                place[0] = Float((moment - start) / unit)
                guard place[0].isFinite else { return false }
            }
            place += feature.width
        }
        return true
    }
}
