import RequestSigning

/// An object of a listing.
struct ListedObject: Sendable, Hashable {
    var key: String
    var tag: String
    var byteCount: Int
}

extension ObjectStore {
    /// Objects that are read as one: no more than files are.
    static let mostListed = 100_000

    /// All objects whose keys begin with a prefix, in the order of their keys, however many answers that takes.
    ///
    /// - Source: S3's API, ListObjectsV2.
    /// - Throws: `ObjectError`.
    func list(_ folder: ObjectFolder) throws(ObjectError) -> [ListedObject] {
        let address = ObjectAddress(bucket: folder.bucket, of: folder.description)
        var found: [ListedObject] = [], token: String?
        repeat {
            var asked = Asked(method: "GET", address: address, mostAnswerBytes: 8 << 20)
            asked.query = [("list-type", "2"), ("prefix", folder.prefix), ("encoding-type", "url")]
            if let token { asked.query.append(("continuation-token", token)) }
            let answer = try answer(to: asked, allowing: [200])
            // What was cut off has no end.
            guard StoreXML.hasElement("ListBucketResult", answer.body) else {
                throw ObjectError(
                    .refused, "\(folder): the store's listing cannot be read: check the endpoint (AWS_ENDPOINT_URL)")
            }
            for entry in StoreXML.elements("Contents", of: answer.body) {
                guard let key = StoreXML.element("Key", of: entry) else { continue }
                found.append(
                    ListedObject(
                        key: PercentText.decoded(key), tag: StoreXML.element("ETag", of: entry) ?? "",
                        byteCount: StoreXML.element("Size", of: entry).flatMap { Int($0) } ?? 0))
            }
            guard found.count <= Self.mostListed else {
                throw ObjectError(
                    .refused, "\(folder) has more than \(Self.mostListed) objects: name a folder or a pattern with fewer")
            }
            let next = StoreXML.element("NextContinuationToken", of: answer.body)
            // The same again would go on for ever.
            guard next != token || next == nil else {
                throw ObjectError(.refused, "\(folder): the store lists the same again: check the endpoint (AWS_ENDPOINT_URL)")
            }
            token = StoreXML.element("IsTruncated", of: answer.body) == "true" ? next : nil
        } while token != nil
        return found
    }
}
