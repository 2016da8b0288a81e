/// A field of an Arrow schema.
struct ArrowField {
    /// The numbers that stand for values of a dictionary.
    struct Encoding {
        var dictionary: Int64
        var type: Int32
        var width: Int
    }

    var name: String
    var content: ArrowContent
    var children: [ArrowField] = []
    var encoding: Encoding?
}

/// The columns of an Arrow file: its fields, those within groups too.
struct ArrowSchema {
    let fields: [ArrowField]
    /// The fields that are columns, by their names with those of their groups in front.
    private(set) var leaves: [(name: String, type: ArrowType, encoding: ArrowField.Encoding?)] = []
    /// What the values of each dictionary are.
    private(set) var dictionaries: [Int64: ArrowType] = [:]

    private static let deepest = 64

    /// - Parameter size: bytes of the description, which bound how many fields it can hold.
    /// - Throws: `unsupportedFormat` that names all lists, maps and the like; `damagedFile`.
    init(_ schema: FlatTable, size: Int, isStream: Bool) throws(TableError) {
        guard try schema.integer(0, as: Int16.self) == 0 else {
            throw TableError(.unsupportedFormat, "holds big-endian numbers: write it again on a machine of today")
        }
        // A field takes 20 bytes at the very least; where fewer are there, they point at one another.
        var left = size / 20
        var fields: [ArrowField] = []
        for field in try schema.tables(1) { fields.append(try Self.field(field, depth: 0, left: &left)) }
        self.fields = fields
        var foreign: [(top: String, name: String, what: String)] = []
        for field in fields { try walk(field, prefix: "", top: field.name, &foreign) }
        if !foreign.isEmpty { throw Self.refusal(foreign, isStream: isStream) }
    }

    private static func field(_ table: FlatTable, depth: Int, left: inout Int) throws(TableError) -> ArrowField {
        left -= 1
        guard left >= 0, depth < deepest else { throw FlatTable.damaged }
        var field = ArrowField(name: try table.text(0) ?? "", content: try ArrowContent(table))
        for child in try table.tables(5) { field.children.append(try Self.field(child, depth: depth + 1, left: &left)) }
        guard let encoding = try table.table(4) else { return field }
        guard try encoding.integer(3, as: Int16.self) == 0 else { throw FlatTable.damaged }
        let storage: (type: Int32, width: Int)
        if let index = try encoding.table(1) {
            storage = try ArrowContent.integerStorage(index)
        } else {
            storage = (ArrowColumn.int32, 4)
        }
        field.encoding = ArrowField.Encoding(
            dictionary: try encoding.integer(0, as: Int64.self), type: storage.type, width: storage.width)
        return field
    }

    private mutating func walk(
        _ field: ArrowField, prefix: String, top: String, _ foreign: inout [(top: String, name: String, what: String)]
    ) throws(TableError) {
        let name = prefix + field.name
        switch field.content {
        case .values(let type):
            leaves.append((name, type, field.encoding))
            guard let dictionary = field.encoding?.dictionary else { return }
            guard dictionaries[dictionary] ?? type == type else { throw FlatTable.damaged }
            dictionaries[dictionary] = type
        case .structure where field.encoding == nil:
            for child in field.children { try walk(child, prefix: name + ".", top: top, &foreign) }
        case .structure: foreign.append((top, name, "a dictionary of groups"))
        case .foreign(let what): foreign.append((top, name, what))
        }
    }

    private static func refusal(_ foreign: [(top: String, name: String, what: String)], isStream: Bool) -> TableError {
        let found = foreign.prefix(8).map { "\($0.what) in \($0.name)" }.joined(separator: ", ")
        let more = foreign.count > 8 ? " and \(foreign.count - 8) more" : ""
        var tops: [String] = []
        for column in foreign where !tops.contains(column.top) { tops.append(column.top) }
        let isPlain = tops.allSatisfy { $0.utf8.allSatisfy { !"'\"\\$`!".utf8.contains($0) && $0 >= 0x20 } }
        let list = tops.map { "'\($0)'" }.joined(separator: ", ")
        let open = isStream ? "open_stream" : "open_file"
        let command =
            "python3 -c \"import pyarrow as pa, pyarrow.parquet as pq; "
            + "pq.write_table(pa.ipc.\(open)(pa.memory_map('IN')).read_all().drop_columns([\(list)]), 'OUT.parquet')\""
        return TableError(
            .unsupportedFormat,
            "has \(found)\(more): " + (isPlain ? "leave them out with \(command)" : "leave these columns out when writing it"))
    }
}
