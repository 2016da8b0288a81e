import Cells
import Events
import Glibc

/// One metric of several runs as an SVG figure. Colours come from the page's style sheet, so that it is light or dark with the
/// page, and for readers that know no style sheets from the elements themselves; each curve also has its run's letter and dashes.
struct CurveFigure {
    /// One run's curve.
    struct Curve {
        /// Place of the run in the report: gives colour, dashes and letter.
        var run: Int
        var points: [MetricPoint]
        var bestStep: Int?
        /// Steps where the run was steered, and where an alert was raised.
        var changes: [Int] = []
        var alerts: [Int] = []
    }

    let title: String
    let curves: [Curve]

    private static let width = 760.0, height = 300.0
    private static let left = 64.0, right = 34.0, top = 12.0, bottom = 34.0
    private static var plotWidth: Double { width - left - right }
    private static var plotHeight: Double { height - top - bottom }

    private let steps: ClosedRange<Double>
    private let values: ClosedRange<Double>
    let isLogarithmic: Bool

    /// nil when there is no finite point to draw.
    init?(title: String, curves: [Curve]) {
        self.title = title
        self.curves = curves
        let points = curves.flatMap(\.points)
        let finite = points.map(\.value).filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), let first = points.map(\.step).min(),
            let last = points.map(\.step).max()
        else { return nil }
        steps = Double(first)...Double(max(last, first + 1))
        isLogarithmic = low > 0 && high / low > 50
        let (from, to) = isLogarithmic ? (log10(low), log10(high)) : (low, high)
        let margin = to > from ? (to - from) * 0.04 : max(abs(from) * 0.05, 1e-6)
        // A metric that cannot be negative is not drawn as if it could.
        values = (low >= 0 && !isLogarithmic ? max(0, from - margin) : from - margin)...(to + margin)
    }

    /// The figure as an element of a page.
    var svg: String {
        var out = """
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="\(HTML.escaped(title))">

            """
        out += axes()
        for curve in curves { out += draw(curve) }
        return out + "</svg>\n"
    }

    private func x(_ step: Int) -> Double {
        Self.left + (Double(step) - steps.lowerBound) / (steps.upperBound - steps.lowerBound) * Self.plotWidth
    }

    private func y(_ value: Double) -> Double {
        let value = isLogarithmic ? log10(value) : value
        return Self.top + (values.upperBound - value) / (values.upperBound - values.lowerBound) * Self.plotHeight
    }

    private func axes() -> String {
        let bottom = Self.top + Self.plotHeight, right = Self.left + Self.plotWidth
        var out = ""
        let logarithms = isLogarithmic ? Self.ticks(values, count: 4).filter { $0 == $0.rounded() } : []
        let scale = logarithms.count > 1 ? logarithms.map { pow(10, $0) } : []
        let places =
            isLogarithmic
            ? (scale.isEmpty ? Self.ticks(pow(10, values.lowerBound)...pow(10, values.upperBound), count: 5) : scale)
            : Self.ticks(values, count: 5)
        for value in places where !isLogarithmic || value > 0 {
            let place = Self.text(y(value))
            out +=
                "<line class=\"grid\" stroke=\"#e4e4e4\" x1=\"\(Self.text(Self.left))\" x2=\"\(Self.text(right))\" y1=\"\(place)\" y2=\"\(place)\"/>"
            out += "<text class=\"tick\" x=\"\(Self.text(Self.left - 6))\" y=\"\(Self.text(y(value) + 4))\" text-anchor=\"end\">"
            out += "\(HTML.escaped(NumberFormat.compact(value)))</text>\n"
        }
        for step in Self.ticks(steps, count: 7).filter({ $0 == $0.rounded() }).map({ Int($0) }) {
            out +=
                "<line class=\"axis\" stroke=\"#888\" x1=\"\(Self.text(x(step)))\" x2=\"\(Self.text(x(step)))\" y1=\"\(Self.text(bottom))\" "
            out += "y2=\"\(Self.text(bottom + 4))\"/><text class=\"tick\" x=\"\(Self.text(x(step)))\" "
            out += "y=\"\(Self.text(bottom + 17))\" text-anchor=\"middle\">\(NumberFormat.grouped(step))</text>\n"
        }
        out +=
            "<path class=\"axis\" stroke=\"#888\" fill=\"none\" d=\"M\(Self.text(Self.left)) \(Self.text(Self.top))V\(Self.text(bottom))H\(Self.text(right))\"/>\n"
        return out
            + "<text class=\"tick\" x=\"\(Self.text(right))\" y=\"\(Self.text(Self.height - 4))\" text-anchor=\"end\">step</text>\n"
    }

    private func draw(_ curve: Curve) -> String {
        let style = RunStyle(curve.run)
        var path = ""
        var isDrawing = false
        var out = ""
        for point in Self.reduced(curve.points, columns: Int(Self.plotWidth), place: { Int(x($0)) }) {
            guard point.value.isFinite, !isLogarithmic || point.value > 0 else {
                // What is not finite is marked on the axis and never left out.
                out +=
                    "<text class=\"\(style.fill)\" x=\"\(Self.text(x(point.step)))\" y=\"\(Self.text(Self.top + Self.plotHeight - 3))\" "
                out += "text-anchor=\"middle\">✕</text>"
                isDrawing = false
                continue
            }
            path += "\(isDrawing ? "L" : "M")\(Self.text(x(point.step))) \(Self.text(y(point.value)))"
            // So that a point by itself is seen.
            if !isDrawing { path += "h.1" }
            isDrawing = true
        }
        out += "<path class=\"curve \(style.stroke)\" \(style.outline)\(style.dashes) d=\"\(path)\"/>\n"
        for step in curve.changes {
            let place = Self.text(x(step))
            out +=
                "<line class=\"\(style.stroke) change\" \(style.outline) x1=\"\(place)\" x2=\"\(place)\" y1=\"\(Self.text(Self.top))\" "
            out += "y2=\"\(Self.text(Self.top + Self.plotHeight))\"><title>steered at step \(step)</title></line>"
        }
        for step in Set(curve.alerts) {
            out += "<text class=\"alert\" x=\"\(Self.text(x(step)))\" y=\"\(Self.text(Self.top + 10))\" text-anchor=\"middle\">▲"
            out += "<title>alert at step \(step)</title></text>"
        }
        if let best = curve.bestStep, let point = curve.points.last(where: { $0.step == best }), point.value.isFinite,
            !isLogarithmic || point.value > 0
        {
            out +=
                "<circle class=\"\(style.stroke) best\" \(style.outline) cx=\"\(Self.text(x(best)))\" cy=\"\(Self.text(y(point.value)))\" r=\"4\">"
            out += "<title>best, step \(best): \(HTML.escaped(NumberFormat.significant(point.value)))</title></circle>"
        }
        if let last = curve.points.last(where: { $0.value.isFinite && (!isLogarithmic || $0.value > 0) }) {
            out +=
                "<text class=\"\(style.fill) letter\" x=\"\(Self.text(x(last.step) + 6))\" y=\"\(Self.text(y(last.value) + 4))\">"
            out += "\(style.letter)</text>\n"
        }
        return out
    }

    /// At most a few points a column: the first, the smallest, the largest, the last, and all that are not finite, so that no
    /// spike is lost.
    static func reduced(_ points: [MetricPoint], columns: Int, place: (Int) -> Int) -> [MetricPoint] {
        guard points.count > 2 * columns else { return points }
        var out: [MetricPoint] = []
        var start = 0
        while start < points.count {
            let column = place(points[start].step)
            var end = start
            while end < points.count, place(points[end].step) == column { end += 1 }
            var kept: Set<Int> = [start, end - 1]
            let finite = (start..<end).filter { points[$0].value.isFinite }
            if let low = finite.min(by: { points[$0].value < points[$1].value }) { kept.insert(low) }
            if let high = finite.max(by: { points[$0].value < points[$1].value }) { kept.insert(high) }
            if let odd = (start..<end).first(where: { !points[$0].value.isFinite }) { kept.insert(odd) }
            out += kept.sorted().map { points[$0] }
            start = end
        }
        return out
    }

    /// Round numbers in a range, about `count` of them.
    static func ticks(_ range: ClosedRange<Double>, count: Int) -> [Double] {
        let least = (range.upperBound - range.lowerBound) / Double(count)
        guard least > 0, least.isFinite else { return [range.lowerBound] }
        let power = pow(10, floor(log10(least)))
        let step = ([1, 2, 5].map { $0 * power }.first { $0 >= least * 0.999 }) ?? 10 * power
        let first = (range.lowerBound / step).rounded(.up), last = (range.upperBound / step).rounded(.down)
        guard last >= first, last - first < 100 else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    private static func text(_ number: Double) -> String { NumberFormat.fixed(number, decimals: 1) }
}

/// How a run looks everywhere in a report.
struct RunStyle {
    private let index: Int

    init(_ index: Int) { self.index = index }

    static let colorCount = ReportStyle.light.count

    var stroke: String { "s\(index % Self.colorCount)" }
    var fill: String { "f\(index % Self.colorCount)" }

    /// As attributes, for what knows no style sheet.
    var outline: String { "fill=\"none\" stroke=\"#\(ReportStyle.light[index % Self.colorCount])\"" }

    /// A, B, … Z, AA, …
    var letter: String {
        var rest = index
        var text = ""
        repeat {
            text = String(UnicodeScalar(UInt8(65 + rest % 26))) + text
            rest = rest / 26 - 1
        } while rest >= 0
        return text
    }

    var dashes: String {
        let pattern = ["", "6 3", "2 3", "8 3 2 3"][index % 4]
        return pattern.isEmpty ? "" : " stroke-dasharray=\"\(pattern)\""
    }
}
