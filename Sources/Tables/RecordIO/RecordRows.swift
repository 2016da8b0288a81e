/// Rows of records, column by column.
struct RecordRows {
    private var row = 0
    private var features, labels: RecordColumns
    // Kept, so that their memory is used again.
    private var tensor = RecordTensor(), label = RecordTensor()

    init(rowCount: Int, path: String) {
        features = RecordColumns(rowCount: rowCount, absent: 0, what: "features", path: path)
        labels = RecordColumns(rowCount: rowCount, absent: .nan, what: "labels", path: path)
    }

    /// Takes in the next record.
    mutating func add(_ bytes: UnsafeRawBufferPointer) throws(TableError) {
        var record = ProtobufReader(bytes)
        var hasFeatures = false, hasLabel = false
        while let field = try record.field() {
            switch field.number {
            case 1:
                guard try Self.read(record.message(field.type), into: &tensor, what: "features") else { continue }
                hasFeatures = true
            case 2:
                guard try Self.read(record.message(field.type), into: &label, what: "label") else { continue }
                hasLabel = true
            default: try record.skip(field.type)
            }
        }
        guard hasFeatures, tensor.width > 0 else { throw Self.noFeatures }
        try features.put(tensor, row: row)
        if hasLabel { try labels.put(label, row: row) }
        row += 1
    }

    static let noFeatures = TableError(.damagedFile, "has no features: each record needs some")

    /// Reads the features alone of a record.
    ///
    /// - Returns: whether it has any.
    static func readFeatures(of bytes: UnsafeRawBufferPointer, into tensor: inout RecordTensor) throws(TableError) -> Bool {
        var record = ProtobufReader(bytes), found = false
        while let field = try record.field() {
            if field.number == 1 {
                found = try read(record.message(field.type), into: &tensor, what: "features") || found
            } else {
                try record.skip(field.type)
            }
        }
        return found && tensor.width > 0
    }

    func typedColumns(_ empty: TypedColumns) -> TypedColumns {
        var typed = empty
        for (index, numbers) in features.columns.enumerated() { typed.add(wholeOrNot: numbers, name: "f\(index)") }
        for (index, numbers) in labels.columns.enumerated() {
            typed.add(wholeOrNot: numbers, name: labels.columns.count == 1 ? "label" : "label_\(index + 1)")
        }
        return typed
    }

    /// An entry of one of the record's two maps; only that called `values` is known.
    private static func read(
        _ entry: ProtobufReader, into tensor: inout RecordTensor, what: String
    ) throws(TableError) -> Bool {
        var entry = entry
        var key = "", value: ProtobufReader?
        while let field = try entry.field() {
            switch (field.number, field.type) {
            case (1, .bytes): key = String(decoding: try entry.lengthAndBytes(), as: UTF8.self)
            case (2, _): value = try entry.message(field.type)
            default: try entry.skip(field.type)
            }
        }
        guard key == "values" else {
            throw TableError(
                .unsupportedFormat, "its \(what) are called '\(key)', not 'values': write them as SageMaker's own library does")
        }
        guard let value else { return false }
        try tensor.read(value)
        return true
    }
}

/// The features or the labels of all rows.
private struct RecordColumns {
    private static let mostColumns = 1 << 18

    let rowCount: Int
    /// What a row has that gives none.
    let absent: Double
    let what: String
    let path: String
    private(set) var columns: [[Double]] = []

    init(rowCount: Int, absent: Double, what: String, path: String) {
        (self.rowCount, self.absent, self.what, self.path) = (rowCount, absent, what, path)
    }

    mutating func put(_ tensor: RecordTensor, row: Int) throws(TableError) {
        if columns.isEmpty {
            guard tensor.width <= Self.mostColumns else {
                throw TableError(
                    .tooManyColumns, "has \(tensor.width) \(what): at most \(Self.mostColumns) can be columns; keep fewer")
            }
            try MemoryBudget.check(rowCount: rowCount, columnCount: tensor.width, path: path)
            columns = (0..<tensor.width).map { _ in [Double](repeating: absent, count: rowCount) }
        }
        guard tensor.width == columns.count else {
            throw TableError(
                .damagedFile, "has \(tensor.width) \(what) where the first has \(columns.count): give each record as many")
        }
        if tensor.isSparse {
            if absent != 0 { for place in columns.indices { columns[place][row] = 0 } }
            // Each key was held to the width when the tensor was read.
            for (key, value) in zip(tensor.keys, tensor.values) { columns[Int(key)][row] = value }
        } else {
            for (place, value) in tensor.values.enumerated() { columns[place][row] = value }
        }
    }
}
