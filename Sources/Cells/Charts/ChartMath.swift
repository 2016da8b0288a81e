import Glibc

/// The exponent of the power of ten at or below a positive value; 0 for anything else.
func log10Floor(_ value: Double) -> Double { value > 0 && value.isFinite ? floor(log10(value)) : 0 }

/// The largest magnitude charts work with, so that differences stay finite.
let chartLimit = 8e307

/// How a y scale maps values to the line the plot's rows are spread over.
struct Projection: Hashable, Sendable {
    var scale: YScale
    /// Symlog: below this magnitude the scale is linear.
    var threshold: Double = 1

    /// Where a value lies; nil where the scale has no place for it.
    func project(_ value: Double) -> Double? {
        guard value.isFinite else { return nil }
        switch scale {
        case .linear: return min(max(value, -chartLimit), chartLimit)
        case .log: return value > 0 ? log10(value) : nil
        case .symlog:
            let size = log10(1 + min(abs(value), chartLimit) / threshold)
            return value < 0 ? -size : size
        }
    }

    /// The value at a place.
    func value(at place: Double) -> Double {
        switch scale {
        case .linear: return place
        case .log: return pow(10, place)
        case .symlog:
            let size = (pow(10, abs(place)) - 1) * threshold
            return place < 0 ? -size : size
        }
    }
}
