import JSON

/// The first line of the far end: a word that no other program begins with, and who it is.
public struct Greeting: Hashable, Sendable {
    /// Both ends speak the same version, or say so and part.
    public static let protocolVersion = 2
    static let magic = "descent-attach "

    public var protocolVersion = Self.protocolVersion
    /// Version of Descent there.
    public var version: String
    /// Tells the workspace from others.
    public var workspace: String

    public init(version: String, workspace: String) { (self.version, self.workspace) = (version, workspace) }

    public var line: String {
        Self.magic
            + JSONValue.object([
                "protocol": .integer(protocolVersion), "version": .string(version), "workspace": .string(workspace),
            ]).text
    }

    /// nil for a line of something else, such as a message of the day.
    public init?(line: String) {
        guard line.hasPrefix(Self.magic) else { return nil }
        let json: JSONValue
        do { json = try JSONValue(parsing: String(line.dropFirst(Self.magic.count))) } catch { return nil }
        guard let number = json["protocol"]?.integer, let version = json["version"]?.string else { return nil }
        self.init(version: String(version.prefix(40)), workspace: json["workspace"]?.string ?? "")
        protocolVersion = number
    }

    /// Why the two ends do not understand each other; nil where they do.
    public func problem(own: String) -> String? {
        guard protocolVersion != Self.protocolVersion else { return nil }
        return "descent there is \(version) and speaks version \(protocolVersion) of the protocol, this one is \(own) and speaks "
            + "version \(Self.protocolVersion): have the same descent on both machines"
    }
}
