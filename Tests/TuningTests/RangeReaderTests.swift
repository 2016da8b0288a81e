import Hyperparameters
import Testing

@testable import Tuning

@Suite("Ranges as they are written")
struct RangeReaderTests {
    private func read(_ text: String, _ known: [Hyperparameter] = []) throws -> SearchParameter.Values {
        try RangeReader(known).parameter(text).values
    }

    @Test("numbers, scalings, whole numbers and words are read")
    func kinds() throws {
        #expect(try read("eta=0.01:0.5") == .continuous(minimum: 0.01, maximum: 0.5, .linear))
        #expect(try read("learning_rate=log:1e-5:1") == .continuous(minimum: 1e-5, maximum: 1, .logarithmic))
        #expect(try read("learning_rate=1e-5:1") == .continuous(minimum: 1e-5, maximum: 1, .logarithmic))
        #expect(try read("learning_rate=linear:1e-5:1") == .continuous(minimum: 1e-5, maximum: 1, .linear))
        #expect(try read("momentum=reverse-log:0.5:0.999") == .continuous(minimum: 0.5, maximum: 0.999, .reverseLogarithmic))
        #expect(try read("momentum=0.5:0.9999") == .continuous(minimum: 0.5, maximum: 0.9999, .reverseLogarithmic))
        #expect(try read("layers=int:1:4") == .integer(minimum: 1, maximum: 4, .linear))
        #expect(try read("width=int:log:8:256") == .integer(minimum: 8, maximum: 256, .logarithmic))
        #expect(try read("shift=-2:3") == .continuous(minimum: -2, maximum: 3, .linear))
        #expect(try read("optimizer=cat:adam,sgd") == .categorical(["adam", "sgd"]))
        #expect(try read("optimizer=adam,sgd") == .categorical(["adam", "sgd"]))
    }

    @Test("a setting that takes whole numbers gets whole numbers, and no value that it does not take")
    func known() throws {
        let depth = Hyperparameter("max_depth", .integer(minimum: 0, maximum: 20), default: "6", "how deep")
        #expect(try read("max_depth=2:10", [depth]) == .integer(minimum: 2, maximum: 10, .linear))
        #expect(throws: TuningError(.range, "--range max_depth: 30 is no value of it: a whole number from 0 to 20")) {
            try read("max_depth=2:30", [depth])
        }
        #expect(throws: TuningError(.range, "--range 'max_depth=0.5:3': it takes whole numbers")) {
            try read("max_depth=0.5:3", [depth])
        }
    }

    @Test("conditions are read")
    func conditions() throws {
        let width = try RangeReader().parameter("width2=int:8:256?layers>=2")
        #expect(width.condition == ParameterCondition("layers", .atLeast, "2"))
        let momentum = try RangeReader().parameter("momentum=0:0.9?optimizer=sgd")
        #expect(momentum.condition == ParameterCondition("optimizer", .equals, "sgd"))
    }

    @Test(
        "what cannot be is refused with the reason",
        arguments: [
            ("a=log:0:1", "--range a: a logarithmic range begins above 0"),
            ("a=log:-1:1", "--range a: a logarithmic range begins above 0"),
            ("a=reverse-log:0.5:1", "--range a: a reverse-logarithmic range lies from 0 to below 1"),
            ("a=reverse-log:-0.1:0.5", "--range a: a reverse-logarithmic range lies from 0 to below 1"),
            ("a=int:reverse-log:1:4", "--range a: reverse-log is for numbers below 1, and not for whole numbers"),
            ("a=1:1", "--range a: the range is empty: its ends are the same; say --set for one value"),
            ("a=2:1", "--range a: the range is reversed: the smaller end comes first"),
            ("a=0:inf", "--range a: a range's ends are finite numbers"),
            ("a=cat:x", "--range a: there is nothing to choose: give at least two values, or say --set for one"),
            ("a=cat:x,x", "--range a: 'x' is there twice"),
            ("a=cat:x,,y", "--range a: one of the values is empty"),
            ("a=0:1?b", "--range a: a condition is written as in ?layers>=2"),
            ("a=3", "--range 'a=3': \(RangeReader.grammar)"),
            ("a=x:y", "--range 'a=x:y': \(RangeReader.grammar)"),
            ("=1:2", "--range '=1:2': \(RangeReader.grammar)"),
        ])
    func refusals(text: String, message: String) {
        #expect(throws: TuningError(.range, message)) { try RangeReader().parameter(text) }
    }
}
