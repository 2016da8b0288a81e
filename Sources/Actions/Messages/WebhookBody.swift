import JSON

extension Notice {
    /// What a webhook gets: `text`, which chats show, and the events; of one alone as `event`.
    func webhookBody(eventAlone: Bool) -> JSONValue {
        let events = changes.map(\.eventBridge)
        if eventAlone { return events.count == 1 ? events[0] : .array(events) }
        return .object([
            "text": .string(text.hasPrefix(title) ? text : title + "\n" + text), "id": .string(id),
            "test": isTest ? .boolean(true) : nil,
            "event": events.count == 1 ? events[0] : nil, "events": events.count > 1 ? .array(events) : nil,
        ])
    }
}
