import Testing
import TextScanning

@Suite struct TextScannerTests {
    @Test func aFaultInOneOfSeveralLinesKnowsItsLineAndColumn() {
        let text = "one\nthe second\n\nlast"
        let fault = TextFault(8..<14, "what is this")
        let place = fault.place(in: text)
        #expect(place.line == 2 && place.column == 5)
        #expect(place.text == "the second" && place.carets == "    ^^^^^^")
        #expect(TextFault(20..<20, "more").place(in: text) == (4, 5, "last", "    ^"))
        #expect(TextFault(0..<500, "all").place(in: text) == (1, 1, "one", "^^^"))
        // A place that the text does not have.
        #expect(TextFault(90..<91, "x").place(in: "ab").line == 1)
        #expect(TextFault(0..<1, "x").place(in: "") == (1, 1, "", "^"))
    }

    @Test func keywordsAreWordsOfTheirOwn() {
        var text = TextScanner("  And(b) android")
        let isTaken = text.takeKeyword("and")
        #expect(isTaken && text.next() == "(")
        text.place += 1
        let name = text.take(while: \.isLetter)
        #expect(name == "b" && text.next() == ")")
        text.place += 1
        let isPart = text.takeKeyword("and")
        #expect(!isPart && text.next() == " ")
    }

    @Test func quotesAreReadUpToTheirEnd() throws {
        var text = TextScanner(#""a \"b\" c" rest"#)
        #expect(try text.quoted() == #"a "b" c"#)
        var open = TextScanner("'abc")
        let fault = #expect(throws: TextFault.self) { try open.quoted() }
        #expect(fault?.isUnfinished == true && fault?.range == 0..<1)
    }

    @Test func numbersMayHaveALetterOrAPercentSign() {
        #expect(
            ["1e-3", "10k", "1.5M", "5%", "x", "k", ""].map(WrittenNumber.number) == [1e-3, 1e4, 1.5e6, 0.05, nil, nil, nil])
    }
}
