import Cells
import CheckedNumbers
import Events

/// All endpoints of the workspace, and what they do.
package struct EndpointsPage: Screen {
    /// What their host counts; nil until it has answered, and where none does.
    package private(set) var traffic: HostTraffic?
    package var reading = Reading()

    package var contexts: [KeyContext] { [.endpoints, .serving, .detail] }

    package func title(_ state: AppState) -> String { "Endpoints" }

    package func query(_ state: AppState) -> (any StudioQuery)? { ReadTraffic() }

    mutating func take(_ found: HostTraffic?) { traffic = found }

    package func isOutdated(by events: [StudioEvent], loaded: Set<RunID>) -> Bool {
        events.contains { if case .endpoint = $0.kind { true } else { false } }
    }

    /// The endpoint under the cursor, else the newest.
    func chosen(_ state: AppState) -> EndpointRecord? {
        if case .endpoint(let id)? = reading.stop?.link { return state.serving.endpoint(id) }
        return state.serving.endpoints.first
    }

    package func document(_ state: AppState, width: Int) -> Document {
        let records = state.serving.endpoints
        guard !records.isEmpty else { return Self.empty(state, width: width) }
        var document = Document()
        document.head = [HostLine(state, traffic).line(width: width - 2)]
        document.add("", [.table(table(records, state, width: width - 2))])
        let room = StudioLayout.interior(place(on: state.size)).height - records.count - 5
        if room >= 8, let record = chosen(state) {
            document.add("", strip(record, state, width: width, height: room))
        }
        return document
    }

    private static func empty(_ state: AppState, width: Int) -> Document {
        let lines = [
            "No model answers requests in this workspace yet.", "",
            "c has one answer under a name; so does y on a run, on an AutoML job's page and on a kept model (7 shows those).",
            "Or from a shell: descent endpoint create churn --model @best",
        ]
        return Document(lines.flatMap { TextWrap.lines($0, width: max(8, width - 2)) }.map { TextLine($0, .muted) })
    }

    /// How the endpoint under the cursor does.
    private func strip(_ record: EndpointRecord, _ state: AppState, width: Int, height: Int) -> [Document.Block] {
        let text = EndpointPageText(
            record: record, reading: EndpointReading(traffic: traffic, history: [], requests: []),
            secondsEach: ReadTraffic.seconds, state: state, width: width, past: "minute")
        var blocks: [Document.Block] = [.text([TextLine(record.name, .title, .bold)]), .table(text.variants)]
        let left = height - text.variants.rows.count - 3
        if left >= 7, let chart = text.requests(height: min(left, 18)) { blocks += [.text([TextLine()]), chart] }
        return blocks
    }

    private func table(_ records: [EndpointRecord], _ state: AppState, width: Int) -> DocumentTable {
        let columns = [
            TableColumn(
                title: "endpoint", width: min(30, max(8, records.map { TextWidth.of($0.name) }.max() ?? 8)), priority: 0),
            TableColumn(title: "status", width: 15, priority: 1),
            TableColumn(title: "req/s", width: 7, isRight: true, priority: 2),
            TableColumn(title: "p50", width: 7, isRight: true, priority: 5),
            TableColumn(title: "p99", width: 7, isRight: true, priority: 3),
            TableColumn(title: "errors", width: 7, isRight: true, priority: 4),
            TableColumn(title: "last minute", width: 12, priority: 7),
            TableColumn(title: "asked", width: 9, isRight: true, priority: 6),
            TableColumn(title: "model s", width: 8, isRight: true, priority: 8),
            TableColumn(title: "variants", width: 60, priority: 9, isFlexible: true, least: 14, most: 80),
        ]
        return DocumentTable(
            "endpoints", columns, records.map { cells($0, state) }, links: records.map { ObjectLink.endpoint($0.id) },
            width: width)
    }

    private func cells(_ record: EndpointRecord, _ state: AppState) -> [TableCell] {
        let (status, _) = state.serving.standing(record)
        let known = traffic?[endpoint: record.id]
        let stretches = known?.stretches ?? []
        let minute = stretches.reduce(into: RequestCounts()) { $0.add($1) }
        let total = known?.variants.reduce(into: RequestCounts()) { $0.add($1.total) }
        let now = NewestStretch(stretches, seconds: ReadTraffic.seconds)
        let spark = Sparkline.text(
            values: stretches.map { Double($0.invocations) }, width: 12, glyphs: state.settings.glyphs, isCount: true)
        return [
            TableCell(text: record.name, role: .accent, attributes: .bold),
            TableCell(text: "\(status.glyph) \(status.word)", role: status.role),
            TableCell(text: known == nil ? "–" : now.rate),
            TableCell(text: minute.latency(0.5).map(NumberFormat.duration) ?? "–", role: .muted),
            TableCell(text: minute.latency(0.99).map(NumberFormat.duration) ?? "–"),
            EndpointWords.errors(minute),
            TableCell(text: spark, role: .series1),
            TableCell(text: EndpointWords.ago(known?.lastAt, state.now), role: .muted),
            TableCell(text: total.map { NumberFormat.significant($0.modelSeconds, digits: 3) } ?? "–", role: .muted),
            TableCell(text: EndpointWords.shares(record), role: .muted),
        ]
    }
}

/// How many requests there are a second, by the newest stretch of time.
struct NewestStretch {
    let perSecond: Double

    init(_ stretches: [RequestCounts], seconds: Int) {
        perSecond = Double(stretches.last?.invocations ?? 0) / Double(max(1, seconds))
    }

    var rate: String { perSecond == 0 ? "0" : NumberFormat.compact(perSecond) }
}

/// What an endpoint's numbers are called on pages.
enum EndpointWords {
    /// `90 %`
    static func percent(_ share: Double) -> String {
        let tenths = Int(nearestWithin: share * 1000)
        return NumberFormat.percent(share, decimals: tenths % 10 == 0 ? 0 : 1)
    }

    /// Variants with their shares, those that are being deployed marked.
    static func shares(_ record: EndpointRecord) -> String {
        let old = record.variants.map { (label($0), record.share(of: $0)) }
        let new = record.pending.map { (label($0) + " (new)", record.share(ofPending: $0)) }
        guard old.count + new.count > 1 else { return old.first?.0 ?? "" }
        return (old + new).map { "\($0.0) \(percent($0.1))" }.joined(separator: ", ")
    }

    /// SageMaker calls an only variant `AllTraffic`, which says less than its model.
    static func label(_ variant: EndpointVariant) -> String { variant.name == "AllTraffic" ? variant.model : variant.name }

    static func errors(_ counts: RequestCounts) -> TableCell {
        guard counts.invocations > 0 else { return TableCell(text: "–", role: .muted) }
        guard counts.errors > 0 else { return TableCell(text: "0", role: .muted) }
        let share = Double(counts.errors) / Double(counts.invocations)
        // Few are not none.
        let text = share < 0.001 ? "<0.1 %" : NumberFormat.percent(share, decimals: share < 0.1 ? 1 : 0)
        return TableCell(text: text, role: .bad)
    }

    /// `3s ago`
    static func ago(_ time: Double?, _ now: Double) -> String {
        guard let time else { return "never" }
        let seconds = max(0, now - time)
        if seconds < 60 { return seconds < 1.5 ? "now" : "\(Int(nearestWithin: seconds))s ago" }
        return NumberFormat.duration(seconds).split(separator: " ").first.map { $0 + " ago" } ?? ""
    }

    /// What happened, for a person.
    static func text(_ event: EndpointEvent) -> String {
        let news = event.news
        switch event {
        case .statusChanged: return news.status.word + (news.reason.isEmpty ? "" : ": \(news.reason)")
        case .trafficShifted: return "traffic: " + shares(news)
        case .shadowChanged:
            guard let shadow = news.shadow else { return "shadow test" }
            let shown = "shadow: \(shadow.model) is shown \(percent(shadow.percent / 100)) of the requests"
            return shown + (shadow.outcome.isEmpty ? "" : ": \(shadow.outcome)")
        case .deleted: return "deleted"
        }
    }

    static func shares(_ news: EndpointNews) -> String {
        news.shares.map { "\($0.variant == "AllTraffic" ? $0.model : $0.variant) \(percent($0.share))" }
            .joined(separator: ", ")
    }
}

/// The workspace's host in a line: since when it is there, and what it uses.
struct HostLine {
    private let state: AppState
    private let traffic: HostTraffic?

    init(_ state: AppState, _ traffic: HostTraffic?) { (self.state, self.traffic) = (state, traffic) }

    func line(width: Int) -> TextLine {
        guard state.serving.isServed || traffic != nil else {
            return TextLine("○ the host is away: S starts one, and the endpoints come back with it", .warning)
        }
        guard let traffic else { return TextLine("● the host is there; it has not answered yet", .muted) }
        var line = TextLine("● host", .good, .bold)
        let parts = [
            " process \(traffic.process)", "up " + NumberFormat.duration(max(0, traffic.until - traffic.startedAt)),
            NumberFormat.duration(traffic.cpuSeconds) + " of CPU", NumberFormat.bytes(traffic.residentBytes),
            state.serving.url ?? "",
        ].filter { !$0.isEmpty }
        var used = 6
        for part in parts where used + TextWidth.of(part) + 3 <= width {
            line.add((used == 6 ? "" : " · ") + part, .muted)
            used += TextWidth.of(part) + 3
        }
        return line
    }
}
