import Cells
import Testing

@testable import Terminal

@Suite struct InputDecoderTests {
    private func decode(_ text: String) -> [InputEvent] {
        var decoder = InputDecoder()
        return decoder.feed(text.utf8) + decoder.flush()
    }

    /// Every sequence we know, and what it is.
    static let sequences: [(String, [InputEvent])] = [
        ("q", [.key(Key("q"))]), ("Q", [.key(Key("Q"))]), ("é", [.key(Key("é"))]), ("漢", [.key(Key("漢"))]),
        ("🙂", [.key(Key("🙂"))]), (" ", [.key(Key(" "))]), ("\r", [.key(Key(.enter))]), ("\n", [.key(Key(.enter))]),
        ("\t", [.key(Key(.tab))]), ("\u{7F}", [.key(Key(.backspace))]), ("\u{03}", [.key(Key("c", .control))]),
        ("\u{1A}", [.key(Key("z", .control))]), ("\u{00}", [.key(Key(" ", .control))]), ("\u{1C}", [.key(Key("\\", .control))]),
        ("\u{1B}[A", [.key(Key(.up))]), ("\u{1B}OA", [.key(Key(.up))]), ("\u{1B}[1;5C", [.key(Key(.right, .control))]),
        ("\u{1B}[1;2D", [.key(Key(.left, .shift))]), ("\u{1B}[1;3B", [.key(Key(.down, .alt))]),
        ("\u{1B}[1;8A", [.key(Key(.up, [.shift, .alt, .control]))]), ("\u{1B}\u{1B}[A", [.key(Key(.up, .alt))]),
        ("\u{1B}[H", [.key(Key(.home))]), ("\u{1B}[4~", [.key(Key(.end))]), ("\u{1B}[5~", [.key(Key(.pageUp))]),
        ("\u{1B}[6;5~", [.key(Key(.pageDown, .control))]), ("\u{1B}[3~", [.key(Key(.delete))]),
        ("\u{1B}[2~", [.key(Key(.insert))]), ("\u{1B}[Z", [.key(Key(.backTab))]), ("\u{1B}OP", [.key(Key(.function(1)))]),
        ("\u{1B}[15~", [.key(Key(.function(5)))]), ("\u{1B}[24~", [.key(Key(.function(12)))]),
        ("\u{1B}[[E", [.key(Key(.function(5)))]), ("\u{1B}[1;2R", [.key(Key(.function(3), .shift))]),
        ("\u{1B}OM", [.key(Key(.enter))]), ("\u{1B}Oq", [.key(Key("1"))]), ("\u{1B}Oa", [.key(Key(.up, .control))]),
        ("\u{1B}\t", [.key(Key(.backTab))]), ("\u{1B}x", [.key(Key("x", .alt))]), ("\u{1B}é", [.key(Key("é", .alt))]),
        ("\u{1B}\r", [.key(Key(.enter, .alt))]),
        ("\u{1B}[27;5;105~", [.key(Key("i", .control))]), ("\u{1B}[105;5u", [.key(Key("i", .control))]),
        ("\u{1B}[I", [.focusGained]), ("\u{1B}[O", [.focusLost]),
        ("\u{1B}[200~two\rlines\u{1B}[A\u{1B}[201~", [.paste("two\nlines\u{1B}[A")]), ("\u{1B}[200~\u{1B}[201~", [.paste("")]),
        ("\u{1B}[200~a\u{1B}[20\u{1B}[201~b", [.paste("a\u{1B}[20"), .key(Key("b"))]),
        ("\u{1B}[<0;10;5M", [.mouse(MouseEvent(kind: .press, button: .left, x: 9, y: 4))]),
        ("\u{1B}[<2;300;5m", [.mouse(MouseEvent(kind: .release, button: .right, x: 299, y: 4))]),
        ("\u{1B}[<32;1;1M", [.mouse(MouseEvent(kind: .drag, button: .left, x: 0, y: 0))]),
        ("\u{1B}[<64;2;2M", [.mouse(MouseEvent(kind: .wheelUp, button: .none, x: 1, y: 1))]),
        ("\u{1B}[<81;2;2M", [.mouse(MouseEvent(kind: .wheelDown, button: .none, x: 1, y: 1, modifiers: .control))]),
        ("\u{1B}[M !!", [.mouse(MouseEvent(kind: .press, button: .left, x: 0, y: 0))]),
        // Replies of the terminal, late: nothing.
        ("\u{1B}[?2026;2$y", []), ("\u{1B}[>41;354;0c", []), ("\u{1B}[24;80R", []), ("\u{1B}]11;rgb:1c1c/1c1c/1c1c\u{1B}\\", []),
        ("\u{1B}]11;rgb:0/0/0\u{07}j", [.key(Key("j"))]), ("\u{1B}P1$r0m\u{1B}\\k", [.key(Key("k"))]),
    ]

    @Test(arguments: sequences.indices)
    func `a known sequence is its event`(_ index: Int) {
        let (text, events) = Self.sequences[index]
        #expect(decode(text) == events)
    }

    @Test(arguments: sequences.indices)
    func `a sequence split at any byte gives the same events`(_ index: Int) {
        let (text, events) = Self.sequences[index]
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var decoder = InputDecoder()
            let got = decoder.feed(bytes[..<cut]) + decoder.feed(bytes[cut...]) + decoder.flush()
            #expect(got == events, "\(text.debugDescription) cut at \(cut)")
        }
        var decoder = InputDecoder()
        #expect(bytes.flatMap { decoder.feed([$0]) } + decoder.flush() == events)
    }

    @Test func `many keys in one read are all decoded`() {
        var decoder = InputDecoder()
        let events = decoder.feed("jjk\u{1B}[A\u{1B}[B漢\u{1B}[<0;1;1Mx".utf8)
        #expect(events.count == 8)
        #expect(events.first == .key(Key("j")) && events.last == .key(Key("x")))
    }

    @Test func `all sequences in one stream give all events in order`() {
        var decoder = InputDecoder()
        let stream = Self.sequences.map(\.0).joined()
        #expect(decoder.feed(stream.utf8) == Self.sequences.flatMap(\.1))
        #expect(!decoder.isPending)
    }

    @Test func `a lone Esc is a key only after the time is up`() {
        var decoder = InputDecoder()
        #expect(decoder.feed([0x1B]).isEmpty)
        #expect(decoder.isPending)
        #expect(decoder.flush() == [.key(Key(.escape))])
        #expect(!decoder.isPending)
    }

    @Test func `two quick Esc are two keys`() {
        #expect(decode("\u{1B}\u{1B}") == [.key(Key(.escape)), .key(Key(.escape))])
        #expect(decode("\u{1B}\u{1B}q") == [.key(Key(.escape)), .key(Key("q", .alt))])
    }

    @Test func `Alt with the characters that begin sequences comes through after the time is up`() {
        #expect(decode("\u{1B}[") == [.key(Key("[", .alt))])
        #expect(decode("\u{1B}O") == [.key(Key("O", .alt))])
        #expect(decode("\u{1B}]") == [.key(Key("]", .alt))])
    }

    @Test func `a truncated sequence says nothing and harms nothing`() {
        var decoder = InputDecoder()
        #expect(decoder.feed("\u{1B}[1;".utf8).isEmpty)
        #expect(decoder.flush().isEmpty)
        #expect(decoder.feed("q".utf8) == [.key(Key("q"))])
        #expect(decode("\u{1B}[1;\u{1B}[A") == [.key(Key(.up))])
    }

    @Test func `bytes that are no UTF-8 are skipped`() {
        var decoder = InputDecoder()
        #expect(decoder.feed([0xFF, 0xC3, 0x28, 0x80, 0xED, 0xA0, 0x80, 0x71]) == [.key(Key("(")), .key(Key("q"))])
    }

    @Test func `a paste never fires keys, even without its end`() {
        var decoder = InputDecoder()
        #expect(decoder.feed("\u{1B}[200~dd:q\r\u{1B}[20".utf8).isEmpty)
        #expect(decoder.flush().isEmpty)
        #expect(decoder.isPasting)
        #expect(decoder.endPaste() == [.paste("dd:q\n\u{1B}[20")])
        #expect(decoder.feed("x".utf8) == [.key(Key("x"))])
    }

    @Test func `a huge paste is cut, not grown without bound`() {
        var decoder = InputDecoder()
        _ = decoder.feed("\u{1B}[200~".utf8)
        let block = [UInt8](repeating: 0x61, count: 1 << 20)
        for _ in 0..<9 { #expect(decoder.feed(block).isEmpty) }
        guard case .paste(let text)? = decoder.feed("\u{1B}[201~".utf8).first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == InputDecoder.longestPaste)
    }

    @Test func `random bytes never hang or crash the decoder and leave it usable`() {
        var state: UInt64 = 1
        func random() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let spice = Array("\u{1B}[]OP<;~Mm0129\\\u{07}".utf8)
        for _ in 0..<2000 {
            var decoder = InputDecoder()
            for _ in 0..<4 {
                let bytes = (0..<Int(random() % 40)).map { _ in random() < 128 ? spice[Int(random()) % spice.count] : random() }
                _ = decoder.feed(bytes)
                if random() < 60 { _ = decoder.flush() }
            }
            _ = decoder.endPaste()
            _ = decoder.flush()
            #expect(decoder.feed("q".utf8) == [.key(Key("q"))])
        }
    }
}
