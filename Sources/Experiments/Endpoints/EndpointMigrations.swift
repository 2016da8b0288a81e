import Databases

/// The tables of endpoints: how they stand, what happened to them, what is wanted of them, and where they are reached.
enum EndpointMigrations {
    static let endpoints = Migration(
        "0020-endpoints",
        """
        CREATE TABLE endpoints (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL, created_at REAL NOT NULL) STRICT;
        CREATE TABLE endpoint_events (
            id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL REFERENCES endpoints(id) ON DELETE CASCADE, at REAL NOT NULL,
            kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
        CREATE INDEX endpoint_events_by_endpoint ON endpoint_events(endpoint, id);
        CREATE TABLE endpoint_wishes (
            id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, body TEXT NOT NULL, answer TEXT) STRICT;
        CREATE TABLE serving (
            id INTEGER PRIMARY KEY CHECK (id = 1), address TEXT NOT NULL, port INTEGER NOT NULL, is_secure INTEGER NOT NULL,
            is_open INTEGER NOT NULL, owner TEXT NOT NULL) STRICT;
        """)

    /// What came of an endpoint's shadow, for people and for the next host; and some of its requests, for new versions to be tried on.
    static let shadows = Migration(
        "0024-shadows",
        """
        CREATE TABLE endpoint_shadows (
            endpoint TEXT PRIMARY KEY REFERENCES endpoints(id) ON DELETE CASCADE, report TEXT NOT NULL, state TEXT NOT NULL) STRICT;
        CREATE TABLE endpoint_requests (
            endpoint TEXT PRIMARY KEY REFERENCES endpoints(id) ON DELETE CASCADE, body TEXT NOT NULL) STRICT;
        """)
}
