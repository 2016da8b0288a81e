import Testing

@testable import Tables

@Suite struct TargetEncodingTests {
    static func inferred(_ values: [String]) throws -> TargetEncoding {
        try TargetEncoding.infer(
            Table.of("x,y\n" + values.map { "1,\($0)\n" }.joined(), options: ReadOptions(header: .first)), column: "y")
    }

    @Test func `the rule tells regressors and classifiers apart`() throws {
        #expect(try Self.inferred(["0", "1", "1"]) == .classes(column: "y", ["0", "1"]))
        #expect(try Self.inferred(["true", "false"]) == .classes(column: "y", ["false", "true"]))
        #expect(try Self.inferred(["yes", "no"]) == .classes(column: "y", ["no", "yes"]))
        #expect(try Self.inferred([">50K", "<=50K"]) == .classes(column: "y", ["<=50K", ">50K"]))
        #expect(try Self.inferred(["good", "bad"]) == .classes(column: "y", ["bad", "good"]))
        #expect(try Self.inferred(["c", "a", "b"]) == .classes(column: "y", ["a", "b", "c"]))
        let digits = (0...9).map(String.init)
        #expect(try Self.inferred(digits + digits + digits) == .classes(column: "y", digits))
        #expect(try Self.inferred((0...10).map(String.init)) == .numeric(column: "y"))
        #expect(try Self.inferred(["1.5", "2", "3"]) == .numeric(column: "y"))
        #expect(try Self.inferred(["0", "1"]).task == .binaryClassifier)
        #expect(try Self.inferred(["0", "1", "2", "0", "1", "2", "0", "1", "2"]).task == .multiclassClassifier)
    }

    @Test func `ten prices of ten houses are no classes`() throws {
        let prices = ["60432", "90071", "104363", "125000", "150500", "171250", "199000", "210750", "245900", "280727"]
        #expect(try Self.inferred(prices) == .numeric(column: "y"))
    }

    @Test func `the positive class is the one that is named`() throws {
        let encoding = try Self.inferred(["yes", "no"])
        #expect(try encoding.positive("no") == .classes(column: "y", ["yes", "no"]))
        #expect(throws: TableError.self) { try encoding.positive("maybe") }
        #expect(throws: TableError.self) { try Self.inferred(["a", "b", "c"]).positive("a") }
        #expect(throws: TableError.self) { try Self.inferred(["1.5", "2", "3"]).positive("2") }
    }

    @Test func `targets that cannot be learned are refused`() {
        for (values, code) in [
            (["1", "1"], TableError.Code.oneClass), (["NA", "NA"], .noRows), ((0..<30).map { "name \($0)" }, .tooManyClasses),
        ] {
            do {
                _ = try Self.inferred(values)
                Issue.record("accepted \(values)")
            } catch {
                #expect((error as? TableError)?.code == code)
            }
        }
    }

    @Test func `labels become class indices; unknown ones are named`() throws {
        let table = try Table.of("x,y\n1,b\n2,a\n3,\n4,b\n")
        let encoding = try TargetEncoding.infer(table, column: "y")
        let usable = try encoding.usableRows(table, rows: [0, 1, 2, 3])
        #expect(usable.rows == [0, 1, 3])
        #expect(usable.warning?.message == "1 row has no y: it is left out")
        #expect(try encoding.encode(table, rows: usable.rows) == [1, 0, 1])
        do throws(TableError) {
            _ = try encoding.encode(Table.of("x,y\n1,c\n2,a\n"), rows: [0, 1])
            Issue.record("encoded")
        } catch {
            #expect(error.code == .unknownLabel)
            #expect(error.message == "record 1: 'c' is no class of 'y': the model knows a, b")
        }
    }

    @Test func `a task that was asked for is made or refused`() throws {
        let table = try Table.of("x,y,z\n1,5,a\n2,6,b\n3,7,a\n")
        #expect(try TargetEncoding.make(table, column: "y", wish: .task(.regressor)) == .numeric(column: "y"))
        #expect(try TargetEncoding.make(table, column: "y", wish: .task(.multiclassClassifier)).classes == ["5", "6", "7"])
        #expect(throws: TableError.self) { try TargetEncoding.make(table, column: "y", wish: .task(.binaryClassifier)) }
        #expect(throws: TableError.self) { try TargetEncoding.make(table, column: "z", wish: .task(.regressor)) }
    }
}
