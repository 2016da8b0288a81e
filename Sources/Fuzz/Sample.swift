/// A file, or what else is read, with a name that says which of a reader's files it stands for.
struct Sample {
    var name: String
    var bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
        (self.name, self.bytes) = (name, bytes)
    }

    init(_ name: String, text: String) { self.init(name, Array(text.utf8)) }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
