import Cells
import Testing

@testable import Terminal

/// Pictures for terminals of kitty's protocol: what they are sent, and the answer that they have.
@Suite struct KittyPicturesTests {
    private func file(_ name: String, width: Int = 80, height: Int = 100) -> PictureFile {
        PictureFile(base64: name, width: width, height: height)
    }

    private func text(_ pictures: inout KittyPictures, _ shown: [PlacedPicture]) -> String {
        String(decoding: pictures.bytes(showing: shown), as: UTF8.self)
    }

    @Test func aPictureIsSentOnceAndShownWhereItIsWanted() {
        var pictures = KittyPictures()
        let whole = PlacedPicture(file("AAAA"), in: Rect(x: 3, y: 5, width: 10, height: 4), rows: 4, hiddenRows: 0)
        let first = text(&pictures, [whole])
        #expect(first.contains("\u{1B}_Ga=t,f=100,t=d,i=740001,q=2,m=0;AAAA\u{1B}\\"))
        #expect(
            first.contains("\u{1B}7\u{1B}[6;4H\u{1B}_Ga=p,i=740001,p=1,x=0,y=0,w=80,h=100,c=10,r=4,C=1,z=-1,q=2;\u{1B}\\\u{1B}8"))
        #expect(text(&pictures, [whole]).isEmpty)
        // Scrolled half out of view: the lower half of its pixels, and the old one is taken away first.
        let half = PlacedPicture(file("AAAA"), in: Rect(x: 3, y: 1, width: 10, height: 2), rows: 4, hiddenRows: 2)
        let second = text(&pictures, [half])
        #expect(second.hasPrefix("\u{1B}_Ga=d,d=i,i=740001,p=1,q=2;") && second.contains("y=50,w=80,h=50,c=10,r=2"))
        #expect(!second.contains("a=t"))
        // Nothing is left when the page is.
        #expect(text(&pictures, []) == "\u{1B}_Ga=d,d=i,i=740001,p=1,q=2;\u{1B}\\")
    }

    @Test func aLargeOneIsSentInPiecesAndOldOnesAreForgotten() {
        var pictures = KittyPictures()
        let large = PlacedPicture(
            file(String(repeating: "A", count: 10_000)), in: Rect(x: 0, y: 0, width: 1, height: 1), rows: 1, hiddenRows: 0)
        let sent = text(&pictures, [large])
        #expect(sent.contains("i=740001,q=2,m=1;") && sent.split(separator: "\u{1B}_G").count { $0.hasPrefix("m=") } == 2)
        #expect(sent.contains("m=0,q=2;" + String(repeating: "A", count: 10_000 - 8192)))
        var all = ""
        for number in 0..<20 {
            all += text(
                &pictures, [PlacedPicture(file("B\(number)"), in: Rect(x: 0, y: 0, width: 1, height: 1), rows: 1, hiddenRows: 0)])
        }
        #expect(all.contains("a=d,d=I,i=740001,q=2"))
    }

    @Test func theAnswerToTheQuestionIsAnEventAndNothingElseIs() {
        var decoder = InputDecoder()
        func events(_ text: String) -> [InputEvent] { decoder.feed(text.utf8) }
        #expect(events("\u{1B}_Gi=740001;OK\u{1B}\\\u{1B}[?62;4c") == [.showsPictures, .hasSixels])
        #expect(events("\u{1B}_Gi=740001;ENOTSUPPORTED:no\u{1B}\\") == [])
        #expect(events("\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?1;2c") == [])
        #expect(events("x") == [.key(Key("x"))])
    }
}
