import JSON

/// What the groups of a pattern are in a line.
extension [UInt8] {
    /// Empty for a group that took no part.
    func text(_ group: Range<Int>?) -> String { group.map { String(decoding: self[$0], as: UTF8.self) } ?? "" }
    func integer(_ group: Range<Int>?) -> Int? { Int(text(group)) }
    func value(_ group: Range<Int>?) -> JSONValue { .string(text(group)) }

    func ends(with end: [UInt8]) -> Bool { count >= end.count && suffix(end.count).elementsEqual(end) }
}
