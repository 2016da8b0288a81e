import JSON
import Serving

/// Registered models and their versions.
extension MLflowRouter {
    /// What a path of the registry is answered with; nil for other paths.
    func registered(_ method: String, _ path: String, _ asked: TrackingRequest) throws(TrackingError) -> JSONValue? {
        switch "\(method) \(path)" {
        case "POST registered-models/create": try service.createRegisteredModel(asked)
        case "GET registered-models/get": try service.getRegisteredModel(asked)
        case "POST registered-models/rename": try service.renameRegisteredModel(asked)
        case "PATCH registered-models/update": try service.updateRegisteredModel(asked)
        case "DELETE registered-models/delete": try service.deleteRegisteredModel(asked)
        case "GET registered-models/search": try service.searchRegisteredModels(asked)
        case "POST registered-models/get-latest-versions", "GET registered-models/get-latest-versions":
            try service.latestVersions(asked)
        case "POST registered-models/set-tag": try service.setRegisteredModelTag(asked)
        case "DELETE registered-models/delete-tag": try service.deleteRegisteredModelTag(asked)
        case "POST registered-models/alias": try service.setAlias(asked)
        case "GET registered-models/alias": try service.versionOfAlias(asked)
        case "DELETE registered-models/alias": try service.deleteAlias(asked)
        case "POST model-versions/create": try service.createVersion(asked)
        case "GET model-versions/get": try service.getVersion(asked)
        case "PATCH model-versions/update": try service.updateVersion(asked)
        case "DELETE model-versions/delete": try service.deleteVersion(asked)
        case "GET model-versions/search": try service.searchVersions(asked)
        case "POST model-versions/transition-stage": try service.transition(asked)
        case "GET model-versions/get-download-uri": try service.downloadLocation(asked)
        case "POST model-versions/set-tag": try service.setVersionTag(asked)
        case "DELETE model-versions/delete-tag": try service.deleteVersionTag(asked)
        default: nil
        }
    }
}
