import Cells
import Testing

@testable import Studio

@Suite("Editing and finding text")
struct TextTests {
    private func edited(_ text: String, _ keys: String...) -> TextField {
        var field = TextField(text)
        for name in keys { if let key = Key(name: name) { _ = field.handle(key) } }
        return field
    }

    @Test("beside millions a small number is not 0")
    func smallAmongLarge() {
        let column = NumberColumn([19_292_597, 18_178_078, 32_761_711, 0.4364, 0])
        #expect(column.text(19_292_597) == "19.29M")
        #expect(column.text(0.4364).hasPrefix("0.436"))
        #expect(column.text(0) == "0")
        // Losses of different runs in one column keep their digits.
        let mixed = NumberColumn([4.694, 0.1422, 1.079, 2.159e7, 3.055e7, 2.2e7, 2.1e7])
        #expect([4.694, 0.1422, 1.079, 2.159e7].map(mixed.text) == ["4.694", "0.1422", "1.079", "21.59M"])
    }

    @Test("keys move and delete as they do in a shell")
    func keys() {
        #expect(edited("one two", "ctrl-w").text == "one ")
        #expect(edited("one two", "ctrl-a", "X").text == "Xone two")
        #expect(edited("one two", "left", "left", "ctrl-k").text == "one t")
        #expect(edited("one two", "left", "left", "ctrl-u").text == "wo")
        #expect(edited("one", "home", "del").text == "ne")
        #expect(edited("one", "ctrl-a", "backspace", "ctrl-e", "backspace").text == "on")
    }

    @Test("characters are whole, whatever they are made of")
    func unicode() {
        #expect(edited("a👩‍🔬é", "backspace", "backspace").text == "a")
        let window = TextField("日本語").window(width: 5)
        #expect(window.text == "本語")
        #expect(window.cursor == 4)
    }

    @Test("a paste loses its line breaks and what is too long")
    func paste() {
        var field = TextField()
        field.insert("a\nb" + String(repeating: "x", count: 2 * TextField.capacity))
        #expect(field.text.hasPrefix("a bx"))
        #expect(field.characters.count == TextField.capacity)
    }

    @Test("letters in order match, whole words best")
    func fuzzy() throws {
        #expect(FuzzyMatch.score("zz", in: "zoom") == nil)
        let whole = try #require(FuzzyMatch.score("zoom", in: "zoom in"))
        let scattered = try #require(FuzzyMatch.score("zoom", in: "z o o m"))
        #expect(whole > scattered)
    }

    @Test("a path is completed as far as all candidates agree")
    func completion() {
        #expect(PathCompletion.complete("da", from: ["data/a.csv", "data/b.csv"]) == "data/")
        #expect(PathCompletion.complete("data/", from: ["data/a.csv", "data/b.csv"]) == nil)
        #expect(PathCompletion.complete("x", from: ["data/"]) == nil)
    }

    @Test("lines break at spaces, and inside words that are too long")
    func wrap() {
        #expect(TextWrap.lines("one two three", width: 7) == ["one two", "three"])
        #expect(TextWrap.lines("abcdefgh", width: 3) == ["abc", "def", "gh"])
        #expect(TextWrap.lines("日本", width: 1).count == 2)
    }

    @Test("an indented line that fits stays as it is")
    func indentation() {
        let trace = "  File \"a.py\", line 4\n    x  = f(1)\n         ^^^^\nIndexError: no"
        #expect(TextWrap.lines(trace, width: 40).joined(separator: "\n") == trace)
        #expect(TextWrap.lines("    one two three", width: 8) == ["one two", "three"])
    }
}
