import CTableKernels

/// Numbers distinct texts in order of first appearance, and keeps them.
///
/// One thread puts texts in; several may look them up when nobody does.
final class TextNumbering: @unchecked Sendable {
    // SAFETY: made and destroyed with the object; who may call what is said above.
    let interner: OpaquePointer?

    init() { interner = dk_interner_create(nil) }

    deinit { dk_interner_destroy(interner) }

    var count: Int { dk_interner_count(interner) }

    /// The texts in the order of their numbers.
    var texts: [String] { (0..<count).map { String(decoding: bytes(of: $0), as: UTF8.self) } }

    /// The bytes of a text, until another is put in.
    func bytes(of code: Int) -> UnsafeBufferPointer<UInt8> {
        let span = dk_interner_span(interner, code)
        return UnsafeBufferPointer(
            start: dk_interner_bytes(interner).map { $0 + dk_span_offset(span) }, count: dk_span_length(span))
    }

    /// The number of a text.
    @discardableResult
    func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32 { dk_interner_put(interner, bytes.baseAddress, bytes.count) }

    /// Takes in all texts of another.
    func add(_ other: TextNumbering) {
        for code in 0..<other.count { number(other.bytes(of: code)) }
    }
}
