import Files
import Glibc
import JSON

// What waits to be answered later.
extension EndpointText {
    /// Requests that wait or are being answered, by their files; nil where there was none ever.
    private var backlog: (folder: String, count: Int)? {
        guard let asyncFolder, access(asyncFolder + "/queue", F_OK) == 0 else { return nil }
        return (asyncFolder, Folder.names(in: asyncFolder + "/queue").count { $0.hasSuffix(".json") })
    }

    var async: JSONValue? {
        backlog.map {
            .object([
                "approximateBacklogSize": .integer($0.count), "output": .string($0.folder + "/output"),
                "failures": .string($0.folder + "/failures"),
            ])
        }
    }

    var asyncLine: String? {
        backlog.map { "async: \($0.count) wait or are being answered; answers in \($0.folder)/output" }
    }
}
