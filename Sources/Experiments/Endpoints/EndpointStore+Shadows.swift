import Databases
import Events
import JSON

// What the host notes beside how an endpoint stands.
extension EndpointStore {
    /// How an endpoint's shadow compares, now or at last; nil where there was none.
    public func shadowReport(of id: String) throws(StoreError) -> ShadowReport? {
        try row("SELECT report FROM endpoint_shadows WHERE endpoint = ?", id).flatMap(ShadowReport.init(json:))
    }

    /// What a host needs to go on counting.
    public func shadowState(of id: String) throws(StoreError) -> JSONValue? {
        try row("SELECT state FROM endpoint_shadows WHERE endpoint = ?", id)
    }

    public func write(_ report: ShadowReport, state: JSONValue, of id: String) throws(StoreError) {
        try database.run(
            "INSERT OR REPLACE INTO endpoint_shadows (endpoint, report, state) SELECT ?1, ?2, ?3 WHERE EXISTS "
                + "(SELECT 1 FROM endpoints WHERE id = ?1)",
            [.text(id), .text(report.json.text), .text(state.text)])
    }

    public func removeShadow(of id: String) throws(StoreError) {
        try database.run("DELETE FROM endpoint_shadows WHERE endpoint = ?", [.text(id)])
    }

    /// Some of the requests that an endpoint answered.
    public func requests(of id: String) throws(StoreError) -> [JSONValue] {
        try row("SELECT body FROM endpoint_requests WHERE endpoint = ?", id)?.array ?? []
    }

    public func write(requests: [JSONValue], of id: String) throws(StoreError) {
        try database.run(
            "INSERT OR REPLACE INTO endpoint_requests (endpoint, body) SELECT ?1, ?2 WHERE EXISTS "
                + "(SELECT 1 FROM endpoints WHERE id = ?1)",
            [.text(id), .text(JSONValue.array(requests).text)])
    }

    private func row(_ sql: String, _ id: String) throws(StoreError) -> JSONValue? {
        guard let text = try database.rows(sql, [.text(id)], { $0.text(0) }).first else { return nil }
        do { return try JSONValue(parsing: text) } catch { return nil }
    }
}
