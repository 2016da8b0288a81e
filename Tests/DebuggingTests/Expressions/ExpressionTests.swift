import Events
import Testing
import TextScanning

@testable import Debugging

/// What conditions mean, and what is said of those that mean nothing.
@Suite struct ExpressionTests {
    private func condition(_ text: String) throws -> RuleExpression {
        var parser = RuleExpressionParser(TextScanner(text))
        return try parser.condition()
    }

    /// Whether it holds where metrics have values; nil where that is not known.
    private func holds(_ text: String, _ values: [String: Double] = [:]) throws -> Bool? {
        var program = RuleProgram(try condition(text))
        for (source, place) in program.sources {
            if let value = values[source.text] { program.tell(value, at: place) }
        }
        return program.look()
    }

    @Test(arguments: [
        ("1 + 2 * 3 == 7", true), ("(1 + 2) * 3 == 9", true), ("2 - 3 - 4 == -5", true), ("12 / 2 / 3 == 2", true),
        ("-2 * -3 == 6", true), ("1 < 2 and 2 < 3 or 1 > 2", true), ("1 > 2 and (2 < 3 or 1 < 2)", false),
        ("not 1 > 2 and 1 < 2", true), ("not (1 > 2 and 1 < 2)", true), ("1 <= 1 and 1 >= 1 and 1 != 2", true),
        ("abs(-3) == 3 and sqrt(16) == 4 and exp(0) == 1 and log(1) = 0", true),
        ("min(3, 1, 2) == 1 and max(3, 1, 2) == 3", true),
        ("10k == 10000 and 5% == 0.05 and 1e-3 == 0.001 and 1.5M = 1500000", true),
        ("1 < 2 AND NOT 1 > 2", true), ("max(1, 2) - 1 < 2 * 3 - 4", true),
    ])
    func operatorsBindAsPeopleExpect(text: String, isTrue: Bool) throws {
        #expect(try holds(text) == isTrue)
        // Written back and read again it is the same.
        #expect(try condition(try condition(text).text) == condition(text))
    }

    @Test func metricsAreReadByTheirNames() throws {
        #expect(try holds("validation:rmse > 2 * loss", ["validation:rmse": 3, "loss": 1]) == true)
        #expect(try holds("metric(\"val/acc-1\") < 0.5", ["val/acc-1": 0.25]) == true)
        #expect(try holds("loss > 1") == nil)
        #expect(try holds("tensor(\"fc.weight\").l2 > 1", ["tensor(\"fc.weight\").l2": 2]) == true)
        #expect(RuleSource.metric("loss").isMetric(.trainLoss) && RuleSource.metric("loss").isMetric(MetricName("loss")))
        #expect(!RuleSource.metric("loss").isMetric(.validationLoss))
    }

    @Test func whatIsNotANumberIsNoReasonAndCanBeAskedFor() throws {
        #expect(try holds("loss > 1", ["loss": .nan]) == false)
        #expect(try holds("is_nan(loss)", ["loss": .nan]) == true)
        #expect(try holds("is_finite(loss)", ["loss": .infinity]) == false)
        #expect(try holds("max(loss, 1) > 0", ["loss": .nan]) == false)
        #expect(try holds("1 / 0 > 1") == true)
    }

    @Test func oneSideDecidesWhileTheOtherIsNotKnown() throws {
        #expect(try holds("loss > 1 and validation:loss > 1", ["loss": 0]) == false)
        #expect(try holds("loss > 1 or validation:loss > 1", ["loss": 2]) == true)
        #expect(try holds("loss > 1 and validation:loss > 1", ["loss": 2]) == nil)
    }

    @Test func windowsGoOnFromLookToLook() throws {
        var program = RuleProgram(try condition("loss > 2 * rolling_min(loss, 3) or loss == previous(loss, 2)"))
        let place = try #require(program.sources.first?.place)
        let answers = [4.0, 3, 5, 6.5, 5, 1, 5].map { loss -> Bool? in
            program.tell(loss, at: place)
            return program.look()
        }
        #expect(answers == [nil, nil, false, true, true, false, true])
    }

    /// The range, the line below and the message of each fault.
    @Test(arguments: [
        ("loss > rolling_mn(loss, 10)", 7..<17, "there is no function rolling_mn: did you mean rolling_min?"),
        ("loss", 0..<4, "this is a number: compare it with another one, as in loss > 2"),
        ("loss > 1 and 3", 13..<14, "and takes conditions, and this is a number: compare it with another one"),
        ("loss + (1 > 2) > 3", 7..<14, "+ takes numbers, and this is true or false"),
        ("1 < loss < 2", 9..<10, "comparisons do not follow one another: write them with `and`, as in 1 < loss and loss < 2"),
        ("loss >", 6..<6, "expected a metric, a number or a function"),
        ("(loss > 1", 0..<1, "expected a ) for this"),
        ("rolling_min(loss) > 1", 0..<11, "rolling_min takes a value and a number of values, as in rolling_min(loss, 100)"),
        ("rolling_min(loss, 0) > 1", 18..<19, "a whole number from 1 to 1000000 stands here"),
        ("rolling_min(loss, loss) > 1", 18..<22, "a whole number from 1 to 1000000 stands here"),
        ("abs(loss, 1) > 2", 0..<3, "abs takes one value, as in abs(loss)"),
        ("min(loss) > 2", 0..<3, "min takes two values or more; over time it is rolling_min(loss, 100)"),
        ("tensor(\"fc\").l3 > 1", 13..<15, "tensors have no l3: did you mean l1?"),
        ("loss > 3x", 7..<9, "3x is no number, such as 12, 0.5, 1e-3, 10k or 5%"),
        ("loss > and 3", 7..<10, "expected a metric, a number or a function before and"),
        (
            "rolling_max(rolling_min(loss, 900000), 900000) > 1", 0..<50,
            "together its windows are over 1000000 values long: make them shorter"
        ),
    ])
    func aFaultSaysWhereAndWhat(text: String, range: Range<Int>, message: String) {
        let fault = #expect(throws: TextFault.self) { try condition(text) }
        #expect(fault?.range == range)
        #expect(fault?.message == message)
    }

    @Test func noTextExhaustsTheStack() {
        for text in [
            String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000),
            String(repeating: "not ", count: 50_000),
            "loss > 1" + String(repeating: " + 1", count: 100_000), String(repeating: "abs(", count: 100_000),
        ] {
            #expect(throws: TextFault.self) { try condition(text) }
        }
    }
}
