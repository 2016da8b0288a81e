import PipelineSteps
import Preparing
import Tables
import Testing

@Suite struct FittedPipelineTests {
    private let table = Table(columns: [
        Column(name: "id", kind: .integer, storage: .numbers([1, 2, 3, 4, 5, 6])),
        Column(name: "age", kind: .integer, storage: .numbers([20, 30, .nan, 50, 60, 70])),
        Column(name: "city", kind: .categorical, storage: .codes([0, 1, 0, -1, 2, 1], dictionary: ["Bern", "Genf", "Chur"])),
        Column(name: "note", kind: .text, storage: .codes([0, 1, -1, 1, 0, 1], dictionary: ["two words", "é"])),
        Column(
            name: "day", kind: .date,
            storage: .numbers([0, 86_400, 172_800, 259_200, 345_600, 432_000].map { $0 + 1_700_000_000 })),
        Column(name: "bought", kind: .boolean, storage: .codes([0, 0, 0, 0, 1, 1], dictionary: ["no", "yes"])),
    ])
    private let roles = ColumnRoles(target: "bought", asClasses: true)

    private func fit(_ steps: String, rows: [Int]? = nil) throws -> FittedPipeline.Fit {
        try FittedPipeline.fit(try DataPipeline(parsing: "[\(steps)]"), table, rows: rows ?? Array(0..<6), roles: roles)
    }

    private func numbers(_ fit: FittedPipeline.Fit, _ name: String) throws -> [Double] {
        try #require(fit.table.column(named: name)?.numbers)
    }

    @Test func whatIsLearnedComesOfTheTrainingRowsAlone() throws {
        let all = try fit(#"{"step": "impute", "columns": ["age"], "how": "mean"}"#, rows: [0, 1, 2])
        #expect(try numbers(all, "age") == [20, 30, 25, 50, 60, 70])
        let scaled = try fit(#"{"step": "filter", "where": "age < 40"}, {"step": "scale", "columns": ["age"], "how": "min-max"}"#)
        #expect(scaled.rows == [0, 1])
        #expect(try numbers(scaled, "age").filter { !$0.isNaN } == [0, 1, 3, 4, 5])
        // A filter says what is learned from; the rows stay.
        #expect(scaled.table.rowCount == 6)
    }

    @Test func everyStepDoesWhatItSays() throws {
        let made = try fit(
            """
            {"step": "drop", "columns": ["id"]}, {"step": "rename", "column": "age", "to": "years"},
            {"step": "encode", "columns": ["city"]}, {"step": "text"},
            {"step": "dates", "column": "day", "parts": ["year", "weekday"]},
            {"step": "product", "columns": ["years", "note_words"], "to": "both"},
            {"step": "ratio", "columns": ["years", "note_words"], "to": "each"},
            {"step": "difference", "column": "years", "from": "note_length", "to": "less"},
            {"step": "retype", "columns": ["note_words"], "to": "categorical"},
            {"step": "scale", "columns": ["years"], "how": "log"}
            """)
        #expect(
            made.table.columns.map(\.name) == [
                "years", "city=Bern", "city=Chur", "city=Genf", "note", "day", "bought", "note_length", "note_words", "day_year",
                "day_weekday", "both", "each", "less",
            ])
        #expect(try numbers(made, "city=Genf") == [0, 1, 0, 0, 0, 1])
        #expect(try numbers(made, "note_length").prefix(2) == [9, 1])
        #expect(try numbers(made, "both").prefix(2) == [40, 30])
        #expect(try numbers(made, "each").prefix(2) == [10, 30])
        #expect(try numbers(made, "less").prefix(2) == [11, 29])
        #expect(try numbers(made, "day_weekday") == [1, 2, 3, 4, 5, 6])
        #expect(made.table.column(named: "note_words")?.kind == .categorical)
        #expect(abs(try numbers(made, "years")[0] - 3.044522437723423) < 1e-15)
    }

    @Test func rowsWithTheSamePlaceInTheOrderAreTold() throws {
        let tied = Table(columns: [
            Column(name: "x", kind: .integer, storage: .numbers([1, 2, 3, 4, 5])),
            Column(name: "day", kind: .integer, storage: .numbers([1, 2, 2, 2, 3])),
            Column(name: "shop", kind: .categorical, storage: .codes([0, 0, 1, 0, 0], dictionary: ["a", "b"])),
        ])
        func told(_ steps: String) throws -> [String] {
            try FittedPipeline.fit(
                try DataPipeline(parsing: "[\(steps)]"), tied, rows: Array(0..<5), roles: ColumnRoles()
            ).notes[0]
        }
        let plain = try told(#"{"step": "lag", "columns": ["x"], "rows": [1], "order": "day"}"#)
        #expect(
            plain.first?.contains("3 rows have the same day as another: these follow each other as in the file") == true,
            "\(plain)")
        let grouped = try told(
            #"{"step": "rolling", "columns": ["x"], "rows": 1, "how": ["mean"], "order": "day", "group": "shop"}"#)
        #expect(grouped.first?.contains("2 rows have the same day as another of their shop") == true, "\(grouped)")
        let free = try told(#"{"step": "lag", "columns": ["x"], "rows": [1], "order": "x"}"#)
        #expect(free.first?.contains("same") == false, "\(free)")
    }

    @Test func numbersThatBecomeTooLargeAreRefusedWithTheirRow() throws {
        let large = Table(columns: [
            Column(name: "x", kind: .numeric, storage: .numbers([1, 1e200, .infinity])),
            Column(name: "y", kind: .numeric, storage: .numbers([1, -1e200, 1])),
            Column(name: "n", kind: .integer, storage: .numbers([1, 2, 3])),
        ])
        func fault(_ steps: String) -> String? {
            do {
                _ = try FittedPipeline.fit(
                    try DataPipeline(parsing: "[\(steps)]"), large, rows: [0, 1], roles: ColumnRoles())
                return nil
            } catch { return "\(error)" }
        }
        let expected = "becomes larger than can be counted with: clip the columns that it is made of first"
        #expect(fault(#"{"step": "product", "columns": ["x", "y"], "to": "z"}"#)?.contains("record 2: 'z' \(expected)") == true)
        // What is infinite in the file stays that, and is nobody's overflow.
        #expect(fault(#"{"step": "product", "columns": ["x", "n"], "to": "z"}"#) == nil)
        #expect(
            fault(#"{"step": "clip", "columns": ["x"], "upper": 10}, {"step": "product", "columns": ["x", "y"], "to": "z"}"#)
                == nil)
    }

    @Test func aConditionThatFindsNothingNamesTheWordThatIsNone() throws {
        for (condition, hint) in [("agee", "'agee' is no condition"), ("aeg", "did you mean the column age, as in age > 0?")] {
            let error = #expect(throws: TableError.self) { try fit(#"{"step": "filter", "where": "\#(condition)"}"#) }
            #expect(error?.message.contains(hint) == true, "\(error?.message ?? "")")
        }
        let plain = #expect(throws: TableError.self) { try fit(#"{"step": "filter", "where": "age > 1000"}"#) }
        #expect(plain?.message.hasSuffix("ask for less") == true, "\(plain?.message ?? "")")
    }

    @Test func pipelinesThatWereLearnedOnOtherRowsStandBesideEachOther() throws {
        let steps =
            #"{"step": "impute", "columns": ["age"], "how": "mean"}, {"step": "product", "columns": ["age", "id"], "to": "both"}"#
        let fits = try [[0, 1, 2], [3, 4, 5], [0, 1, 2]].map { try fit(steps, rows: $0).fitted }
        let (joined, names) = FittedPipeline.joined(fits)
        #expect(names.map { $0("both") } == ["both ·1", "both ·2", "both ·1"])
        #expect(joined.sources(of: ["both ·1", "age ·2"]) == ["age", "id"])
        let made = try joined.apply(to: table, needed: ["both ·1", "both ·2", "age ·2"])
        for (place, fitted) in fits.prefix(2).enumerated() {
            let own = try #require(fitted.apply(to: table).column(named: "both")?.numbers)
            #expect(made.column(named: "both ·\(place + 1)")?.numbers == own)
        }
        #expect(made.column(named: "bought") != nil && made.column(named: "age")?.numbers?[2].isNaN == true)
        #expect(try joined.apply(to: made, needed: ["both ·1"]).columns == made.columns)
        #expect(try FittedPipeline(fileBytes: joined.fileBytes(), path: "f") == joined)
        // Joined again they are taken apart first, and where all are the same, nothing is called otherwise.
        let (outer, outerNames) = FittedPipeline.joined([joined, fits[1]])
        #expect(outer == joined && outerNames[0]("both ·2") == "both ·2" && outerNames[1]("both") == "both ·2")
        let (one, plain) = FittedPipeline.joined([fits[0], fits[2]])
        #expect(one == fits[0] && plain[1]("both") == "both")
    }

    @Test func theSameIsDoneToAnotherFileAndNoRowIsLost() throws {
        let made = try fit(
            #"{"step": "filter", "where": "age < 65"}, {"step": "encode", "how": "ordinal"}, {"step": "resample"}, {"step": "keep", "columns": ["age", "city"]}"#
        )
        #expect(made.table.columns.map(\.name) == ["age", "city", "bought"])
        let bytes = try made.fitted.fileBytes()
        let again = try FittedPipeline(fileBytes: bytes, path: "fitted.json")
        #expect(again == made.fitted)
        let other = Table(columns: [
            Column(name: "city", kind: .categorical, storage: .codes([0, 1], dictionary: ["Olten", "Genf"])),
            Column(name: "age", kind: .integer, storage: .numbers([90, 10])),
        ])
        let applied = try again.apply(to: other)
        #expect(applied.rowCount == 2)
        let city = try #require(applied.column(named: "city")?.numbers)
        #expect(city[0].isNaN && city[1] == 2)
        #expect(applied.warnings.contains { $0.message.contains("step 2 (encode)") && $0.message.contains("'Olten'") })
        #expect(try again.apply(to: applied).columns == applied.columns)
        #expect(throws: TableError.self) { try FittedPipeline(fileBytes: Array(bytes.dropLast(9)), path: "x") }
    }

    @Test func aColumnThatIsMissingIsNamedWithTheStepThatNeedsIt() throws {
        let made = try fit(#"{"step": "drop", "columns": ["id"]}, {"step": "scale", "columns": ["age"]}"#)
        let without = Table(columns: table.columns.filter { $0.name != "age" && $0.name != "id" })
        let error = #expect(throws: TableError.self) { try made.fitted.apply(to: without) }
        #expect(error?.message == "step 2 (scale): there is no column 'age', which the pipeline was learned on: add it")
        // What nobody asks for is not missed.
        #expect(try made.fitted.apply(to: without, needed: ["city"]).column(named: "city") != nil)
        #expect(made.fitted.sources(of: ["city", "age"]) == ["city", "age"])
    }

    @Test func onlyRowsBeforeHaveAPartInARowsPast() throws {
        let steps = #"{"step": "rolling", "columns": ["age"], "rows": 2, "how": ["mean"], "order": "day"}"#
        let made = try fit(steps), changed = Column(name: "age", kind: .integer, storage: .numbers([20, 30, .nan, 50, 60, 999]))
        let other = Table(columns: table.columns.map { $0.name == "age" ? changed : $0 })
        let texts = { (column: Column?) in column.map { column in (0..<6).map { column.text(at: $0) } } }
        #expect(
            texts(try made.fitted.apply(to: other).column(named: "age_mean_2")) == texts(made.table.column(named: "age_mean_2")))
        #expect(texts(made.table.column(named: "age_mean_2")) == [nil, nil, "25", nil, nil, "55"])
        #expect(
            made.fitted.historyStep(for: ["age_mean_2"]) == "step 1 (rolling)" && made.fitted.historyStep(for: ["age"]) == nil)
        #expect(made.notes[0] == ["2 rows have fewer than 2 rows before them: what they lack of their past is missing"])
    }

    @Test func classesCountTheSameByWeightOrByNumber() throws {
        let weighed = try fit(#"{"step": "weights"}"#)
        #expect(weighed.fitted.classWeights?.weights(of: table, rows: [0, 5]) == [0.75, 1.5])
        let over = try fit(#"{"step": "resample"}"#)
        #expect(over.rows.count == 8 && over.rows.count { $0 >= 4 } == 4)
        #expect(try fit(#"{"step": "resample"}"#).rows == over.rows)
        #expect(try fit(#"{"step": "resample", "how": "under"}"#).rows.count == 4)
    }

    @Test(arguments: [
        (#"{"step": "drop", "columns": ["agee"]}"#, "step 1 (drop): there is no column 'agee': did you mean 'age'?"),
        (
            #"{"step": "drop", "columns": ["age"]}, {"step": "scale", "columns": ["age"]}"#,
            "step 2 (scale): step 1 left 'age' out, or called it otherwise"
        ),
        (#"{"step": "scale", "columns": ["city"]}"#, "step 1 (scale): 'city' holds categorical values"),
        (#"{"step": "impute", "columns": ["city"], "how": "mean"}"#, "which have no mean: take the mode"),
        (#"{"step": "drop", "columns": ["bought"]}"#, "'bought' is the target, which steps leave as it is"),
        (#"{"step": "product", "columns": ["age", "bought"], "to": "x"}"#, "would tell a model what it is to predict"),
        (#"{"step": "rename", "column": "age", "to": "city"}"#, "there is a column 'city' already"),
        (#"{"step": "filter", "where": "age > 200"}"#, "no training row fits 'age > 200'"),
        (#"{"step": "filter", "where": "agee > 2"}"#, "step 1 (filter): 'agee > 2': there is no column agee"),
        (#"{"step": "filter", "where": "day > -2d"}"#, "counts from today"),
        (#"{"step": "difference", "column": "age", "from": "day", "to": "x"}"#, "name two dates, or two numbers"),
        (
            #"{"step": "keep", "columns": ["id"]}, {"step": "scale"}, {"step": "lag", "columns": ["id"], "rows": [1], "order": "day"}"#,
            "step 3 (lag): step 1 left 'day' out"
        ),
    ])
    func whatCannotBeDoneIsSaidWithTheStepsNumber(steps: String, words: String) {
        let error = #expect(throws: TableError.self) { try fit(steps) }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test func aLogarithmOfWhatHasNoneNamesTheRecord() {
        let error = #expect(throws: TableError.self) {
            try FittedPipeline.fit(
                try DataPipeline(parsing: #"[{"step": "scale", "columns": ["x"], "how": "log"}]"#),
                Table(columns: [Column(name: "x", kind: .integer, storage: .numbers([1, -3]))]), rows: [0, 1],
                roles: ColumnRoles())
        }
        #expect(error?.message.contains("record 2: 'x' holds -3") == true, "\(error?.message ?? "")")
    }

    @Test func aPreviewTellsWhatEachStepDid() throws {
        let pipeline = try DataPipeline(
            parsing:
                #"[{"step": "drop", "columns": ["id"]}, {"step": "impute", "columns": ["age"]}, {"step": "scale", "columns": ["citty"]}]"#
        )
        let (preview, made, fault) = PipelinePreviewing.preview(pipeline, table, rows: Array(0..<6), heldOut: 0, roles: roles)
        #expect(made == nil && fault?.code == .columnNotFound && preview.fault == fault?.message)
        #expect(preview.steps.map(\.number) == [1, 2])
        #expect(preview.steps[0].columnsBefore == 6 && preview.steps[0].columnsAfter == 5)
        #expect(preview.steps[0].changes.map(\.name) == ["id"] && preview.steps[0].changes[0].after == nil)
        let age = try #require(preview.steps[1].changes.first)
        #expect(age.before?.missing == 1 && age.after?.missing == 0 && age.before?.mean == 46 && age.after?.maximum == 70)
        #expect(preview.steps[1].notes == ["age: 1 missing become 50"])
    }
}
