import ObjectStores

/// Where in an object store what an endpoint writes down is sent.
enum CaptureDestination {
    static let option = OptionSpecification(
        name: "--capture-to", value: "s3://BUCKET/PREFIX",
        help:
            "send what is captured (all, unless --capture says how much) there besides, a file about each minute, in the folders that SageMaker has; none: no more"
    )

    /// - Returns: nil where nothing is said, the empty text for nowhere.
    static func place(_ arguments: ParsedArguments) throws -> String? {
        guard let text = arguments.value("--capture-to") else { return nil }
        if text == "none" { return "" }
        do throws(ObjectError) {
            // With a file's name behind it, it has to be an object's.
            guard text.hasPrefix("s3://"), ObjectFolder(text.hasSuffix("/") ? text : text + "/") != nil else {
                throw ObjectError(.badAddress, "--capture-to '\(text)': give s3://BUCKET/PREFIX, or none")
            }
            _ = try ObjectAddress(text + (text.hasSuffix("/") ? "" : "/") + "x")
        } catch { throw CommandError.usage(error.message) }
        return text
    }

    /// How far it is.
    static func words(_ standing: CaptureSender.Standing, _ place: String) -> String {
        let files = "\(standing.sent) file\(standing.sent == 1 ? "" : "s") sent"
        let waiting = standing.waiting > 0 ? ", \(standing.waiting) wait" + (standing.waiting == 1 ? "s" : "") : ""
        return "to \(place): \(files)\(waiting)" + (standing.fault.isEmpty ? "" : "; \(standing.fault)")
    }
}
