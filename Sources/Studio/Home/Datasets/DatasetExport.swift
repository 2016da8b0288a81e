import Cells
import Events
import PrintableText

extension AppState {
    /// Writes the selected column's chart, or the table of columns.
    func exportData(_ action: StudioAction) -> [Effect] {
        guard let dataset = datasets.selected, let profile = dataset.profile, let column = datasets.selectedColumn else {
            return []
        }
        let detail = ColumnDetail(column, rowCount: profile.rowCount, cursor: datasets.chartCursor)
        let stem = dataset.name.prefix { $0 != "." } + "-"
        let name = (stem + column.name).fileNamePart, title = "\(column.name) of \(dataset.name)"
        switch action {
        case .exportColumnSVG:
            return [
                .exportFigure(
                    name: name + ".svg", title: title, detail.histogram.map { .histogram($0) } ?? .bars(detail.frequencies))
            ]
        case .exportColumnCSV:
            return [.exportText(name: name + ".csv", detail.histogram?.csv() ?? detail.frequencies.csv("value,count"))]
        default: return [.exportText(name: (stem + "columns").fileNamePart + ".csv", profile.columnsCSV)]
        }
    }
}

extension DatasetProfile {
    /// A line a column: its kind and its statistics, which are empty for what is no number.
    package var columnsCSV: String {
        let header = "column,kind,present,missing,distinct,mean,sd,min,q1,median,q3,max,most_frequent\n"
        return columns.reduce(header) { text, column in
            let numbers = column.statistics.map {
                [$0.mean, $0.standardDeviation, $0.minimum, $0.lowerQuartile, $0.median, $0.upperQuartile, $0.maximum].map {
                    "\($0)"
                }
            }
            let cells =
                [
                    column.name.csvCell, column.kindAsWritten.csvCell, String(column.count), String(column.missing),
                    String(column.distinct),
                ]
                + (numbers ?? [String](repeating: "", count: 7)) + [(column.mostFrequent.first?.value ?? "").csvCell]
            return text + cells.joined(separator: ",") + "\n"
        }
    }
}
