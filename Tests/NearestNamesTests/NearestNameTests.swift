import NearestNames
import Testing

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("lerning_rate", "learning_rate"), ("epohcs", "epochs"), ("LEARNING_RATE", "learning_rate"), ("lear", "learning_rate"),
    ]) func `a slip finds what was meant`(typed: String, meant: String) {
        #expect(NearestName.suggestions(for: typed, among: ["depth", "epochs", "learning_rate"]) == [meant])
    }

    @Test func `what is nothing like any name finds none, nor does what nobody types`() {
        #expect(NearestName.suggestions(for: "zzz", among: ["epochs", "learning_rate"]).isEmpty)
        #expect(NearestName.suggestions(for: String(repeating: "e", count: 500), among: ["epochs"]).isEmpty)
    }

    @Test func `the nearest comes first`() {
        #expect(NearestName.suggestions(for: "los", among: ["lots", "loss", "log"], limit: 2) == ["lots", "loss"])
    }
}
