import Databases

/// Where a workspace's endpoints are reached, or were last.
public struct ServingPlace: Hashable, Sendable {
    /// Numeric.
    public var address: String
    public var port: Int
    /// Whether with TLS.
    public var isSecure: Bool
    /// Whether everybody on this machine is answered.
    public var isOpen: Bool
    /// Whether the process that listens there is alive.
    public var isThere = true

    public init(address: String, port: Int, isSecure: Bool, isOpen: Bool) {
        (self.address, self.port, self.isSecure, self.isOpen) = (address, port, isSecure, isOpen)
    }

    public var url: String {
        "\(isSecure ? "https" : "http")://\(address.contains(":") ? "[\(address)]" : address):\(port)"
    }

    public func url(of endpoint: String) -> String { "\(url)/endpoints/\(endpoint)/invocations" }

    /// Where requests are taken that are answered later.
    public func asyncURL(of endpoint: String) -> String { "\(url)/endpoints/\(endpoint)/async-invocations" }
}

extension EndpointStore {
    /// Nil where nobody has listened yet.
    public func place() throws(StoreError) -> ServingPlace? {
        try database.rows("SELECT address, port, is_secure, is_open, owner FROM serving") { row in
            var place = ServingPlace(
                address: row.text(0), port: row.integer(1), isSecure: row.integer(2) != 0, isOpen: row.integer(3) != 0)
            place.isThere = ProcessMark(text: row.text(4)).isAlive
            return place
        }.first
    }

    /// This process listens there.
    public func write(_ place: ServingPlace) throws(StoreError) {
        try database.run(
            "INSERT OR REPLACE INTO serving (id, address, port, is_secure, is_open, owner) VALUES (1, ?, ?, ?, ?, ?)",
            [
                .text(place.address), .integer(place.port), .integer(place.isSecure ? 1 : 0), .integer(place.isOpen ? 1 : 0),
                .text(ProcessMark.current.text),
            ])
    }
}
