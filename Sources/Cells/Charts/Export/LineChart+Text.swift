import CheckedNumbers
import PrintableText

extension LineChart {
    /// Every point in view as CSV, none left out: `curve,metric,step,epoch,examples,wall_time,value` and, where the chart has
    /// them, `smoothed`, `lower` and `upper`. Numbers are written so that they read back to the same; NaN as `nan`.
    ///
    /// - Parameter metrics: the name of each series' metric, in the order of the series.
    public func csv(metrics: [String]) -> String {
        let hasBand = series.contains { $0.band != nil }
        var out = "curve,metric,step,epoch,examples,wall_time,value"
        out += (smoothing > 0 ? ",smoothed" : "") + (hasBand ? ",lower,upper" : "") + "\n"
        let range = viewport.x ?? -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        for (place, curve) in series.enumerated() {
            let name = curve.label.csvCell + "," + (metrics.indices.contains(place) ? metrics[place] : "").csvCell
            for index in curve.series.indices(of: range, on: xAxis) {
                let point = curve.series[index]
                let examples = curve.series.x(at: index, on: .examples)
                out += "\(name),\(Self.plain(point.step)),\(Self.plain(point.epoch)),"
                out += "\(examples.isNaN ? "" : Self.plain(examples)),\(Self.plain(point.time)),\(Self.plain(point.value))"
                if smoothing > 0 { out += "," + Self.plain(smoothed(curve.series, at: index)) }
                if hasBand {
                    out += curve.band.map { ",\(Self.plain($0.lower[index].value)),\(Self.plain($0.upper[index].value))" } ?? ",,"
                }
                out += "\n"
            }
        }
        return out
    }

    /// The chart as lines of text under its title, with a line for each curve: for a clipboard or a log.
    public func text(title: String, width: Int, height: Int) -> String {
        var buffer = CellBuffer(size: Size(width: max(1, width), height: max(1, height)))
        var chart = self
        (chart.bands, chart.isColorless) = (.dots, true)
        chart.draw(into: &buffer, in: buffer.bounds)
        let legend = zip(series, readout()).map { curve, readout in
            let smoothed = readout.smoothed.map { " ~ " + NumberFormat.significant($0) } ?? ""
            return "\(curve.badge.map { "\($0) " } ?? "  ")\(curve.label)  \(NumberFormat.significant(readout.value))\(smoothed)"
        }
        return ([title, buffer.text] + legend).joined(separator: "\n") + "\n"
    }

    private static func plain(_ value: Double) -> String {
        guard value.isFinite else { return NumberFormat.special(value) }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(nearestWithin: value)) : "\(value)"
    }
}

extension CellBuffer {
    /// The characters alone, a line a row, without the spaces at its end.
    public var text: String {
        (0..<size.height).map { y in
            var line = String.UnicodeScalarView()
            for x in 0..<size.width where !self[x, y].isContinuation { line.append(self[x, y].scalar) }
            while line.last == " " { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }
}
