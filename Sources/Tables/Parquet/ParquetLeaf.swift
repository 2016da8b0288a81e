import CTableKernels

/// A column of a Parquet file: its name and how its values are read.
struct ParquetLeaf {
    /// What the stored values become.
    enum Reading: Hashable {
        /// Numbers of one of the kernels' types, times a factor or, if negative, divided by it.
        case numbers(type: Int, factor: Double, kind: ColumnKind)
        /// Seconds of the day, shown as a time of day.
        case times(type: Int, perSecond: Double)
        case truths
        case texts
        case uuids
    }

    var name: String
    /// The names of its groups and its own.
    var path: [String]
    /// What stands about it in the file.
    var element: ParquetSchemaElement
    /// 0 boolean, 1 and 2 integers, 3 int96, 4 float, 5 double, 6 byte array, 7 fixed-length byte array.
    var physicalType: Int
    /// Bytes a value; 0 when they vary.
    var width: Int
    /// The definition level of values that are present.
    var fullLevel: UInt32
    var reading: Reading

    /// The leaves of a schema in the file's order. Groups within groups give names joined by points.
    ///
    /// - Throws: `unsupportedFormat` that names all lists and maps; `damagedFile`.
    static func leaves(_ schema: [ParquetSchemaElement]) throws(TableError) -> [ParquetLeaf] {
        var leaves: [ParquetLeaf] = []
        var nested: [String] = []
        var position = 1
        guard let root = schema.first, root.childCount >= 0 else { throw ThriftReader.damaged }
        for _ in 0..<root.childCount {
            try walk(schema, &position, path: [], level: 0, depth: 0, &leaves, &nested)
        }
        if !nested.isEmpty {
            let list = nested.map(identifier).joined(separator: ", ")
            throw TableError(
                .unsupportedFormat,
                "has lists or maps in \(list): leave them out with "
                    + "duckdb -c \"copy (select * exclude (\(list)) from 'IN') to 'OUT.parquet'\"")
        }
        return leaves
    }

    /// A column's name as it stands in SQL within a shell's double quotes.
    private static func identifier(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { ($0 | 32) >= 97 && ($0 | 32) <= 122 || $0 == 95 || ($0 >= 48 && $0 <= 57) }
        return isPlain ? name : "\\\"\(name)\\\""
    }

    private static func walk(
        _ schema: [ParquetSchemaElement], _ position: inout Int, path: [String], level: UInt32, depth: Int,
        _ leaves: inout [ParquetLeaf], _ nested: inout [String]
    ) throws(TableError) {
        guard position < schema.count, depth < 64 else { throw ThriftReader.damaged }
        let element = schema[position]
        position += 1
        let path = path + [element.name]
        let name = path.joined(separator: ".")
        let full = level + (element.repetition == 0 ? 0 : 1)
        if element.childCount > 0 {
            let isList = element.repetition == 2 || element.meaning == .list
            var inner: [String] = []
            for _ in 0..<element.childCount {
                try walk(schema, &position, path: path, level: full, depth: depth + 1, &leaves, &inner)
            }
            if isList { nested.append(name) } else { nested += inner }
            return
        }
        if element.repetition == 2 { return nested.append(name) }
        leaves.append(try ParquetLeaf(element, path: path, fullLevel: full))
    }

    private init(_ element: ParquetSchemaElement, path: [String], fullLevel: UInt32) throws(TableError) {
        let physical = element.physicalType ?? -1
        name = path.joined(separator: ".")
        self.path = path
        self.element = element
        self.fullLevel = fullLevel
        physicalType = physical
        width = [1: 4, 2: 8, 3: 12, 4: 4, 5: 8, 7: element.width][physical] ?? 0
        guard (0...7).contains(physical), physical != 7 || (1..<1 << 24).contains(width) else { throw ThriftReader.damaged }
        guard let reading = Self.reading(element, physical, width) else {
            var what = "values this program does not know"
            if case .other(let known) = element.meaning { what = known }
            throw TableError(
                .unsupportedFormat,
                "column '\(name)' holds \(what): leave it out with duckdb -c \"copy (select * exclude (\(Self.identifier(name))) from 'IN') to 'OUT.parquet'\""
            )
        }
        self.reading = reading
    }

    private static func reading(_ element: ParquetSchemaElement, _ physical: Int, _ width: Int) -> Reading? {
        let isUnsigned = element.meaning == .integer(isSigned: false)
        let integer =
            physical == 1 ? (isUnsigned ? DK_UINT32 : DK_INT32) : (isUnsigned ? DK_UINT64 : DK_INT64)
        switch (physical, element.meaning) {
        case (_, .other): return nil
        case (0, _): return .truths
        case (1...2, .date): return .numbers(type: Int(integer), factor: 86_400, kind: .date)
        case (1...2, .timestamp(let perSecond, _)): return .numbers(type: Int(integer), factor: -perSecond, kind: .date)
        case (1...2, .time(let perSecond)): return .times(type: Int(integer), perSecond: perSecond)
        case (1...2, .decimal): return decimal(Int(integer), element.scale)
        case (1...2, _): return .numbers(type: Int(integer), factor: 1, kind: .integer)
        case (3, _): return .numbers(type: Int(DK_INT96), factor: 1, kind: .date)
        case (4, _): return .numbers(type: Int(DK_FLOAT), factor: 1, kind: .numeric)
        case (5, _): return .numbers(type: Int(DK_DOUBLE), factor: 1, kind: .numeric)
        case (7, .half): return width == 2 ? .numbers(type: Int(DK_FLOAT16), factor: 1, kind: .numeric) : nil
        case (7, .uuid): return width == 16 ? .uuids : nil
        case (6...7, .decimal): return width <= 32 ? decimal(Int(DK_BIG_ENDIAN), element.scale) : nil
        default: return .texts
        }
    }

    private static func decimal(_ type: Int, _ scale: Int) -> Reading? {
        guard (0...76).contains(scale) else { return nil }
        var divisor = 1.0
        for _ in 0..<scale { divisor *= 10 }
        return .numbers(type: type, factor: scale == 0 ? 1 : -divisor, kind: scale == 0 ? .integer : .numeric)
    }
}
