import Debugging
import Events
import Experiments
import Numerics
import Studio
import Tables

extension FindEvidence: AnsweredQuery {
    func answer(_ work: QueryWork<AlertEvidence>) throws -> AlertEvidence {
        var found = AlertEvidence()
        for event in try work.store.events(of: run, kinds: [.trainingDataSummarised]) {
            if case .job(.trainingDataSummarised(let data)) = event.kind { found.data = data }
        }
        if let tensor = alert.tensor { found.tensor = try work.store.tensors.points(tensor, of: run) }
        guard let picture = Self.picture(of: alert), let run = try work.store.run(run)?.record else { return found }
        guard run.place == nil else {
            found.refusal = "the data is on \(run.place ?? "another machine"): its picture is drawn there"
            return found
        }
        do throws(TableError) {
            let table = try Table(contentsOf: run.request.datasetPath, options: try ReadOptions(run.request.reading))
            guard run.dataFingerprint.hasPrefix(table.fingerprint) else {
                found.refusal = "\(run.request.datasetPath) has changed since the run began: there is no picture of what it read"
                return found
            }
            switch (picture, run.request.target) {
            case (.scales, let target): found.scales = Self.scales(table, target: target)
            case (.target(over: let column?), let target?): found.course = try TargetCourse(table, target: target, over: column)
            case (.target(over: nil), let target?):
                let file = run.request.datasetPath.split(separator: "/").last.map(String.init) ?? ""
                found.course = try TargetCourse(
                    table, target: target, title: "\(target) over the rows of \(file), in their order")
            case (.target, nil): break
            }
        } catch { found.refusal = "the data cannot be read any more: \(error)" }
        return found
    }

    /// A picture of the data.
    private enum Picture {
        /// The target over the values of a column, or over the rows in their order.
        case target(over: String?)
        case scales
    }

    /// nil where the data shows nothing of it.
    private static func picture(of alert: Alert) -> Picture? {
        switch alert.rule {
        case FeatureScale.name: .scales
        case DataOrder.name: .target(over: nil)
        default: alert.column.map { .target(over: $0) }
        }
    }

    /// Features that a chart has room for.
    private static let mostScales = 16

    private static func scales(_ table: Table, target: String?) -> [(name: String, deviation: Double)] {
        let all = table.columns.filter { $0.name != target }.compactMap { column -> (name: String, deviation: Double)? in
            guard let numbers = column.numbers else { return nil }
            var moments = Moments()
            for value in numbers where value.isFinite { moments.add(value) }
            return moments.count > 1 ? (column.name, moments.populationDeviation) : nil
        }.sorted { ($1.deviation, $0.name) < ($0.deviation, $1.name) }
        // The widest and the narrowest are what it is about.
        let half = mostScales / 2
        return all.count <= mostScales ? all : Array(all.prefix(half) + all.suffix(half))
    }
}

extension TargetCourse {
    /// Parts of a file at most, classes that have a curve, and values of a column that are told apart.
    private static let mostParts = 60, mostClasses = 6, mostValues = 16

    /// The target over the rows of a table, in their order.
    init(_ table: Table, target: String, title: String) throws(TableError) {
        let column = try table.column(matching: target), count = column.rowCount
        let parts = max(1, min(Self.mostParts, count))
        self.init(
            title: title, of: column, partCount: parts, partNames: [],
            part: { min(parts - 1, $0 * parts / max(1, count)) })
    }

    /// The target over the values of another column: each of few, else stretches with as many rows each.
    init(_ table: Table, target: String, over name: String) throws(TableError) {
        let column = try table.column(matching: target), other = try table.column(matching: name)
        let title = "\(target) over \(name)"
        switch other.storage {
        case .codes(let codes, let dictionary):
            var counts = [Int](repeating: 0, count: dictionary.count)
            for code in codes where code >= 0 { counts[Int(code)] += 1 }
            let shown = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(Self.mostValues)
            let places = Dictionary(uniqueKeysWithValues: shown.enumerated().map { (Int32($1), $0) })
            self.init(
                title: title, of: column, partCount: shown.count, partNames: shown.map { dictionary[$0] },
                part: { places[codes[$0]] })
        case .numbers(let numbers):
            let sorted = Statistics.sorted(numbers.filter { !$0.isNaN })
            var edges: [Double] = []
            for part in 0..<Self.mostValues where !sorted.isEmpty {
                let edge = sorted[part * sorted.count / Self.mostValues]
                if edge != edges.last { edges.append(edge) }
            }
            self.init(
                title: title, of: column, partCount: edges.count, partNames: edges.map { Column.text(of: $0) },
                part: { row in edges.lastIndex { $0 <= numbers[row] } })
        }
    }

    /// - Parameter part: where a row belongs; nil for nowhere.
    private init(
        title: String, of target: Column, partCount: Int, partNames: [String], part: (Int) -> Int?
    ) {
        var counts = [Int](repeating: 0, count: partCount)
        var sums: [[Double]]
        let names: [String]
        switch target.storage {
        case .numbers(let numbers):
            names = ["mean of \(target.name)"]
            sums = [[Double](repeating: 0, count: partCount)]
            for row in numbers.indices where numbers[row].isFinite {
                guard let part = part(row) else { continue }
                counts[part] += 1
                sums[0][part] += numbers[row]
            }
        case .codes(let codes, let dictionary):
            var whole = [Int](repeating: 0, count: dictionary.count)
            for code in codes where code >= 0 { whole[Int(code)] += 1 }
            let shown = whole.indices.sorted { (whole[$1], $0) < (whole[$0], $1) }.prefix(Self.mostClasses)
            names = shown.map { dictionary[$0] }
            let places = Dictionary(uniqueKeysWithValues: shown.enumerated().map { (Int32($1), $0) })
            sums = names.map { _ in [Double](repeating: 0, count: partCount) }
            for row in codes.indices where codes[row] >= 0 {
                guard let part = part(row) else { continue }
                counts[part] += 1
                if let place = places[codes[row]] { sums[place][part] += 1 }
            }
        }
        let values = sums.map { zip($0, counts).map { $1 > 0 ? $0 / Double($1) : .nan } }
        self.init(title: title, parts: partNames, counts: counts, names: names, values: values)
    }
}
