import Cells
import CheckedNumbers
import Events

/// What the page of a run's time says.
struct ProfilePageText {
    let page: ProfilePage
    let profile: RunProfile
    let state: AppState
    let width: Int

    private static let labelWidth = 15, noteWidth = 9

    var document: Document {
        guard !profile.slices.isEmpty else {
            return Document([
                TextLine("Nothing is known of where its time went: an earlier version trained it, or another program.", .muted)
            ])
        }
        var text = Document()
        text.head = [head, TextLine()]
        text.add("Timeline", [.text(timeline)])
        text.add("Its time", [.text(parts)])
        if !findings.isEmpty { text.add("What holds it back", [.text(findings)]) }
        if !profile.slowest.isEmpty {
            text.add("Slowest steps", [.text([heading("Slowest steps", profile.durationWords)]), .table(slowest)])
        }
        text.add("The machine", [.text([heading("The machine", "")]), .table(machine)])
        return text
    }

    private func heading(_ text: String, _ note: String) -> TextLine {
        TextLine(text, .title, .bold).adding(note.isEmpty ? "" : "   " + note, .muted)
    }

    private var head: TextLine {
        let name = state.runs[page.run]?.record.name ?? page.run.text
        let rate = profile.stepsPerSecond.map { "   \(NumberFormat.significant($0, digits: 3)) steps a second" } ?? ""
        return TextLine(String(state.runs.letter(of: page.run)), state.runs.role(of: page.run), .bold).adding(
            " " + name, .text, .bold
        )
        .adding("   \(NumberFormat.duration(profile.seconds))   \(NumberFormat.grouped(profile.stepCount)) steps\(rate)", .muted)
    }

    private var isAscii: Bool { state.settings.glyphs == .ascii }

    // MARK: - The timeline

    private var shown: RunProfile { RunProfile(Array(profile.slices[page.range])) }

    private var timeline: [TextLine] {
        let picture = ProfilePicture(shown), timeline = picture.timeline
        let columns = max(8, width - 2 - Self.labelWidth - 1 - Self.noteWidth)
        let room = StudioLayout.interior(page.place(on: state.size)).height
        let height = min(14, max(6, room / 3))
        var lines = timeline.cells(width: columns, height: height).enumerated().map { row, cells in
            let label = row == 0 ? "100 %" : row == height / 2 ? "50 %" : ""
            return stack(cells, timeline.layers, label: label)
        }
        lines.append(TextLine())
        lines += picture.strips(mostCores: room > 30 ? 8 : 2).map { strip($0, timeline, columns) }
        return lines + [cursorLine(timeline, columns), axis(timeline, columns)] + legend(timeline.layers) + [TextLine()] + readout
            + [
                TextLine()
            ]
    }

    private func label(_ text: String) -> TextLine {
        let shown = text.prefix(Self.labelWidth)
        return TextLine(String(repeating: " ", count: max(0, Self.labelWidth - TextWidth.of(shown))) + shown, .muted, indent: 1)
            .adding(isAscii ? "|" : "┤", .border)
    }

    private func stack(_ cells: [Int?], _ layers: [StackedTimeline.Layer], label text: String) -> TextLine {
        var line = label(text), start = 0
        while start < cells.count {
            var end = start
            while end < cells.count, cells[end] == cells[start] { end += 1 }
            if let layer = cells[start].map({ layers[$0] }) {
                line = line.adding(String(repeating: isAscii ? layer.asciiGlyph : layer.glyph, count: end - start), layer.role)
            } else {
                line = line.adding(String(repeating: " ", count: end - start), .muted)
            }
            start = end
        }
        return line
    }

    private func strip(_ strip: StackedTimeline.Strip, _ timeline: StackedTimeline, _ columns: Int) -> TextLine {
        // As a layer of its own, brought to the same columns.
        let known = zip(timeline.columns, strip.values).filter { $0.1.isFinite }.map {
            StackedTimeline.Column(from: $0.0.start, to: $0.0.end, [min(1, $0.1)])
        }
        var own = StackedTimeline([.init(strip.label, strip.role, glyph: " ", ascii: " ")], known)
        // The same span, whatever is known at its ends.
        if let first = timeline.columns.first, known.first?.start != first.start {
            own.columns.insert(.init(from: first.start, to: first.start, [0]), at: 0)
        }
        if let last = timeline.columns.last, known.last?.end != last.end {
            own.columns.append(.init(from: last.end, to: last.end, [0]))
        }
        let ramp: [Character] =
            isAscii ? [" ", ".", ":", "-", "=", "+", "*", "#"] : [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        let bars = String(
            own.resampled(to: columns).map { values -> Character in
                guard let value = values.first, value > 0 else { return " " }
                return ramp[min(ramp.count - 1, max(1, Int(nearestWithin: value * Double(ramp.count - 1))))]
            })
        return label(strip.label).adding(bars, strip.role).adding(" " + strip.note, .muted)
    }

    /// Where the cursor's slice lies.
    private func cursorLine(_ timeline: StackedTimeline, _ columns: Int) -> TextLine {
        guard let place = page.place, timeline.columns.indices.contains(place - page.range.lowerBound) else { return TextLine() }
        let slice = timeline.columns[place - page.range.lowerBound]
        let first = timeline.column(of: slice.start, width: columns) ?? 0
        let last = max(first, timeline.column(of: slice.end - 1e-9, width: columns) ?? first)
        return TextLine(String(repeating: " ", count: Self.labelWidth + 1 + first), .muted, indent: 1)
            .adding(String(repeating: isAscii ? "^" : "▲", count: last - first + 1), .key, .bold)
    }

    private func axis(_ timeline: StackedTimeline, _ columns: Int) -> TextLine {
        // From the beginning of the run, whatever is shown of it.
        let before = profile.slices[..<page.range.lowerBound].reduce(0) { $0 + $1.seconds }
        let texts = [0.0, 0.5, 1].map { NumberFormat.duration(before + timeline.end * $0) }
        let widths = texts.map { TextWidth.of($0) }
        let gaps = max(1, columns - widths.reduce(0, +))
        let first = gaps / 2
        return TextLine(String(repeating: " ", count: Self.labelWidth + 1), .muted, indent: 1)
            .adding(
                texts[0] + String(repeating: " ", count: first) + texts[1] + String(repeating: " ", count: gaps - first)
                    + texts[2], .muted)
    }

    private func legend(_ layers: [StackedTimeline.Layer]) -> [TextLine] {
        var lines = [TextLine("", .muted, indent: 1)], used = 1
        for layer in layers {
            let room = TextWidth.of(layer.label) + 5
            if used + room > width - 2, used > 1 {
                lines.append(TextLine("", .muted, indent: 1))
                used = 1
            }
            used += room
            lines[lines.count - 1] = lines[lines.count - 1]
                .adding(" \(isAscii ? layer.asciiGlyph : layer.glyph) ", layer.role, .bold).adding(layer.label + " ", .muted)
        }
        return lines
    }

    /// The slice under the cursor.
    private var readout: [TextLine] {
        guard let place = page.place, profile.slices.indices.contains(place) else { return [] }
        let slice = profile.slices[place]
        let before = profile.slices[..<place].reduce(0) { $0 + $1.seconds }
        var line = TextLine(
            "\(NumberFormat.duration(before)) to \(NumberFormat.duration(before + slice.seconds))", .title, .bold, indent: 1)
        if slice.stepCount > 0 {
            let first = slice.step - slice.stepCount + 1
            line = line.adding(
                "   steps \(NumberFormat.grouped(first)) to \(NumberFormat.grouped(slice.step))", .text)
            if let median = slice.durations.quantile(0.5) {
                line = line.adding("   median \(NumberFormat.duration(median))", .text)
            }
            if let slow = slice.slowest.first {
                line = line.adding(
                    "   longest \(NumberFormat.duration(slow.seconds)), step \(NumberFormat.grouped(slow.step))", .text)
            }
        }
        var pairs: [(label: String, value: String)] = StepPart.allCases.compactMap { part in
            let share = slice.share(of: part)
            return share > 0.0005 ? (part.title, NumberFormat.percent(share, decimals: share < 0.1 ? 1 : 0)) : nil
        }
        let machine = slice.machine
        func add(_ label: String, _ value: Double?) {
            if let value { pairs.append((label, NumberFormat.fixed(value, decimals: 0) + " %")) }
        }
        add("own processes", machine.processPercent)
        add("no core free", machine.queuedPercent)
        add("disk", machine.diskPercent)
        if let loaders = machine.loaders { pairs.append(("loaders", "\(loaders)")) }
        for pause in slice.pauses.sorted(by: { $0.seconds > $1.seconds }).prefix(1) {
            pairs.append(("longest pause", "\(pause.part.title) \(NumberFormat.duration(pause.seconds))"))
        }
        return [line] + TextLine.flow(pairs, width: max(8, width - 2))
    }

    // MARK: - Sums

    private var parts: [TextLine] {
        let all = profile.parts, room = max(4, min(50, width - 44))
        var lines = [heading("Its time", profile.measuredWords ?? "")]
        for one in all {
            let bar = String(repeating: isAscii ? "#" : "█", count: Int(nearestWithin: one.share * Double(room)))
            let label = one.part.title + String(repeating: " ", count: max(1, 18 - TextWidth.of(one.part.title)))
            let time = NumberFormat.duration(one.seconds), share = NumberFormat.percent(one.share, decimals: 1)
            lines.append(
                TextLine(label, .text, indent: 2)
                    .adding(String(repeating: " ", count: max(0, 8 - TextWidth.of(time))) + time, .text)
                    .adding(String(repeating: " ", count: max(1, 9 - TextWidth.of(share))) + share + "  ", .muted)
                    .adding(bar, ProfilePicture.role(of: one.part)))
        }
        return lines + [TextLine()]
    }

    /// Alerts of the profiler's rules that stand.
    private var findings: [TextLine] {
        let own = state.alerts.items.filter {
            $0.run == page.run && state.alerts.cleared($0) == nil && page.rules.contains($0.alert.rule)
        }
        guard !own.isEmpty else { return [] }
        return [heading("What holds it back", "")]
            + own.flatMap { item -> [TextLine] in
                let alert = item.alert
                return [
                    TextLine("\(alert.severity.glyph) \(alert.rule)  ", alert.severity.role, .bold, indent: 2).adding(
                        alert.summary, .text),
                    TextLine(alert.cause, .muted, indent: 4),
                ] + alert.remedies.prefix(2).map { TextLine("→ " + $0.text, .text, indent: 4) }
            } + [TextLine()]
    }

    private var slowest: DocumentTable {
        let columns = [
            TableColumn(title: "step", width: 11, isRight: true, priority: 0),
            TableColumn(title: "took", width: 8, isRight: true, priority: 0),
            TableColumn(title: "at", width: 8, isRight: true, priority: 1),
            TableColumn(title: "what ran then", width: 20, priority: 2, isFlexible: true, least: 10, most: 120),
        ]
        let cells = profile.slowest.map { slow in
            [
                TableCell(text: NumberFormat.grouped(slow.step), role: .text),
                TableCell(text: NumberFormat.duration(slow.seconds), role: .text, attributes: .bold),
                TableCell(text: NumberFormat.duration(slow.offset), role: .muted),
                TableCell(text: slow.slice.circumstances, role: .muted),
            ]
        }
        return DocumentTable("slowest steps", columns, cells, width: width - 2, indent: 2)
    }

    private var machine: DocumentTable {
        let columns =
            [TableColumn(title: "", width: 26, priority: 0)]
            + RunProfile.Spread.heads.enumerated().map {
                TableColumn(title: $0.element, width: 8, isRight: true, priority: [0, 3, 2, 1, 4][$0.offset])
            }
        let cells = profile.machine.map { spread in
            [TableCell(text: spread.name, role: .text)]
                + spread.texts.map { TableCell(text: $0, role: .muted) }
        }
        return DocumentTable("the machine", columns, cells, width: width - 2, indent: 2)
    }
}
