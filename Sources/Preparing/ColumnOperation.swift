import Tables

/// What a step does to a column, with what it learned.
package enum ColumnOperation: Sendable, Hashable, Codable {
    case drop([String])
    case rename(String, to: String)
    case retype(String, ColumnKind)
    case fill(String, Filling)
    case clip(String, lower: Double?, upper: Double?)
    case scale(String, Scaling)
    /// A column of 0 and 1 for each category, which are sorted.
    case indicators(String, [String])
    /// The place of the category among these, which are sorted.
    case places(String, [String])
    case means(TargetMeans)
    case datePart(String, DatePart, to: String)
    /// Less another column; of dates in units of so many seconds.
    case difference(String, from: String, unit: Double?, to: String)
    /// Characters, or words, of a text.
    case count(String, isWords: Bool, to: String)
    case product([String], to: String)
    case ratio(String, String, to: String)
    case past(PastValues)

    /// Columns that it needs.
    var reads: [String] {
        switch self {
        case .drop: []
        case .rename(let name, _), .retype(let name, _), .fill(let name, _), .clip(let name, _, _), .scale(let name, _),
            .indicators(let name, _), .places(let name, _), .datePart(let name, _, _), .count(let name, _, _):
            [name]
        case .difference(let name, let other, _, _): [name, other]
        case .means(let means): [means.column]
        case .product(let names, _): names
        case .ratio(let name, let other, _): [name, other]
        case .past(let past): past.reads
        }
    }

    /// Columns that it makes or changes.
    var writes: [String] {
        switch self {
        case .drop: []
        case .rename(_, let name), .retype(let name, _), .fill(let name, _), .clip(let name, _, _), .scale(let name, _),
            .places(let name, _), .datePart(_, _, let name), .difference(_, _, _, let name), .count(_, _, let name),
            .product(_, let name), .ratio(_, _, let name):
            [name]
        case .indicators(let name, let categories): categories.map { Self.indicatorName(name, $0) }
        case .means(let means): means.names
        case .past(let past): past.names
        }
    }

    /// Columns that are gone afterwards.
    var removes: [String] {
        switch self {
        case .drop(let names): names
        case .rename(let name, _), .indicators(let name, _): [name]
        case .means(let means): [means.column]
        default: []
        }
    }

    package static func indicatorName(_ column: String, _ category: String) -> String { "\(column)=\(category)" }

    /// - Returns: what is to be told, such as values that training did not have.
    /// - Throws: also where numbers become larger than can be counted with.
    func apply(to set: inout ColumnSet) throws(ColumnFault) -> String? {
        let inputs = reads.compactMap { set[$0]?.numbers }
        let told = try work(on: &set)
        if case .past = self { return told }
        for name in writes {
            guard let made = set[name], let numbers = made.numbers,
                let row = numbers.indices.first(where: { row in numbers[row].isInfinite && !inputs.contains { $0[row].isInfinite }
                })
            else { continue }
            throw made.overflow(row)
        }
        return told
    }

    private func work(on set: inout ColumnSet) throws(ColumnFault) -> String? {
        if case .drop(let names) = self {
            set.remove(Set(names))
            return nil
        }
        if case .past(let past) = self { return try Self.apply(past, to: &set) }
        let inputs = reads.compactMap { set[$0] }
        guard inputs.count == reads.count, let column = inputs.first else {
            let gone = reads.first { set[$0] == nil } ?? ""
            throw ColumnFault(
                code: .columnNotFound, message: "there is no column '\(gone)', which the pipeline was learned on: add it")
        }
        switch self {
        case .drop, .past: return nil
        case .rename(let name, let new): set.replace(name, with: [column.renamed(new)])
        case .retype(_, let kind):
            let (made, lost) = column.retyped(kind)
            set.put(made)
            return lost == 0 ? nil : "'\(column.name)': \(lost) values are no numbers: they are missing from here on"
        case .fill(_, let filling): set.put(try filling.apply(to: column))
        case .clip(_, let lower, let upper): set.put(try Self.clipped(column, lower, upper))
        case .scale(_, let scaling): set.put(try scaling.apply(to: column))
        case .indicators(let name, let categories):
            let found = try CategoryPlaces(column, categories)
            set.replace(name, with: found.indicators { Self.indicatorName(name, $0) })
            return found.warning
        case .places(_, let categories):
            let found = try CategoryPlaces(column, categories)
            set.put(found.places)
            return found.warning
        case .means(let means):
            let (made, told) = try means.columns(of: column)
            set.replace(means.column, with: made)
            return told
        case .datePart(_, let part, let new):
            let values = try column.moments().map { $0.isFinite ? Double(part.value(at: $0)) : .nan }
            set.put(Column(name: new, kind: .integer, storage: .numbers(values)))
        case .difference(_, _, let unit, let new): set.put(try Self.difference(column, inputs[1], unit, new))
        case .count(_, let isWords, let new): set.put(try Self.counts(column, isWords: isWords, new))
        case .product(_, let new): set.put(try Self.product(inputs, new))
        case .ratio(_, _, let new):
            let (over, under) = (try column.numberValues(), try inputs[1].numberValues())
            let values = zip(over, under).map { $1 == 0 ? .nan : $0 / $1 }
            set.put(Column(name: new, kind: .numeric, storage: .numbers(values)))
        }
        return nil
    }
}

extension ColumnOperation {
    private static func apply(_ past: PastValues, to set: inout ColumnSet) throws(ColumnFault) -> String? {
        if let gone = past.reads.first(where: { set[$0] == nil }) {
            throw ColumnFault(
                code: .columnNotFound, message: "there is no column '\(gone)', which the pipeline was learned on: add it")
        }
        let (columns, told) = try past.apply(to: set)
        let isFinite = past.columns.allSatisfy { set[$0]?.hasInfinity == false }
        for column in columns {
            if isFinite, let row = column.numbers?.firstIndex(where: \.isInfinite) { throw column.overflow(row) }
            set.put(column)
        }
        return told.isEmpty ? nil : told.joined(separator: "; ")
    }

    private static func clipped(_ column: Column, _ lower: Double?, _ upper: Double?) throws(ColumnFault) -> Column {
        let isWhole = column.kind == .integer && [lower, upper].allSatisfy { $0.map { $0 == $0.rounded() } ?? true }
        return try column.mapped(isWhole ? .integer : .numeric) { value in
            if let lower, value < lower { return lower }
            if let upper, value > upper { return upper }
            return value
        }
    }

    private static func difference(
        _ column: Column, _ other: Column, _ unit: Double?, _ name: String
    ) throws(ColumnFault) -> Column {
        guard let unit else {
            let values = zip(try column.numberValues(), try other.numberValues()).map { $0 - $1 }
            let isWhole = column.kind == .integer && other.kind == .integer
            return Column(name: name, kind: isWhole ? .integer : .numeric, storage: .numbers(values))
        }
        let values = zip(try column.moments(), try other.moments()).map { ($0 - $1) / unit }
        return Column(name: name, kind: .numeric, storage: .numbers(values))
    }

    private static func counts(_ column: Column, isWords: Bool, _ name: String) throws(ColumnFault) -> Column {
        let (codes, dictionary) = try column.texts()
        let counts = dictionary.map { text in
            Double(isWords ? text.split(whereSeparator: \.isWhitespace).count : text.unicodeScalars.count)
        }
        let values = codes.map { $0 < 0 ? .nan : counts[Int($0)] }
        return Column(name: name, kind: .integer, storage: .numbers(values))
    }

    private static func product(_ columns: [Column], _ name: String) throws(ColumnFault) -> Column {
        var values = try columns[0].numberValues()
        for column in columns.dropFirst() {
            let more = try column.numberValues()
            for row in values.indices { values[row] *= more[row] }
        }
        let isWhole = columns.allSatisfy { $0.kind == .integer }
        return Column(name: name, kind: isWhole ? .integer : .numeric, storage: .numbers(values))
    }
}

extension Column {
    fileprivate var hasInfinity: Bool { numbers?.contains(where: \.isInfinite) ?? false }

    /// Why a column that a step makes cannot be used.
    fileprivate func overflow(_ row: Int) -> ColumnFault {
        ColumnFault(
            code: .infiniteValue,
            message:
                "record \(row + 1): '\(name)' becomes larger than can be counted with: clip the columns that it is made of first")
    }

    /// The same values as another kind, and how many are none of it.
    func retyped(_ wanted: ColumnKind) -> (column: Column, lost: Int) {
        switch wanted {
        case .numeric, .integer:
            let (values, lost) = plainNumbers
            let isWhole = values.allSatisfy { $0.isNaN || $0 == $0.rounded() }
            return (Column(name: name, kind: isWhole ? .integer : .numeric, storage: .numbers(values)), lost)
        case .categorical, .text, .boolean, .date:
            if case .codes = storage { return (Column(name: name, kind: wanted, storage: storage), 0) }
            var places: [String: Int32] = [:], dictionary: [String] = []
            let codes = (0..<rowCount).map { row -> Int32 in
                guard let text = text(at: row) else { return -1 }
                if let place = places[text] { return place }
                places[text] = Int32(dictionary.count)
                dictionary.append(text)
                return Int32(dictionary.count - 1)
            }
            return (Column(name: name, kind: wanted, storage: .codes(codes, dictionary: dictionary)), 0)
        }
    }

    /// Its values as numbers, truth values as 0 and 1, and how many texts are none.
    private var plainNumbers: (values: [Double], lost: Int) {
        switch storage {
        case .numbers(let numbers): return (numbers, 0)
        case .codes(let codes, let dictionary):
            let isTruth = kind == .boolean && dictionary.count == 2
            let numbers = dictionary.indices.map { index in
                isTruth ? Double(index) : Double(dictionary[index].filter { !$0.isWhitespace }).flatMap { $0.isFinite ? $0 : nil }
            }
            let values = codes.map { $0 < 0 ? .nan : numbers[Int($0)] ?? .nan }
            return (values, zip(codes, values).count { $0 >= 0 && $1.isNaN })
        }
    }
}
