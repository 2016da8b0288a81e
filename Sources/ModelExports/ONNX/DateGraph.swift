import Tables

/// What a calendar and a clock show of moments, as steps of a graph. Whole numbers in double precision, which are exact here.
///
/// - Source: days to year, month and day as H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
struct DateGraph {
    private let dates: DateEncoding
    private let keepsMissing: Bool
    private static let secondsOfDay = 86_400.0

    init(_ dates: DateEncoding, keepsMissing: Bool) { (self.dates, self.keepsMissing) = (dates, keepsMissing) }

    /// Adds the steps. - Shape: input [n, 1] in seconds, NaN = missing; returns [n, dates' features].
    func build(_ input: String, _ builder: inout GraphBuilder) -> String {
        let isMissing = builder.add("IsNaN", input)
        let moment = builder.add("Where", isMissing, builder.row([dates.fill]), input)
        var parts = Parts(moment: moment, &builder), columns: [String] = []
        for feature in dates.features { columns.append(build(feature, &parts, &builder)) }
        let all = builder.concatenated(columns)
        return keepsMissing ? builder.add("Where", isMissing, builder.row([Float.nan]), all) : all
    }

    private func build(_ feature: DateEncoding.Feature, _ parts: inout Parts, _ builder: inout GraphBuilder) -> String {
        switch feature {
        case .value(let part): return builder.cast(parts.value(part, &builder), to: .float)
        case .indicators(let part, let values):
            let whole = builder.cast(parts.value(part, &builder), to: .int64)
            let isEqual = builder.add("Equal", whole, builder.constant(.integers(values), [1, values.count]))
            return builder.cast(isEqual, to: .float)
        case .harmonics(let cycle, let count):
            let angle = builder.add("Mul", parts.phase(cycle, &builder), builder.row([2 * Double.pi]))
            let waves = (1...count).flatMap { order in
                let multiple = order == 1 ? angle : builder.add("Mul", angle, builder.row([Double(order)]))
                // Of the two waves, onnxruntime has only the sine in double precision.
                return [
                    builder.add("Sin", multiple), builder.add("Sin", builder.add("Add", multiple, builder.row([Double.pi / 2]))),
                ]
            }
            return builder.cast(builder.concatenated(waves), to: .float)
        case .elapsed(let unit):
            let gone = builder.add("Sub", parts.moment, builder.row([dates.start]))
            return builder.cast(builder.add("Div", gone, builder.row([unit])), to: .float)
        }
    }

    /// Moments taken apart, each part when it is first asked for.
    private struct Parts {
        let moment: String
        private let days: String, second: String, fraction: String
        private var civil: (year: String, month: String, day: String)?

        init(moment: String, _ builder: inout GraphBuilder) {
            self.moment = moment
            let whole = builder.add("Floor", moment)
            fraction = builder.add("Sub", moment, whole)
            days = builder.floored(whole, over: DateGraph.secondsOfDay)
            second = builder.rest(whole, days, DateGraph.secondsOfDay)
        }

        mutating func value(_ part: DatePart, _ builder: inout GraphBuilder) -> String {
            switch part {
            case .year: return calendar(&builder).year
            case .month: return calendar(&builder).month
            case .day: return calendar(&builder).day
            case .weekday: return weekday(&builder)
            case .weekend:
                let isLate = builder.add("GreaterOrEqual", weekday(&builder), builder.row([5.0]))
                return builder.cast(isLate, to: .double)
            case .hour: return builder.floored(second, over: 3600)
            case .minute: return builder.remainder(builder.floored(second, over: 60), 60)
            case .second: return builder.remainder(second, 60)
            case .hourOfWeek:
                let before = builder.add("Mul", weekday(&builder), builder.row([24.0]))
                return builder.add("Add", before, builder.floored(second, over: 3600))
            }
        }

        /// How much of a cycle is over.
        mutating func phase(_ cycle: DateCycle, _ builder: inout GraphBuilder) -> String {
            let time = builder.add("Add", second, fraction),
                ofDay = builder.add("Div", time, builder.row([DateGraph.secondsOfDay]))
            switch cycle {
            case .minute:
                let gone = builder.add("Add", builder.remainder(second, 60), fraction)
                return builder.add("Div", gone, builder.row([60.0]))
            case .hour:
                let gone = builder.add("Add", builder.remainder(second, 3600), fraction)
                return builder.add("Div", gone, builder.row([3600.0]))
            case .day: return ofDay
            case .week:
                return builder.add("Div", builder.add("Add", weekday(&builder), ofDay), builder.row([7.0]))
            case .year:
                let year = calendar(&builder).year
                let first = firstDay(of: year, &builder)
                let next = firstDay(of: builder.add("Add", year, builder.row([1.0])), &builder)
                let gone = builder.add("Add", builder.add("Sub", days, first), ofDay)
                return builder.add("Div", gone, builder.add("Sub", next, first))
            }
        }

        private func weekday(_ builder: inout GraphBuilder) -> String {
            builder.remainder(builder.add("Add", days, builder.row([3.0])), 7)
        }

        /// Days from 1 January 1970 to a year's.
        private func firstDay(of year: String, _ builder: inout GraphBuilder) -> String {
            let before = builder.add("Sub", year, builder.row([1.0]))
            let leaps = builder.add(
                "Add", builder.add("Sub", builder.floored(before, over: 4), builder.floored(before, over: 100)),
                builder.floored(before, over: 400))
            let all = builder.add("Add", builder.add("Mul", before, builder.row([365.0])), leaps)
            return builder.add("Sub", all, builder.row([719_162.0]))
        }

        private mutating func calendar(_ builder: inout GraphBuilder) -> (year: String, month: String, day: String) {
            if let civil { return civil }
            // Years that begin in March, in eras of 400.
            let shifted = builder.add("Add", days, builder.row([719_468.0]))
            let era = builder.floored(shifted, over: 146_097), day = builder.rest(shifted, era, 146_097)
            let uneven = builder.add(
                "Sub",
                builder.add("Add", builder.add("Sub", day, builder.floored(day, over: 1460)), builder.floored(day, over: 36_524)),
                builder.floored(day, over: 146_096))
            let year = builder.floored(uneven, over: 365)
            let before = builder.add(
                "Sub", builder.add("Add", builder.add("Mul", year, builder.row([365.0])), builder.floored(year, over: 4)),
                builder.floored(year, over: 100))
            let dayOfYear = builder.add("Sub", day, before)
            let month = builder.floored(
                builder.add("Add", builder.add("Mul", dayOfYear, builder.row([5.0])), builder.row([2.0])), over: 153)
            let start = builder.floored(
                builder.add("Add", builder.add("Mul", month, builder.row([153.0])), builder.row([2.0])), over: 5)
            let dayOfMonth = builder.add("Add", builder.add("Sub", dayOfYear, start), builder.row([1.0]))
            let isEarly = builder.cast(builder.add("GreaterOrEqual", month, builder.row([10.0])), to: .double)
            let civilMonth = builder.add(
                "Sub", builder.add("Add", month, builder.row([3.0])), builder.add("Mul", isEarly, builder.row([12.0])))
            let ofEra = builder.add("Add", year, builder.add("Mul", era, builder.row([400.0])))
            let found = (year: builder.add("Add", ofEra, isEarly), month: civilMonth, day: dayOfMonth)
            civil = found
            return found
        }
    }
}

extension GraphBuilder {
    /// How often a whole number goes into another, rounded down.
    fileprivate mutating func floored(_ value: String, over divisor: Double) -> String {
        add("Floor", add("Div", value, row([divisor])))
    }

    /// value - quotient * divisor.
    fileprivate mutating func rest(_ value: String, _ quotient: String, _ divisor: Double) -> String {
        add("Sub", value, add("Mul", quotient, row([divisor])))
    }

    fileprivate mutating func remainder(_ value: String, _ divisor: Double) -> String {
        rest(value, floored(value, over: divisor), divisor)
    }
}
