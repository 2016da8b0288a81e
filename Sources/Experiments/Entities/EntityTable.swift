import Events

/// A table of things that have names, and the words for them. Whatever its kind, such a thing has the columns `id`, `name`, `tags`,
/// `note`, `is_archived`, `is_deleted`, `created_at` and `change`; one that a process works for has `owner` and `status`, too.
struct EntityTable: Sendable {
    let kind: EntityKind
    /// The table's name.
    let name: String
    /// The column by which the newest is found.
    let order: String
    /// What one of them is called.
    let noun: String
    /// All ways to name one, such as `a name, an id, @latest or @best`.
    let ways: String
    /// What to do where an alias such as `@latest` names nothing.
    let otherwise: String
    /// Where to look for what there is.
    let listing: String

    static let runs = EntityTable(
        kind: .run, name: "runs", order: "created_at", noun: "run", ways: "a name, an id, @latest or @best",
        otherwise: "train one first, or use @latest, @best, a name or an id", listing: "`descent runs list` shows what there is")

    static let datasets = EntityTable(
        kind: .dataset, name: "known_datasets", order: "last_seen", noun: "data set", ways: "a file, a name, an id or @latest",
        otherwise: "open or train on a file first, or use @latest, a file, a name or an id",
        listing: "open the file in the studio or train on it first")
}
