import JSON
import Tables

/// Rows in JSON: SageMaker's shapes, lists of objects by columns' names, and lists of lists in the columns' order.
///
/// A value that stands by its column's name becomes what it becomes in a file of JSON Lines.
enum JSONRequest {
    /// - Throws: `unsupportedContentType` for what is no JSON, `validation` for rows that are not the model's.
    static func read(_ body: [UInt8], into rows: inout RequestRows) throws(InvocationError) {
        let document: JSONValue
        do throws(JSONError) { document = try JSONValue(parsing: body, admitsNonFinite: true) } catch {
            throw InvocationError(.unsupportedContentType, "the body is \(error.description)")
        }
        for (index, instance) in instances(document, rows.columns).enumerated() {
            try add(instance, to: &rows, record: index + 1)
        }
        guard rows.table.rowCount > 0 else { throw InvocationError(.validation, "there are no rows: send at least one") }
    }

    /// One row a line.
    static func read(lines body: [UInt8], into rows: inout RequestRows) throws(InvocationError) {
        for (index, line) in body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            let value: JSONValue
            do throws(JSONError) { value = try JSONValue(parsing: Array(line), admitsNonFinite: true) } catch {
                throw InvocationError(
                    .unsupportedContentType, "it is \(error.description)", line: index + 1)
            }
            do throws(InvocationError) { try add(value, to: &rows, record: rows.table.rowCount + 1) } catch {
                throw InvocationError(error.kind, error.message, line: index + 1)
            }
            rows.lines.append(index + 1)
        }
        guard rows.table.rowCount > 0 else { throw InvocationError(.validation, "there are no rows: send at least one") }
    }

    private static func instances(_ document: JSONValue, _ columns: InputColumns) -> [JSONValue] {
        if let elements = document.array {
            return elements.contains { $0.array != nil || $0.members != nil } || elements.isEmpty ? elements : [document]
        }
        if let list = document["instances"]?.array, columns.places["instances"] == nil { return list }
        if let only = document.members, only.count == 1, columns.places[only[0].name] == nil, let list = only[0].value.array,
            only[0].name != "features", list.contains(where: { $0.members != nil || $0.array != nil })
        {
            return list
        }
        return [document]
    }

    private static func add(_ instance: JSONValue, to rows: inout RequestRows, record: Int) throws(InvocationError) {
        if let list = instance.array { return try add(ordered: list, to: &rows, record) }
        guard let members = instance.members else {
            // A model of one column may be given its value alone.
            return try add(ordered: [instance], to: &rows, record)
        }
        if rows.columns.places["features"] == nil, let features = instance["features"] ?? instance["data"]?["features"] {
            if let list = features.array { return try add(ordered: list, to: &rows, record) }
            return try add(tensor: features, to: &rows, record)
        }
        for member in members { try add(member.value, named: member.name, to: &rows, record) }
        rows.table.endRow()
    }

    /// A value by its column's name. Objects within are named through their keys with points between; lists by places, unless they stand
    /// for a column themselves: then they are the text of the list.
    private static func add(
        _ value: JSONValue, named name: String, to rows: inout RequestRows, _ record: Int
    ) throws(InvocationError) {
        if let place = rows.columns.places[name], value.members == nil {
            guard !rows.table.hasValue(in: place) else { throw rows.twice(name, record: record) }
            guard value.array == nil else { return put(value.text, in: place, of: &rows) }
            return try put(value, in: place, of: &rows, name, record)
        }
        if let members = value.members, !members.isEmpty {
            for member in members { try add(member.value, named: "\(name).\(member.name)", to: &rows, record) }
        } else if let list = value.array, !list.isEmpty {
            for (index, element) in list.enumerated() { try add(element, named: "\(name)_\(index + 1)", to: &rows, record) }
        } else if rows.columns.places[name] == nil {
            rows.note(unknown: name)
        }
    }

    private static func add(ordered list: [JSONValue], to rows: inout RequestRows, _ record: Int) throws(InvocationError) {
        guard let order = rows.columns.order(width: list.count) else { throw rows.widthError(list.count, record: record) }
        for (index, (place, value)) in zip(order, list).enumerated() {
            if let place { try put(value, in: place, of: &rows, "value \(index + 1)", record) }
        }
        rows.table.endRow()
    }

    /// `{"values": […]}`, and for sparse rows `keys` and `shape`.
    private static func add(tensor: JSONValue, to rows: inout RequestRows, _ record: Int) throws(InvocationError) {
        guard let values = tensor["values"]?.array else {
            throw InvocationError(
                .validation, "there are 'features' that are neither a list nor have 'values': send a list of values",
                record: record)
        }
        guard let keys = tensor["keys"]?.array else { return try add(ordered: values, to: &rows, record) }
        let indices = keys.compactMap(\.integer), numbers = values.compactMap(\.double)
        let width = (tensor["shape"]?.array?.last ?? tensor["shape"])?.integer
        guard indices.count == keys.count, numbers.count == values.count, keys.count == values.count,
            indices.allSatisfy({ $0 >= 0 && $0 < width ?? .max })
        else {
            throw InvocationError(
                .validation, "there are keys, values and shape that do not fit together: give each value its key",
                record: record)
        }
        try rows.add(NumberRow(indices: indices, values: numbers, width: width), base: 0, record: record)
    }

    private static func put(
        _ value: JSONValue, in place: Int, of rows: inout RequestRows, _ what: String, _ record: Int
    ) throws(InvocationError) {
        switch value {
        case .null: rows.table.putMissing(in: place)
        case .integer(let number): rows.table.put(Double(number), in: place)
        case .number(let number): rows.table.put(number, in: place)
        case .boolean(let flag): put(flag ? "true" : "false", in: place, of: &rows)
        case .string(let text): put(text, in: place, of: &rows)
        case .array, .object:
            throw InvocationError(
                .validation, "\(what) is a list or an object where a number or a text belongs: send one value",
                record: record)
        }
    }

    private static func put(_ text: String, in place: Int, of rows: inout RequestRows) {
        var text = text
        text.withUTF8 { rows.table.put($0, in: place) }
    }
}
