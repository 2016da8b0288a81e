import Testing

@testable import Tables

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct NumberUnitTests {
    private static func features(_ numbers: [Double], of others: [Double]? = nil) throws -> (FeaturePipeline, [Float]) {
        let table = Table(columns: [Column(name: "x", kind: .numeric, storage: .numbers(numbers))])
        let pipeline = try FeaturePipeline.fit(table, rows: Array(numbers.indices), target: nil, standardises: false)
        let other = Table(columns: [Column(name: "x", kind: .numeric, storage: .numbers(others ?? numbers))])
        return (pipeline, try pipeline.transform(other).elements)
    }

    @Test(arguments: [1_793_523_600.0, 1e15, -1e15, 1e12 + 0.5])
    func `differences that single precision has no digits for are kept`(start: Double) throws {
        let (pipeline, features) = try Self.features((0...600).map { start + Double($0) })
        #expect(features == (0...600).map { Float($0 - 300) })
        #expect(pipeline.units == [NumberUnit(origin: start + 300)])
        let (_, other) = try Self.features((0...600).map { start + Double($0) }, of: [start - 100, .nan])
        #expect(other == [-400, 0])
    }

    @Test func `a stray value does not hide how close the others lie`() throws {
        let (_, features) = try Self.features([0] + (0..<100).map { 1e9 + Double($0) })
        #expect(features[1] - features[100] == -99)
    }

    @Test(arguments: [[1.5, 2, 3, 1e6], [1990, 2000, 2010], [0, 255, 17], [1e-9, 2e-9, 5e-9], [12_345.678, 12_399.1, 9_000]])
    func `ordinary numbers stay as they are`(numbers: [Double]) throws {
        let (pipeline, features) = try Self.features(numbers)
        #expect(features == numbers.map { Float($0) })
        #expect(pipeline.units == [NumberUnit()])
    }

    @Test(arguments: [1e40, 1e300, 1.7e308, 1e-40, 1e-300, Double.leastNonzeroMagnitude])
    func `numbers beyond single precision are brought into it`(size: Double) throws {
        let (_, features) = try Self.features((0..<4).map { size * (Double($0) / 4) } + [size])
        #expect(features.allSatisfy { $0.isFinite && abs($0) < 8 })
        #expect(features[4] > 0)
        if size.isNormal { #expect(features[2] / features[4] == 0.5) }
    }

    @Test func `a unit is kept with the pipeline, and a damaged one is refused`() throws {
        let (pipeline, _) = try Self.features((0...600).map { 1e15 + Double($0) })
        let loaded = try JSONDecoder().decode(FeaturePipeline.self, from: JSONEncoder().encode(pipeline))
        #expect(loaded == pipeline)
        for unit in [#"{"origin":0,"scale":0}"#, #"{"origin":0,"scale":-1}"#] {
            let text = """
                {"columns":[{"name":"x","encoding":{"number":{"median":1,"isDate":false,"unit":\(unit)}}}],"means":[],"deviations":[],
                "featureNames":["x"],"warnings":[],"standardises":false}
                """
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(FeaturePipeline.self, from: Data(text.utf8)) }
        }
    }

    @Test func `a target of many digits keeps them`() throws {
        let numbers = (0..<200).map { 1e9 + Double($0 % 7) / 8 }
        let table = Table(columns: [Column(name: "y", kind: .numeric, storage: .numbers(numbers))])
        let plain = try TargetEncoding.make(table, column: "y", wish: .task(.regressor))
        let encoding = try plain.learningOrigin(table, rows: Array(0..<200))
        #expect(encoding.origin == 1e9 + 0.375)
        #expect(try encoding.encode(table, rows: [0, 6]) == [-0.375, 0.375])
        #expect(try JSONDecoder().decode(TargetEncoding.self, from: JSONEncoder().encode(encoding)) == encoding)
        let old = try JSONDecoder().decode(TargetEncoding.self, from: Data(#"{"numeric":{"column":"y"}}"#.utf8))
        #expect(old == plain && old.origin == 0)
        let small = Table(columns: [Column(name: "y", kind: .numeric, storage: .numbers([1.5, 2, 9]))])
        #expect(try plain.learningOrigin(small, rows: [0, 1, 2]) == plain)
    }
}
