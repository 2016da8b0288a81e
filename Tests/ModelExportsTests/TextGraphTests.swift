import Testing

@testable import ModelExports
@testable import Tables

/// What is written of free text. That onnxruntime counts its words as we do is tried where it is (`python/tests/test_exports.py`).
@Suite struct TextGraphTests {
    private static let texts = ["good train", "Bad train", "good İstanbul 👍🏽", "bad 日本語", "good 👍🏽 日本語"]

    private func vectorizer(_ method: TextMethod) throws -> TextVectorizer {
        try #require(
            TextVectorizer(
                method, Self.texts, counts: Self.texts.map { _ in 2 }, rowCount: 10, .init(terms: 100, leastRows: 2)))
    }

    private func graph(_ method: TextMethod) throws -> ONNXGraph {
        var builder = GraphBuilder(taken: ["title", "body"])
        let columns = try ["title", "body"].map { (name: $0, vectorizer: try vectorizer(method)) }
        let features = try TextGraph(columns).build(["title", "body"], &builder)
        #expect(features.count == 2)
        return builder.graph
    }

    @Test(arguments: [TextMethod.words, .ngrams, .chars]) func textsArePartedOnceByAnOperatorOfONNXRuntimesOwn(
        _ method: TextMethod
    ) throws {
        let graph = try graph(method)
        #expect(graph.domains == [.standard, .learning, .runtime])
        #expect(graph.nodes.filter { $0.domain == .runtime }.map(\.operation) == ["Tokenizer"])
        // Readers that do not know the operator are told what it makes.
        #expect(graph.stated.map(\.name) == graph.nodes.first { $0.domain == .runtime }?.outputs)
        #expect(graph.nodes.count { $0.operation == "TfIdfVectorizer" } == 2)
    }

    @Test func theTableHasWhatEachCharacterIs() {
        let alphabet = TextAlphabet(Set("i\u{307}k日".unicodeScalars))
        let codes = Dictionary(uniqueKeysWithValues: zip(alphabet.characters.map { Array($0.utf8) }, alphabet.codes))
        func role(_ character: String) -> TextAlphabet.Role {
            alphabet.roles[(codes[Array(character.utf8)] ?? alphabet.otherCode) % TextAlphabet.roleLimit]
        }
        func number(_ character: String) -> Int { (codes[Array(character.utf8)] ?? alphabet.otherCode) / TextAlphabet.roleLimit }
        #expect(role("日").kind == TextAlphabet.Role.ideograph && role("🙂").kind == TextAlphabet.Role.symbol)
        #expect(role("\u{3000}").kind == TextAlphabet.Role.blank && number("\t") == 0)
        #expect(role("7").isDigit && role("!").isExclamation && role("€").isCurrency && role("Σ").isCapital)
        // The Kelvin sign is a k in lower case, and a dotted I is two characters.
        #expect(number("\u{212a}") == number("k") && number("k") > 1)
        #expect(number("İ") == number("i") && role("İ").second / TextAlphabet.roleLimit == number("\u{307}"))
        #expect(number("z") == 1 && number("\u{10fffd}") == 1)
    }

    @Test func hashedWordsAreRefusedWithWhatToDoInstead() throws {
        let hashed = try vectorizer(.hash)
        let error = #expect(throws: ModelExportError.self) { try TextGraph([("title", hashed)]) }
        #expect(error?.code == .unsupported && error?.message.contains("--text title=ngrams") == true)
    }
}
