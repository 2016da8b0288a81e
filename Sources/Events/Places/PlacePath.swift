/// Paths of files on other machines, as `PLACE:/path`. Paths here begin with a slash where they stand in a workspace, so that the two are
/// never taken for each other.
public enum PlacePath {
    /// - Parameter path: from the root there.
    public static func at(_ place: String, _ path: String) -> String { path.isEmpty ? path : place + ":" + path }

    /// The place and the path there; nil for a path of this machine.
    public static func parts(_ path: String) -> (place: String, path: String)? {
        guard let colon = path.firstIndex(of: ":"), colon != path.startIndex, isName(path[..<colon]) else { return nil }
        let rest = path[path.index(after: colon)...]
        return rest.isEmpty ? nil : (String(path[..<colon]), String(rest))
    }

    /// Letters, digits, and dots, dashes and underscores behind the first.
    public static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "."), text.utf8.count <= 64 else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
