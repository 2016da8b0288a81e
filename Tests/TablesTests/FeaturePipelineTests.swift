import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Tables

@Suite struct FeaturePipelineTests {
    static let text = """
        age,smoker,city,name,same,empty,day,y
        10,yes,Rome,n0,5,,2020-01-01,1
        20,no,Bern,n1,5,,2020-01-02,2
        ,yes,,n2,5,,2020-01-03,3
        40,,Rome,n3,5,,2020-01-04,4
        50,no,Rome,n4,5,,2020-01-05,5
        60,no,Bern,n5,5,,2020-01-06,6
        70,no,Bern,n6,5,,2020-01-07,7
        80,no,Bern,n7,5,,2020-01-08,8
        90,no,Bern,n8,5,,2020-01-09,9
        99,no,Oslo,n9,5,,2020-01-10,10

        """

    @Test func `each kind of column becomes the features it should`() throws {
        let table = try Table.of(FeaturePipelineTests.text)
        let pipeline = try FeaturePipeline.fit(table, rows: Array(0..<5), target: "y", standardises: false)
        #expect(
            pipeline.featureNames == [
                "age", "smoker", "city=Bern", "city=Rome", "city=(missing)", "city=(other)", "day (elapsed days)",
            ])
        let matrix = try pipeline.transform(table, rows: [0, 2, 3, 9])
        // The median of 10, 20, 40, 50 is 30; smoker's mean over yes, no, yes, no is 0.5.
        #expect(Array(matrix.row(0)) == [10, 1, 0, 1, 0, 0, 0])
        #expect(Array(matrix.row(1)) == [30, 1, 0, 0, 1, 0, 2])
        #expect(Array(matrix.row(2)) == [40, 0.5, 0, 1, 0, 0, 3])
        #expect(Array(matrix.row(3)) == [99, 0, 0, 0, 0, 1, 9])
        #expect(pipeline.warnings.map(\.code) == [.highCardinality, .constantColumn, .allMissing])
    }

    @Test func `categories that are called as ours are told apart from them`() throws {
        let kinds = ["a", "(other)", "(missing)", ""]
        let table = try Table.of("kind,x\n" + (0..<40).map { "\(kinds[$0 % 4]),\($0)\n" }.joined())
        let expected = ["kind='(missing)'", "kind='(other)'", "kind=a", "kind=(missing)", "kind=(other)"]
        for style in [FeatureOptions.Style.linear, .distances] {
            let pipeline = try FeaturePipeline.fit(
                table, rows: Array(0..<40), target: nil, standardises: false, options: FeatureOptions(style: style))
            #expect(Array(pipeline.featureNames.prefix(5)) == expected)
            #expect(pipeline.weightNames.count == Set(pipeline.weightNames).count)
            // Models of earlier versions have names that do not tell them apart.
            let written = String(decoding: try JSONEncoder().encode(pipeline), as: UTF8.self)
            let older = written.replacing("'(other)'", with: "(other)").replacing("'(missing)'", with: "(missing)")
            #expect(older != written)
            #expect(try JSONDecoder().decode(FeaturePipeline.self, from: Data(older.utf8)) == pipeline)
            let other = written.replacing("kind=a", with: "kind=b")
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(FeaturePipeline.self, from: Data(other.utf8)) }
        }
    }

    @Test func `all columns that a table lacks are told at once`() throws {
        let table = try Table.of("a,b,c,d\n1,2,3,4\n2,4,1,3\n3,1,4,2\n")
        let pipeline = try FeaturePipeline.fit(table, rows: [0, 1, 2], target: "d", standardises: false)
        let fault = { (text: String) throws -> String? in
            let other = try Table.of(text)
            return #expect(throws: TableError.self) { try pipeline.transform(other) }?.message
        }
        #expect(try fault("b\n1\n") == "no columns named 'a', 'c', which the model was trained on: add them")
        #expect(try fault("b,c\n1,2\n") == "no column named 'a', which the model was trained on: add it")
    }

    @Test(arguments: [FeatureOptions.Style.linear, .trees])
    func `whole numbers that name something are said to be learned from as quantities`(style: FeatureOptions.Style) throws {
        let lines = (0..<120).map { "\(10_000 + $0 * 7 % 30),\($0 % 12),\($0 * 31 % 50),\($0 % 9),\($0 % 5 * 2)" }
        let table = try Table.of("zip,store_id,age,room count,y\n" + lines.joined(separator: "\n") + "\n")
        let pipeline = try FeaturePipeline.fit(
            table, rows: Array(0..<120), target: "y", standardises: false, options: FeatureOptions(style: style))
        #expect(
            pipeline.warnings.map(\.message) == [
                "zip: 30 whole numbers, learned from as quantities; if they name something, --type zip=categorical makes them categories",
                "store_id: 12 whole numbers, learned from as quantities; if they name something, --type store_id=categorical makes them categories",
            ])
        #expect(pipeline.warnings.allSatisfy { $0.code == .featureChoice })
    }

    @Test func `words that a model does not know are counted`() throws {
        let words = ["good nice", "bad poor", "fine well"]
        let lines = (0..<60).map { "\(words[$0 % 3]) \(["sun", "rain"][$0 % 2]) n\($0),\($0 % 3)" }
        let table = try Table.of("note,y\n" + lines.joined(separator: "\n") + "\n")
        let other = try Table.of("note,y\ngood zebra sun,1\nquokka rain,2\n")
        for (method, expected) in [
            (TextMethod.words, "3 of 5 distinct words here; others, such as 'zebra', count for nothing"),
            (.ngrams, "3 of 5 distinct words here; others, such as 'zebra', count for nothing"),
        ] {
            var options = FeatureOptions()
            options.text = ["note": method]
            let pipeline = try FeaturePipeline.fit(table, rows: Array(0..<60), target: "y", standardises: false, options: options)
            #expect(pipeline.warnings(for: other).map(\.message) == ["note: the model knows \(expected)"])
            #expect(pipeline.warnings(for: other).map(\.code) == [.featureChoice])
            let known = try Table.of("note,y\ngood nice sun,1\n")
            #expect(pipeline.warnings(for: known).isEmpty)
        }
    }

    @Test func `fills for missing values go by the rows' weights`() throws {
        let text = "x,is,y\n1,no,0\n2,no,0\n10,yes,0\n20,yes,0\n,,0\n"
        let table = try Table.of(text), rows = Array(0..<5)
        var options = FeatureOptions(style: .trees)
        let fills = { (weights: [Float]?) throws -> [Float] in
            options.weights = weights
            let fitted = try FeaturePipeline.fit(table, rows: rows, target: "y", standardises: false, options: options)
            return Array(try fitted.transform(table, rows: [4]).row(0))
        }
        #expect(try fills(nil) == [6, 0.5])
        #expect(try fills([1, 1, 1, 1, 9]) == [6, 0.5])
        // As if the third row were there three times: the median of 1, 2, 10, 10, 10, 20.
        #expect(try fills([1, 1, 3, 1, 1]) == [10, 4 / 6.0])
        #expect(try fills([4, 1, 1, 1, 1]) == [1, 2 / 7.0])
    }

    @Test func `many categories become one column of codes, the last one, where the learner takes codes`() throws {
        // 30 users, two rows each, and an identifier that never recurs.
        let lines = (0..<60).map { "\($0),user-\($0 % 30),id-\($0),\($0 % 3 == 0 ? "a" : "b")" }
        let table = try Table.of("x,user,id,kind\n" + lines.joined(separator: "\n") + "\n")
        let plain = try FeaturePipeline.fit(table, rows: Array(0..<60), target: nil, standardises: false)
        #expect(plain.cardinalities.isEmpty)
        let pipeline = try FeaturePipeline.fit(
            table, rows: Array(0..<60), target: nil, standardises: false, options: FeatureOptions(codesFrom: 10))
        #expect(pipeline.featureNames == ["x", "kind=a", "kind=b", "kind=(other)", "user"])
        #expect(pipeline.cardinalities == [31])
        #expect(pipeline.warnings.filter { $0.code == .rowName }.map(\.column) == ["id"])
        #expect(pipeline.warnings.filter { $0.code == .featureChoice }.map(\.column) == ["user"])
        let matrix = try pipeline.transform(table, rows: [0, 1, 31])
        // Sorted as text, user-0 is the first and user-1 the second of the 30.
        #expect(matrix.row(0).last == 0 && matrix.row(1).last == 1 && matrix.row(2).last == 1)
        let other = try Table.of("x,user,id,kind\n1,user-99,q,a\n2,user-1,q,b\n3,,q,b\n")
        let unseen = try pipeline.transform(other)
        #expect(unseen.row(0).last == 30 && unseen.row(1).last == 1 && unseen.row(2).last == 30)
        #expect(pipeline.warnings(for: other).map(\.column) == ["user"])
    }

    @Test func `missing numbers and truth values stay missing where they are wanted`() throws {
        let table = try Table.of(FeaturePipelineTests.text)
        let fitted = try FeaturePipeline.fit(table, rows: Array(0..<5), target: "y", standardises: false).keepingMissing()
        let pipeline = try JSONDecoder().decode(FeaturePipeline.self, from: JSONEncoder().encode(fitted))
        let matrix = try pipeline.transform(table, rows: [2, 3])
        #expect(matrix[0, 0].isNaN && matrix[1, 1].isNaN)
        #expect(Array(matrix.row(0).dropFirst()) == [1, 0, 0, 1, 0, 2])
    }

    @Test func `the indicators of a category stand together, and constants are kept where they are wanted`() throws {
        let table = try Table.of(FeaturePipelineTests.text)
        let pipeline = try FeaturePipeline.fit(
            table, rows: Array(0..<5), target: "y", standardises: false, options: FeatureOptions(keepsConstants: true))
        #expect(pipeline.categoryGroups == [2..<6])
        #expect(pipeline.featureNames.suffix(2) == ["same", "day (elapsed days)"])
        #expect(pipeline.warnings.map(\.code) == [.highCardinality, .allMissing])
    }

    @Test func `standardised features have mean 0 and deviation 1 on the training rows, constant ones are 0`() throws {
        let table = try Table.of(FeaturePipelineTests.text)
        let rows = Array(0..<9)
        let pipeline = try FeaturePipeline.fit(table, rows: rows, target: "y", standardises: true)
        let matrix = try pipeline.transform(table, rows: rows)
        for (feature, name) in pipeline.featureNames.enumerated() {
            var moments = Moments()
            for row in 0..<matrix.rowCount { moments.add(Double(matrix[row, feature])) }
            #expect(abs(moments.mean) < 1e-5, "\(name)")
            #expect(abs(moments.populationDeviation - (name == "city=(other)" ? 0 : 1)) < 1e-5, "\(name)")
        }
        #expect(try pipeline.transform(table).firstNonFiniteColumn == nil)
    }

    @Test func `nothing is learned from rows outside training`() throws {
        let table = try Table.of(FeaturePipelineTests.text)
        let changed = try Table.of(FeaturePipelineTests.text.replacing("99,no,Oslo", with: "-7,yes,Lima"))
        let rows = Array(0..<9)
        let first = try FeaturePipeline.fit(table, rows: rows, target: "y", standardises: true)
        #expect(try FeaturePipeline.fit(changed, rows: rows, target: "y", standardises: true) == first)
    }

    @Test func `a pipeline that was saved and loaded gives the same features`() throws {
        let table = try Table.of(FeaturePipelineTests.text)
        let pipeline = try FeaturePipeline.fit(table, rows: Array(0..<9), target: "y", standardises: true)
        let loaded = try JSONDecoder().decode(FeaturePipeline.self, from: JSONEncoder().encode(pipeline))
        #expect(loaded == pipeline)
        #expect(try loaded.transform(table) == pipeline.transform(table))
    }

    @Test func `a table to predict on may have other columns in another order, but must have those of training`() throws {
        let table = try Table.of("a,b,y\n1,x,0\n2,z,1\n3,x,1\n")
        let pipeline = try FeaturePipeline.fit(table, rows: [0, 1, 2], target: "y", standardises: false)
        let other = try Table.of("b,extra,a\nw,9,7\n")
        #expect(try pipeline.transform(other).elements == [7, 0, 0, 1])
        #expect(pipeline.warnings(for: other).map(\.code) == [.unseenCategory])
        let lacking = try Table.of("b\nx\n")
        do throws(TableError) {
            _ = try pipeline.transform(lacking)
            Issue.record("transformed")
        } catch {
            #expect(error.code == .columnNotFound)
            #expect(error.message == "no column named 'a', which the model was trained on: add it")
        }
        do throws(TableError) {
            _ = try pipeline.transform(Table.of("a,b\nred,x\n"))
            Issue.record("transformed")
        } catch {
            #expect(error.code == .columnUnusable)
        }
    }

    @Test func `an infinite value is refused with its record and column`() throws {
        let table = try Table.of("a,y\n1,0\ninf,1\n3,1\n")
        do throws(TableError) {
            _ = try FeaturePipeline.fit(table, rows: [0, 1, 2], target: "y", standardises: true)
            Issue.record("fitted")
        } catch {
            #expect(error.code == .infiniteValue)
            #expect(error.message == "record 2: column 'a' holds inf, which is too large: replace it")
        }
    }

    @Test func `a table without a useful column is refused`() throws {
        let table = try Table.of("a,y\n1,0\n1,1\n")
        do throws(TableError) {
            _ = try FeaturePipeline.fit(table, rows: [0, 1], target: "y", standardises: true)
            Issue.record("fitted")
        } catch {
            #expect(error.code == .noFeatures)
            #expect(error.message == "no column can be a feature: a is always 1 in the training rows: it is not used")
        }
        #expect(throws: TableError.self) { try FeaturePipeline.fit(table, rows: [], target: "y", standardises: true) }
    }
}
