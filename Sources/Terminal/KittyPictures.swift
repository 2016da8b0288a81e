import Cells

/// Pictures as a terminal of kitty's protocol is sent them: each once, and then where it is to be shown.
///
/// - Source: the terminal graphics protocol of kitty: transmission (a=t), placements (a=p), deletion (a=d), queries (a=q).
struct KittyPictures {
    /// Asks whether there are pictures.
    static let question = "\u{1B}_Gi=\(firstID),s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\"
    /// Takes all pictures of the screen away, and forgets them.
    static let removal = "\u{1B}_Ga=d,d=A,q=2\u{1B}\\"
    /// Of the first picture: others of the terminal's programs begin with smaller numbers.
    static let firstID = 740_001

    /// Whether a reply, without what it begins and ends with, says that there are pictures.
    static func isYes(_ reply: String) -> Bool {
        let parts = reply.dropFirst(reply.hasPrefix("G") ? 1 : 0).split(separator: ";", maxSplits: 1).map(String.init)
        return parts.count == 2 && parts[0].split(separator: ",").contains("i=\(firstID)") && parts[1] == "OK"
    }

    /// Pictures that the terminal keeps for when they come into view again.
    private static let mostKept = 12
    /// Bytes of a piece of a picture.
    private static let pieceBytes = 4096

    private var ids: [PictureFile: Int] = [:]
    /// The pictures that the terminal has, those shown last at the end.
    private var order: [PictureFile] = []
    private var nextID = firstID
    private var shown: [PlacedPicture] = []

    /// What makes the terminal show these pictures and no others.
    mutating func bytes(showing pictures: [PlacedPicture]) -> [UInt8] {
        guard pictures != shown else { return [] }
        var text = ""
        for (number, old) in shown.enumerated() where !(pictures.indices.contains(number) && pictures[number] == old) {
            if let id = ids[old.file] { text += Self.command("a=d,d=i,i=\(id),p=\(number + 1),q=2") }
        }
        for (number, picture) in pictures.enumerated() where !(shown.indices.contains(number) && shown[number] == picture) {
            text += show(picture, as: number + 1)
        }
        shown = pictures
        let unseen = order.filter { file in !pictures.contains { $0.file == file } }
        for file in unseen.prefix(max(0, order.count - Self.mostKept)) {
            if let id = ids.removeValue(forKey: file) { text += Self.command("a=d,d=I,i=\(id),q=2") }
            order.removeAll { $0 == file }
        }
        return Array(text.utf8)
    }

    /// The terminal shows none any more, and may have forgotten them.
    mutating func forget() { (ids, order, shown) = ([:], [], []) }

    private mutating func show(_ picture: PlacedPicture, as number: Int) -> String {
        var text = ""
        order.removeAll { $0 == picture.file }
        order.append(picture.file)
        let id = ids[picture.file] ?? nextID
        if ids[picture.file] == nil {
            nextID += 1
            ids[picture.file] = id
            text += Self.transmission(of: picture.file, id)
        }
        let pixels = picture.shownPixels, place = picture.place
        // The cursor stays where it is; the picture lies under text, over cells' backgrounds.
        text += "\u{1B}7\u{1B}[\(place.y + 1);\(place.x + 1)H"
        text += Self.command(
            "a=p,i=\(id),p=\(number),x=0,y=\(pixels.first),w=\(picture.file.width),h=\(pixels.count),c=\(place.width),r=\(place.height),"
                + "C=1,z=-1,q=2")
        return text + "\u{1B}8"
    }

    private static func transmission(of file: PictureFile, _ id: Int) -> String {
        let bytes = Array(file.base64.utf8)
        return stride(from: 0, to: bytes.count, by: pieceBytes).map { start in
            let end = min(start + pieceBytes, bytes.count), isLast = end == bytes.count
            let keys = start == 0 ? "a=t,f=100,t=d,i=\(id),q=2,m=\(isLast ? 0 : 1)" : "m=\(isLast ? 0 : 1),q=2"
            return command(keys, String(decoding: bytes[start..<end], as: UTF8.self))
        }.joined()
    }

    private static func command(_ keys: String, _ payload: String = "") -> String { "\u{1B}_G\(keys);\(payload)\u{1B}\\" }
}
