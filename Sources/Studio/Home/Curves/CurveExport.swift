import Cells
import Events

extension AppState {
    /// The chart that is shown as an SVG image: that of the open page which has the cursor, else the Curves pane's.
    public func curvesSVG(theme: Theme) -> String {
        if let shown = pageChart {
            let title = shown.title?.parts.map(\.text).joined() ?? ""
            return shown.chart.svg(title: title, xTitle: shown.chart.xAxis.words, theme: theme)
        }
        let scene = CurvesScene(self)
        return scene.exported.svg(title: scene.title, xTitle: settings.xAxis.words, theme: theme)
    }

    mutating func performExport(_ action: StudioAction) -> [Effect] {
        let scene = CurvesScene(self)
        guard !scene.chart.series.isEmpty else {
            say("there is no curve yet", .warning)
            return []
        }
        switch action {
        case .export:
            open(Menu(.export))
            return []
        case .exportSVG: return [.exportSVG(name: scene.fileName + ".svg")]
        case .exportCSV:
            if let arrival = arrival(in: scene) {
                say("\(arrival.words) are here, the rest is on its way: write it when all are here", .warning)
                return []
            }
            return [.exportText(name: scene.fileName + ".csv", scene.exported.csv(metrics: scene.owners.map(\.metric.text)))]
        default:
            say("copied the chart as text", .text)
            let area = StudioLayout.interior(layout.body)
            let text = scene.exported.text(title: scene.title, width: min(area.width, 160), height: min(area.height, 40))
            return [.copyToClipboard(text)]
        }
    }
}

extension CurvesScene {
    /// What stands over the chart.
    package var title: String { isGap ? "\(metric ?? "") − train" : metric ?? "" }

    /// The chart as others shall see it: without the cursor and what is being marked.
    package var exported: LineChart {
        var chart = chart
        chart.cursor = nil
        chart.boxStart = nil
        return chart
    }

    /// `loss-adam-0.01` or `loss-3-runs`: letters, digits and dots only.
    fileprivate var fileName: String {
        let whose = runs.count == 1 ? runs[0].record.name : "\(runs.count)-runs"
        return "\(metric ?? "curves")-\(whose)".fileNamePart
    }
}

extension String {
    /// The text with letters, digits, dots and dashes only, other characters becoming dashes.
    package var fileNamePart: String {
        let plain = unicodeScalars.map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "._-".unicodeScalars.contains(scalar))
                ? Character(scalar) : "-"
        }
        return String(plain).split(separator: "-").joined(separator: "-")
    }
}

extension XAxis {
    /// As titles and messages say it.
    package var words: String {
        switch self {
        case .step: "step"
        case .epoch: "epoch"
        case .examples: "examples"
        case .relativeTime: "elapsed"
        case .wallTime: "time"
        }
    }
}
