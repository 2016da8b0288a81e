import Files
import Glibc

extension ObjectStore {
    /// Keeps a file as an object: it is there whole or not at all.
    ///
    /// - Throws: `ObjectError`.
    public func put(_ path: String, as address: ObjectAddress) throws(ObjectError) {
        guard case .bucket = address.place else {
            throw ObjectError(.badAddress, "\(address): results go to s3://BUCKET/KEY or to a file")
        }
        guard let size = FileStamp(path)?.size, let file = fopen(path, "re") else {
            throw ObjectError(.file, "\(path) cannot be read (\(String(cString: strerror(errno))))")
        }
        defer { fclose(file) }
        if size <= partBytes {
            let body = try Self.read(file, size, path)
            _ = try answer(to: Asked(method: "PUT", address: address, body: body), allowing: [200])
        } else {
            try putInParts(file, size, path, address)
        }
    }

    /// All files of a folder, under the address.
    /// - Returns: how many there are.
    public func putFolder(_ folder: String, as address: ObjectAddress) throws(ObjectError) -> Int {
        var count = 0
        for name in Folder.names(in: folder) {
            let path = folder + "/" + name, below = try address.appending(name)
            if FileStamp(path)?.isRegular == true {
                try put(path, as: below)
                count += 1
            } else {
                count += try putFolder(path, as: below)
            }
        }
        return count
    }

    private func putInParts(
        _ file: UnsafeMutablePointer<FILE>, _ size: Int, _ path: String, _ address: ObjectAddress
    ) throws(ObjectError) {
        let begun = try answer(to: Asked(method: "POST", address: address, query: [("uploads", "")]), allowing: [200])
        guard let upload = StoreXML.element("UploadId", of: begun.body) else {
            throw ObjectError(.refused, "\(address): the store began no upload: try again")
        }
        do throws(ObjectError) {
            // At most 10,000 parts.
            let bytes = max(partBytes, (size + 9_999) / 10_000)
            var list = "", start = 0, number = 1
            while start < size {
                let body = try Self.read(file, min(bytes, size - start), path)
                let query = [("partNumber", String(number)), ("uploadId", upload)]
                let answer = try answer(
                    to: Asked(method: "PUT", address: address, query: query, body: body), allowing: [200])
                list += "<Part><PartNumber>\(number)</PartNumber><ETag>\(answer.header("etag") ?? "")</ETag></Part>"
                (start, number) = (start + body.count, number + 1)
            }
            let body = Array("<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>".utf8)
            let done = try answer(
                to: Asked(
                    method: "POST", address: address, query: [("uploadId", upload)],
                    headers: [("content-type", "application/xml")],
                    body: body), allowing: [200])
            // A store may find out after it has begun to say that all is well.
            if let code = StoreXML.element("Code", of: done.body) {
                throw ObjectError(.refused, "\(address): the store did not put the parts together (\(code)): try again")
            }
        } catch {
            do throws(ObjectError) {
                _ = try answer(
                    to: Asked(method: "DELETE", address: address, query: [("uploadId", upload)]), allowing: [204, 200, 404])
            } catch {}
            throw error
        }
    }

    private static func read(_ file: UnsafeMutablePointer<FILE>, _ count: Int, _ path: String) throws(ObjectError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard fread(&bytes, 1, count, file) == count else { throw ObjectError(.file, "\(path) became shorter while it was read") }
        return bytes
    }
}
