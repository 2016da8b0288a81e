import Databases

/// The tables of what is shown here of other workspaces.
enum MirrorMigrations {
    static let places = Migration(
        "0010-places",
        """
        CREATE TABLE places (
            name TEXT PRIMARY KEY, workspace TEXT NOT NULL, change INTEGER NOT NULL, has_host INTEGER NOT NULL) STRICT;
        CREATE TABLE mirrored (run TEXT PRIMARY KEY, place TEXT NOT NULL, remote TEXT NOT NULL, UNIQUE(place, remote)) STRICT;
        """)

    static let outlines = Migration(
        "0011-outlines",
        """
        CREATE TABLE outlines (
            metric INTEGER PRIMARY KEY REFERENCES metrics(id) ON DELETE CASCADE, count INTEGER NOT NULL, points BLOB NOT NULL
        ) STRICT;
        """)
}
