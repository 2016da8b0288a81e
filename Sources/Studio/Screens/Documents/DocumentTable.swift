import Cells
import PrintableText

/// A table in a document: rows that one can go through, each perhaps leading somewhere, and write to a file. Bars are rows, too.
package struct DocumentTable: Sendable {
    package struct Row: Sendable {
        /// As it is drawn.
        package var line: TextLine
        /// As it is written to a file.
        package var values: [String]
        package var link: ObjectLink?

        init(_ line: TextLine, _ values: [String], link: ObjectLink? = nil) {
            self.line = line
            self.values = values
            self.link = link
        }
    }

    /// What a file of it is called.
    package var name: String
    /// Names of the columns, as a file has them.
    package var header: [String]
    package var headLine: TextLine?
    package var rows: [Row]
    /// The chart that the rows draw.
    package var figure: Figure?

    init(_ name: String, header: [String], headLine: TextLine? = nil, rows: [Row]) {
        self.name = name
        self.header = header
        self.headLine = headLine
        self.rows = rows
    }

    /// A table whose columns fit into a width.
    init(
        _ name: String, _ columns: [TableColumn], _ cells: [[TableCell]], links: [ObjectLink?] = [], width: Int,
        indent: Int = 0
    ) {
        let layout = TableLayout(columns, width: width - indent)
        func line(_ cells: [TableCell]) -> TextLine {
            var line = TextLine(indent: indent), x = 0
            for place in layout.places where cells.indices.contains(place.index) {
                let cell = cells[place.index], isLast = place.index == layout.places.last?.index
                let text = columns[place.index].isRight || isLast ? cell.text : cell.text.shortened(to: place.width)
                let room = place.width - TextWidth.of(text)
                let gap = place.x - x + (columns[place.index].isRight ? max(0, room) : 0)
                line.add(String(repeating: " ", count: max(0, gap)))
                line.add(text, cell.role, cell.attributes)
                if !columns[place.index].isRight, !isLast { line.add(String(repeating: " ", count: max(0, room))) }
                x = place.x + max(place.width, TextWidth.of(text))
            }
            line.parts.removeAll { $0.text.isEmpty }
            return line
        }
        self.init(
            name, header: columns.map(\.title),
            headLine: line(columns.map { TableCell(text: $0.title, role: .title, attributes: .bold) }),
            rows: cells.enumerated().map { index, cells in
                Row(line(cells), cells.map(\.text), link: links.indices.contains(index) ? links[index] : nil)
            })
    }

    /// Named amounts as bars.
    init(_ name: String, _ chart: BarChart, header: [String], width: Int, indent: Int = 0, role: ColorRole = .accent) {
        let lines = chart.lines(width: width, role: role, indent: indent)
        self.init(
            name, header: header,
            rows: zip(lines, chart.bars).map { Row($0, [$1.name, "\($1.value)"]) })
        figure = .bars(chart)
    }

    /// The rows as CSV under the names of the columns.
    package var csv: String {
        let lines = [header] + rows.map(\.values)
        return lines.map { $0.map(\.csvCell).joined(separator: ",") + "\n" }.joined()
    }
}
