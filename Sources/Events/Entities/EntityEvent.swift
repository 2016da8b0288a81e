import JSON

/// What the user said about something that has a name, other than a run.
public enum EntityEvent: EventDomain {
    /// It was given another name, tags or note, or went to the archive or the bin or came back. Posted after the workspace has it.
    case edited(EntityReference, EntityEdit)
}

extension EventName {
    public static let entityEdited = EventName("entityEdited")
}

extension EntityEvent {
    public var name: EventName {
        switch self {
        case .edited: .entityEdited
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .edited(let entity, let edit): [.init("entity", entity.json)] + (edit.json.members ?? [])
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .entityEdited:
            guard let entity = json["entity"].flatMap(EntityReference.init(json:)), let edit = EntityEdit(json: json) else {
                return nil
            }
            self = .edited(entity, edit)
        default: return nil
        }
    }
}
