import JSON
import PipelineSteps
import Testing

@Suite struct DataPipelineTests {
    @Test func aFileOfStepsIsReadAndWrittenBackTheSame() throws {
        let text = """
            {"steps": [
              {"step": "target", "column": "charges", "task": "regression"},
              {"step": "impute", "columns": ["age"], "how": "constant", "value": 30},
              {"step": "clip", "columns": ["bmi"], "quantiles": [0.01, 0.99]},
              {"step": "lag", "columns": ["sales"], "rows": [1, 7], "order": "day"},
              {"step": "weights"}
            ]}
            """
        let pipeline = try DataPipeline(parsing: text)
        #expect(pipeline.steps.map(\.kind) == [.target, .impute, .clip, .lag, .weights])
        #expect(pipeline.steps[1].words == "impute age: constant, value 30")
        #expect(pipeline.steps[2].numbers("quantiles") == [0.01, 0.99])
        #expect(try DataPipeline(parsing: pipeline.text) == pipeline)
        #expect(try DataPipeline(parsing: pipeline.lines) == pipeline)
        #expect(pipeline.text.contains(#""rows":[1,7]"#) && pipeline.text.contains(#""quantiles":[0.01,0.99]"#))
        #expect(try DataPipeline(parsing: "[]").words == "no steps")
    }

    @Test func aStepThatIsAddedStandsBeforeTheOneThatTakesItsColumnAway() throws {
        let pipeline = try DataPipeline(
            parsing:
                #"[{"step": "clip", "columns": ["a"], "upper": 3}, {"step": "encode", "columns": ["deck"]}, {"step": "drop", "columns": ["id"]}]"#
        )
        func kinds(_ columns: String...) throws -> [StepKind] {
            try pipeline.adding(try PipelineStep(.impute, ["columns": columns])).steps.map(\.kind)
        }
        #expect(try kinds("deck") == [.clip, .impute, .encode, .drop])
        #expect(try kinds("a", "id") == [.clip, .encode, .impute, .drop])
        #expect(try kinds("a") == [.clip, .encode, .drop, .impute])
    }

    @Test(arguments: [
        ("{", "not valid JSON"), ("7", "a list of steps"), (#"{"steps": [], "name": "x"}"#, "'name' is nothing"),
        (#"[{"stop": "drop"}]"#, "step 1 is not"), (#"[{"step": "impte"}]"#, "step 1 is 'impte': did you mean 'impute'?"),
        (#"[{"step": "weights"}, {"step": "drop"}]"#, "step 2 (drop): 'columns' is missing"),
        (#"[{"step": "drop", "columns": ["a"], "how": "x"}]"#, "step 1 (drop): 'how' is nothing"),
        (#"[{"step": "scale", "how": "wide"}]"#, "'wide' is none of standard"),
        (#"[{"step": "split", "share": 1.5}]"#, "above 0 and below 1"),
        (#"[{"step": "lag", "columns": ["a"], "rows": [0], "order": "t"}]"#, "whole number from 1"),
        (#"[{"step": "clip", "columns": ["a"]}]"#, "'lower', 'upper' or 'quantiles' is missing"),
        (#"[{"step": "clip", "lower": 3, "upper": 2}]"#, "above the upper one"),
        (#"[{"step": "impute", "columns": ["a"], "how": "constant"}]"#, "'value' is missing"),
        (#"[{"step": "drop", "columns": ["a", "a"]}]"#, "twice"),
        (#"[{"step": "drop", "columns": [["a"]]}]"#, "a text, a number or a list"),
        (#"[{"step": "weights"}, {"step": "weights"}]"#, "step 2 (weights): step 1 says it already"),
        (#"[{"step": "ratio", "columns": ["a"], "to": "b"}]"#, "two columns"),
        (#"[{"step": "weights"}, {"step": "resample"}]"#, "step 2 (resample): weights and drawing"),
        (
            #"[{"step": "split", "share": 0.2, "group": "g", "order": "t"}]"#,
            "step 1 (split): rows are held out by group or by order"
        ),
    ])
    func whatIsWrongIsSaidWithTheStepsNumber(text: String, words: String) {
        let error = #expect(throws: PipelineError.self) { try DataPipeline(parsing: text) }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    /// Whatever a form can ask for has a sentence, and no name stands twice.
    @Test func everyStepSaysWhatIsAskedOfIt() {
        for kind in StepKind.allCases {
            #expect(!kind.summary.isEmpty && Set(kind.parameters.map(\.name)).count == kind.parameters.count)
            #expect(kind.parameters.allSatisfy { !$0.help.isEmpty && !$0.help.hasSuffix(".") })
        }
    }
}
