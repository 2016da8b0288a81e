import JSON

/// What happened to a data file.
public enum DatasetEvent: EventDomain {
    /// It was read and described, because somebody asked for it: posted for every `profileDataset` command. What the studio reads unasked
    /// becomes a part of the data set's summary and is no event.
    case profiled(DatasetProfile)
    /// It could not be read. Posted instead of `profiled`.
    case failed(path: String, message: String)
}

extension EventName {
    public static let datasetProfiled = EventName("datasetProfiled")
    public static let datasetFailed = EventName("datasetFailed")
}

extension DatasetEvent {
    public var name: EventName {
        switch self {
        case .profiled: .datasetProfiled
        case .failed: .datasetFailed
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .profiled(let payload): payload.json.members ?? []
        case .failed(let path, let message): [.init("path", .string(path)), .init("message", .string(message))]
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .datasetProfiled: self.init(DatasetProfile(json: json), Self.profiled)
        case .datasetFailed:
            guard let path = json["path"]?.string, let message = json["message"]?.string else { return nil }
            self = .failed(path: path, message: message)
        default: return nil
        }
    }
}
