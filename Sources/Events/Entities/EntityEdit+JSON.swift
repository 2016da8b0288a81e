import JSON

extension EntityEdit {
    public var json: JSONValue {
        .object([
            "name": name.map { .string($0) }, "tags": tags.map { .array($0.map { .string($0) }) },
            "addedTags": addedTags.isEmpty ? nil : .array(addedTags.map { .string($0) }),
            "removedTags": removedTags.isEmpty ? nil : .array(removedTags.map { .string($0) }),
            "note": note.map { .string($0) }, "archived": isArchived.map { .boolean($0) },
            "deleted": isDeleted.map { .boolean($0) },
        ])
    }

    public init?(json: JSONValue) {
        self.init(
            name: json["name"]?.string, tags: json["tags"]?.array?.compactMap(\.string),
            addedTags: json["addedTags"]?.array?.compactMap(\.string) ?? [],
            removedTags: json["removedTags"]?.array?.compactMap(\.string) ?? [], note: json["note"]?.string,
            isArchived: json["archived"]?.boolean, isDeleted: json["deleted"]?.boolean)
    }
}
