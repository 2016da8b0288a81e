import Files
import Glibc

/// The tensors of a run that were saved whole: `artifacts/RUN/tensors/STEP/NAME.npy`, and what is wished for while it trains.
///
/// The folder is the run's: it is copied and removed with the run. Who trains writes into it, learners and the Python package alike; who wants
/// a tensor saved leaves a file with a pattern, which whoever trains takes at the next captured step.
public struct WholeTensors: Sendable {
    /// One that was saved.
    public struct Entry: Sendable, Hashable {
        public var step: Int
        public var name: String
        public var byteCount: Int
        public var path: String
    }

    private let folder: String

    /// - Parameter artifactFolder: the run's, which may not be there.
    public init(artifactFolder: String) { folder = artifactFolder + "/tensors" }

    private static let ending = ".npy", wishes = "wishes", mostWishes = 64

    /// What is there, by step and name.
    public var entries: [Entry] {
        Folder.names(in: folder).compactMap { Int($0) }.sorted().flatMap { step in
            Folder.names(in: "\(folder)/\(step)").compactMap { file in
                let path = "\(folder)/\(step)/\(file)"
                guard file.hasSuffix(Self.ending), let stamp = FileStamp(path), stamp.isRegular else { return nil }
                return Entry(step: step, name: Self.name(ofFile: file), byteCount: stamp.size, path: path)
            }
        }
    }

    /// What all of them take.
    public var byteCount: Int { entries.reduce(0) { $0 + $1.byteCount } }

    /// The numbers of a tensor at a step; nil where they were not saved.
    public func values(of name: String, at step: Int) throws(FileError) -> NumpyFile? {
        try AtomicFile.read("\(folder)/\(step)/\(Self.file(of: name))", atMost: 1 << 32).flatMap(NumpyFile.init(bytes:))
    }

    /// Saves a tensor, whole or not at all.
    public func save(_ tensor: NumpyFile, as name: String, at step: Int) throws(FileError) {
        try Folder.make("\(folder)/\(step)")
        try AtomicFile.write(tensor.bytes, to: "\(folder)/\(step)/\(Self.file(of: name))")
    }

    /// Forgets what was saved after a step, where a run goes on from there. Wishes stay: somebody may ask before the first step.
    public func removeAll(after step: Int) {
        for name in Folder.names(in: folder) where Int(name).map({ $0 > step }) ?? false { Folder.remove("\(folder)/\(name)") }
    }

    // MARK: - Wishes

    /// Asks whoever trains to save tensors whole at the next captured step.
    ///
    /// - Parameter pattern: of their names, with `*` and `?`.
    public func wish(for pattern: String) throws(FileError) {
        try Folder.make("\(folder)/\(Self.wishes)")
        try AtomicFile.write(Array(pattern.utf8), to: "\(folder)/\(Self.wishes)/\(Self.file(of: pattern))")
    }

    /// Patterns that are wished for, which are wishes no more.
    public func takeWishes() -> [String] {
        Folder.names(in: "\(folder)/\(Self.wishes)").filter { $0.hasSuffix(Self.ending) }.prefix(Self.mostWishes).map { file in
            unlink("\(folder)/\(Self.wishes)/\(file)")
            return Self.name(ofFile: file)
        }
    }

    /// Whether somebody waits for that; false where it was taken.
    public func isWishedFor(_ pattern: String) -> Bool {
        FileStamp("\(folder)/\(Self.wishes)/\(Self.file(of: pattern))") != nil
    }

    // MARK: - Names of files

    /// The file of a tensor: letters, digits, `.`, `_` and `-` as they are, other bytes as in URLs, so that no name leads elsewhere.
    static func file(of name: String) -> String {
        name.utf8.reduce(into: "") { text, byte in
            switch byte {
            case 45, 46, 48...57, 65...90, 95, 97...122: text.unicodeScalars.append(UnicodeScalar(byte))
            default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        } + ending
    }

    static func name(ofFile file: String) -> String {
        var bytes: [UInt8] = [], rest = Array(file.utf8.dropLast(ending.utf8.count))[...]
        while let byte = rest.popFirst() {
            if byte == 37, rest.count >= 2, let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Tensors to save whole, as an option says it: `dense1.*`, `gradient/*:100`, several with commas between.
public struct WholeTensorWish: Sendable, Hashable {
    /// Of names, with `*` and `?`.
    public var pattern: String
    /// Every so many steps; nil = the first captured step and the last one.
    public var every: Int?

    public init(pattern: String, every: Int? = nil) { (self.pattern, self.every) = (pattern, every) }

    /// Reads an option's text; what stands behind the last colon is a number of steps, or belongs to the name.
    public static func list(_ text: String) -> [WholeTensorWish] {
        text.split(separator: ",").map { part in
            let words = part.drop { $0 == " " }
            guard let colon = words.lastIndex(of: ":"), let every = Int(words[words.index(after: colon)...]), every > 0 else {
                return WholeTensorWish(pattern: String(words))
            }
            return WholeTensorWish(pattern: String(words[..<colon]), every: every)
        }
    }

    /// What is wrong with an option's text; nil = nothing. A number behind the last colon is meant for steps.
    @Sendable static func problem(with text: String) -> String? {
        for wish in list(text) where wish.every == nil {
            guard let colon = wish.pattern.lastIndex(of: ":") else { continue }
            let number = wish.pattern[wish.pattern.index(after: colon)...]
            guard number.contains(where: \.isNumber), Double(number) != nil else { continue }
            return "\(number) is no number of steps: give a whole one from 1 on (a name that ends so is "
                + "\(wish.pattern[...colon])\(String(repeating: "?", count: number.count)))"
        }
        return nil
    }

    /// Whether a name is meant: a plain word is the name itself.
    public func matches(_ name: String) -> Bool {
        NamePattern.isPattern(pattern) ? NamePattern(pattern).matches(name) : pattern == name
    }
}
