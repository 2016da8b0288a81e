import CheckedNumbers

/// A curve of shares over shares, such as a ROC curve, over the diagonal that chance draws.
public struct SquareCurve: Sendable {
    private let points: [(x: Double, y: Double)]
    private let xTitle: String, yTitle: String

    /// - Parameter points: from 0 to 1 each way, x rising.
    public init(_ points: [(x: Double, y: Double)], xTitle: String, yTitle: String) {
        (self.points, self.xTitle, self.yTitle) = (points, xTitle, yTitle)
    }

    /// An SVG image for a page whose style sheet is `Theme.styleSheet`.
    public func svg(title: String, size: Int = 460, theme: Theme) -> String {
        var document = SVGDocument(width: size, height: size, theme: theme, isEmbedded: true)
        let left = 62.0, top = 64.0, right = Double(size) - 24, bottom = Double(size) - 56
        func px(_ x: Double) -> Double { left + x * (right - left) }
        func py(_ y: Double) -> Double { bottom - y * (bottom - top) }
        document.add("rect", [("width", String(size)), ("height", String(size))] + document.fill(.background))
        document.write(title, x: left, y: 26, .title, size: 15, isBold: true)
        for tick in 0...4 {
            let share = Double(tick) / 4, label = NumberFormat.compact(share)
            document.line(px(0), py(share), px(1), py(share), .faint)
            document.line(px(share), py(0), px(share), py(1), .faint)
            document.write(label, x: left - 8, y: py(share) + 4, .muted, anchor: "end")
            document.write(label, x: px(share), y: bottom + 19, .muted, anchor: "middle")
        }
        document.line(px(0), py(0), px(1), py(1), .muted, [("stroke-dasharray", "4 4")])
        let places = points.map { "\(SVGDocument.number(px($0.x))) \(SVGDocument.number(py($0.y)))" }
        if !places.isEmpty {
            let area = "M\(SVGDocument.number(px(0))) \(SVGDocument.number(py(0)))L" + places.joined(separator: "L")
            let end = "L\(SVGDocument.number(px(1))) \(SVGDocument.number(py(0)))Z"
            document.add("path", [("d", area + end), ("fill-opacity", "0.12")] + document.fill(.accent))
            document.add(
                "path",
                [("d", "M" + places.joined(separator: "L")), ("fill", "none"), ("stroke-width", "2")] + document.stroke(.accent))
        }
        document.line(left, top, left, bottom, .border)
        document.line(left, bottom, right, bottom, .border)
        document.write(xTitle, x: (left + right) / 2, y: bottom + 40, .muted, anchor: "middle")
        document.write(yTitle, x: 12, y: top - 14, .muted)
        return document.text(title: title)
    }
}
