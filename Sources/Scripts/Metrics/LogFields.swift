import Interop
import JSON
import MetricDirections

/// What a line says: names and values, in its order.
typealias LogFields = [(name: String, value: JSONValue)]

/// Metrics as JSON, an object a line.
enum JSONLine {
    /// Whether a name says that what has it tells how training goes, rather than being a configuration.
    static func isTelling(_ name: String) -> Bool {
        LogColumns.isTelling(name) || MetricDirection(ofMetric: name) != .unknown
    }

    static func fields(_ line: [UInt8]) -> LogFields? {
        guard line.first == UInt8(ascii: "{"), line.last == UInt8(ascii: "}"),
            let json = FlatJSON.parse(String(decoding: line, as: UTF8.self)), json.members != nil
        else { return nil }
        var fields: LogFields = []
        FlatJSON.visit(json, name: "") { fields.append(($0, $1)) }
        return fields
    }
}
