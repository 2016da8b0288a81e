import Cells
import CheckedNumbers
import Events

// How requests come and how long they take, as pictures.
extension EndpointPageText {
    /// Requests a second of each variant as time goes on; nil where the host tells nothing.
    func requests(height: Int) -> Document.Block? {
        guard let traffic, let chart = requestChart else { return nil }
        var title = heading("Requests a second")
        let shown = traffic.variants.enumerated().filter { isAsked($1) }
        for (index, variant) in shown {
            title.add(
                "   ━ \(label(variant))\(variant.part == .new ? " (new)" : "")",
                variant.part == .retired ? .muted : role(of: index))
        }
        guard !shown.isEmpty else {
            return .text([title, TextLine("nobody asked it in the last \(past)", .muted, indent: 2)])
        }
        let rect = Rect(x: 0, y: 0, width: width - 2, height: height)
        return .charts([DocumentChart(title: title, in: rect, chart, isOfCurves: true)], height: height)
    }

    private func isAsked(_ variant: VariantTraffic) -> Bool { variant.stretches.contains { $0.invocations > 0 } }

    private var requestChart: LineChart? {
        guard let traffic, let until = reading.traffic?.until, !traffic.stretches.isEmpty else { return nil }
        let each = Double(secondsEach), start = until - Double(traffic.stretches.count) * each
        var series: [ChartSeries] = []
        for (index, variant) in traffic.variants.enumerated() where isAsked(variant) {
            let points = life(of: variant).map { place in
                let time = start + (Double(place) + 0.5) * each
                return SeriesPoint(
                    step: time, epoch: 0, time: time, value: Double(variant.stretches[place].invocations) / each)
            }
            series.append(
                ChartSeries(
                    label: label(variant), color: role(of: index), dash: index % 2 == 0 ? .solid : .dashed,
                    isFocused: variant.part == .new, isDimmed: variant.part == .retired, series: Series(points)))
        }
        var chart = LineChart(series: series)
        (chart.glyphs, chart.bands, chart.isColorless) = (state.settings.glyphs, state.bands, state.isColorless)
        (chart.xAxis, chart.utcOffsetSeconds, chart.drawsEveryPoint) = (.wallTime, state.utcOffsetSeconds, true)
        chart.minimumGutter = 6
        let most = traffic.variants.flatMap(\.stretches).map { Double($0.invocations) / each }.max() ?? 0
        chart.viewport = ChartViewport(x: start...until, y: 0...max(1, most * 1.1))
        chart.marks = marks(from: start, to: until)
        return chart
    }

    /// The stretches in which a variant was there to be asked: a new one not before its first request, one that is gone until its last.
    private func life(of variant: VariantTraffic) -> Range<Int> {
        let all = variant.stretches.indices
        let first = variant.stretches.firstIndex { $0.invocations > 0 } ?? 0
        let last = variant.stretches.lastIndex { $0.invocations > 0 } ?? all.upperBound - 1
        switch variant.part {
        case .current: return all
        case .new: return max(0, first - 1)..<all.upperBound
        case .retired: return max(0, first - 1)..<min(all.upperBound, last + 2)
        }
    }

    /// When shares changed, and when alarms went on.
    private func marks(from start: Double, to end: Double) -> [ChartMark] {
        var marks: [ChartMark] = reading.history.compactMap { past in
            guard past.at >= start, past.at <= end else { return nil }
            switch past.event {
            case .trafficShifted(let news):
                // The new version's stands last.
                let share = news.shares.last.map { EndpointWords.percent($0.share) } ?? ""
                return ChartMark(x: past.at, scalar: "┆", role: .muted, label: share, kind: .line)
            case .statusChanged(let news) where news.reason.hasPrefix("rolled back"):
                return ChartMark(x: past.at, scalar: "┆", role: .bad, label: "rolled back", kind: .line)
            case .statusChanged, .shadowChanged, .deleted: return nil
            }
        }
        for alarm in state.serving.alarms(of: record) {
            for change in alarm.history where change.state == "ALARM" && change.at >= start && change.at <= end {
                marks.append(ChartMark(x: change.at, scalar: "▲", role: .bad, label: alarm.name, kind: .point(y: nil)))
            }
        }
        return marks
    }

    /// How long the model took as time goes on, and the errors under it; nil where nobody asked.
    func latency(height: Int) -> [TextLine]? {
        guard let stretches = traffic?.stretches, let chart = requestChart else { return nil }
        // Under the chart of requests, column by column.
        let plot = chart.layout(in: Rect(x: 0, y: 0, width: width - 2, height: 12)).plot
        guard let heat = LatencyHeat(stretches, height: height, indent: plot.x - 1, width: plot.width) else { return nil }
        var lines = [heading("Latency of the model", "darker where more requests took so long; the last \(past)")]
        lines += heat.lines(state.settings.glyphs)
        lines += errors(stretches, heat)
        return lines
    }

    private func errors(_ stretches: [RequestCounts], _ heat: LatencyHeat) -> [TextLine] {
        let all = stretches.reduce(into: RequestCounts()) { $0.add($1) }
        let kinds: [(name: String, count: Int, of: (RequestCounts) -> Int)] = [
            ("4xx", all.clientErrors, \.clientErrors), ("5xx", all.serverErrors, \.serverErrors),
            ("model", all.modelErrors, \.modelErrors),
        ]
        let wrong = kinds.filter { $0.count > 0 }
        guard !wrong.isEmpty else { return [TextLine("no errors", .muted, indent: heat.indent + 1)] }
        let sums = wrong.map { "\(NumberFormat.grouped($0.count)) \($0.name)" }.joined(separator: ", ")
        return [heading("Errors", sums)]
            + wrong.map { kind in
                let values = heat.columns.map { column in Double(column.reduce(0) { $0 + kind.of(stretches[$1]) }) }
                let text = Sparkline.text(values: values, width: values.count, glyphs: state.settings.glyphs, isCount: true)
                let name = String(repeating: " ", count: max(0, heat.indent - kind.name.count)) + kind.name + " "
                return TextLine(name, .bad, .bold).adding(text, .bad)
            }
    }

    // MARK: - The deployment

    /// The steps of the deployment that is under way, or how the last one came out; nil where there was none.
    var deployment: [TextLine]? {
        if let rollout = traffic?.rollout { return steps(rollout) }
        guard let first = reading.history.lastIndex(where: { $0.event.news.status == .updating }) else { return nil }
        // What belongs to the last one began with the status Updating.
        let start =
            reading.history[...first].lastIndex { past in
                if case .statusChanged(let news) = past.event { news.status == .updating } else { false }
            } ?? first
        let name: String = record.isRolledBack == true ? "rolled back" : record.pending.isEmpty ? "done" : "under way"
        let role: ColorRole = record.isRolledBack == true ? .bad : .good
        var lines = [heading("Last deployment").adding("   " + name, role, .bold)]
        for past in reading.history[start...] {
            guard case .trafficShifted(let news) = past.event else { continue }
            lines.append(
                TextLine("✔ ", .good, indent: 2).adding(clock(past.at) + "  ", .muted).adding(EndpointWords.shares(news)))
        }
        if !record.reason.isEmpty { lines.append(TextLine(record.reason, role, indent: 2)) }
        return lines
    }

    private func steps(_ rollout: RolloutStanding) -> [TextLine] {
        var lines = [
            heading("Deployment", "\(rollout.strategy); P gives the new version all requests, B goes back")
        ]
        let shifts = reading.history.filter { if case .trafficShifted = $0.event { true } else { false } }
            .suffix(rollout.step + 1)
        for (number, share) in rollout.shares.enumerated() {
            let isDone = number < rollout.step || rollout.isKeepingOld, isNow = number == rollout.step && !rollout.isKeepingOld
            var line = TextLine(isDone ? "✔" : isNow ? "▶" : "○", isDone ? .good : isNow ? .info : .muted, .bold, indent: 2)
            let percent = EndpointWords.percent(share)
            line.add(
                String(repeating: " ", count: max(1, 7 - TextWidth.of(percent))) + percent, isNow ? .text : .muted,
                isNow ? .bold : [])
            let place = shifts.startIndex + number
            if number <= rollout.step, shifts.indices.contains(place) { line.add("  since \(clock(shifts[place].at))", .muted) }
            if isNow { line.add(baking(rollout, "watched"), .info) }
            lines.append(line)
        }
        var last = TextLine(rollout.isKeepingOld ? "▶" : "○", rollout.isKeepingOld ? .info : .muted, .bold, indent: 2)
        last.add("  the old version is let go", .muted)
        if rollout.isKeepingOld { last.add(baking(rollout, "kept"), .info) }
        lines.append(last)
        if !rollout.alarms.isEmpty {
            var line = TextLine("watched by", .muted, indent: 2)
            for name in rollout.alarms {
                let alarm = state.serving.alarms.first { $0.name == name }
                line.add("  \(alarm?.glyph ?? "○") \(name)", alarm?.role ?? .muted, alarm?.isOn == true ? .bold : [])
            }
            lines.append(line)
        }
        return lines
    }

    /// How much of a wait is over: a bar, and what is left of it.
    private func baking(_ rollout: RolloutStanding, _ word: String) -> String {
        guard let next = rollout.next, next > rollout.since else { return "" }
        let left = max(0, next - state.now), share = min(1, max(0, 1 - left / (next - rollout.since)))
        let done = Int(nearestWithin: share * 20), isAscii = state.settings.glyphs == .ascii
        let bar = String(repeating: isAscii ? "=" : "━", count: done) + String(repeating: isAscii ? "." : "─", count: 20 - done)
        return "  \(bar) \(word), \(NumberFormat.duration(left.rounded())) left"
    }
}
