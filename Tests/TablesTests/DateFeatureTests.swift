import Testing

@testable import Tables

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct DateFeatureTests {
    private static func table(_ moments: [Double], _ more: [Column] = []) -> Table {
        Table(columns: [Column(name: "t", kind: .date, storage: .numbers(moments))] + more)
    }

    private static func names(_ moments: [Double], _ style: FeatureOptions.Style) throws -> [String] {
        try FeaturePipeline.fit(
            table(moments), rows: Array(moments.indices), target: nil, standardises: false,
            options: FeatureOptions(style: style)
        ).featureNames
    }

    /// Hours from Monday, 1 January 2024 on.
    private static func hours(_ count: Int, step: Int = 1) -> [Double] {
        (0..<count).map { 1_704_067_200 + Double($0 * step) * 3600 }
    }

    /// t = pd.to_datetime(['1969-12-31 23:59:30', '2024-02-29 12:00:00', '2023-12-31 18:30:15']) in pandas 3.0: year, month, day,
    /// day_of_week, day_of_week >= 5, hour, minute, second.
    @Test func `the parts of a moment are pandas'`() throws {
        let moments = ["1969-12-31T23:59:30", "2024-02-29T12:00:00", "2023-12-31T18:30:15"].map {
            DateParts(CalendarTime.seconds(iso: $0) ?? .nan)
        }
        let parts: [DatePart] = [.year, .month, .day, .weekday, .weekend, .hour, .minute, .second, .hourOfWeek]
        #expect(
            moments.map { moment in parts.map { moment.value($0) } } == [
                [1969, 12, 31, 2, 0, 23, 59, 30, 71], [2024, 2, 29, 3, 0, 12, 0, 0, 84], [2023, 12, 31, 6, 1, 18, 30, 15, 162],
            ])
    }

    /// np.sin and np.cos of 2π times second of the day / 86400, (day_of_week + that) / 7 and (day_of_year - 1 + that) / days of the year.
    @Test func `sine and cosine of a cycle are numpy's`() throws {
        let moments = ["1969-12-31T23:59:30", "2024-02-29T12:00:00", "2023-12-31T18:30:15"].map {
            CalendarTime.seconds(iso: $0) ?? .nan
        }
        let encoding = DateEncoding(
            features: [.harmonics(.day, 1), .harmonics(.week, 1), .harmonics(.year, 1), .harmonics(.hour, 1)], start: 0, fill: 0)
        let expected: [[Float]] = [
            [-0.002182, 0.999998, 0.434165, -0.900834, -6e-06, 1, -0.052336, 0.99863], [0, -1, 0, -1, 0.852864, 0.522133, 0, 1],
            [-0.991302, 0.131608, -0.204099, 0.97895, -0.003942, 0.999992, -0.026177, -0.999657],
        ]
        for (moment, numbers) in zip(moments, expected) {
            var written = [Float](repeating: 0, count: 8)
            #expect(encoding.write(moment, into: &written, keepsMissing: false))
            for (own, number) in zip(written, numbers) { #expect(abs(own - number) < 2e-6, "\(written)") }
        }
    }

    @Test func `only parts that vary and come again are features, in the form that the learner makes most of`() throws {
        // 120 days, hour by hour: neither years nor months come again.
        let trees = try Self.names(Self.hours(2880), .trees)
        #expect(
            trees == ["t (day)", "t (day of week)", "t (weekend)", "t (hour)", "t (elapsed days)"])
        let linear = try Self.names(Self.hours(2880), .linear)
        #expect(linear.count == 7 + 1 + 24 + 1)
        #expect(linear.contains("t (hour=7)") && linear.contains("t (day of week=Mon)") && linear.last == "t (elapsed days)")
        #expect(!linear.contains { $0.contains("year") || $0.contains("month=") || $0.contains("hour of week") })
        // An hour of the week of its own needs more rows.
        #expect(try Self.names(Self.hours(9000), .linear).contains("t (hour of week=Sun 23)"))
        #expect(try !Self.names(Self.hours(9000), .network).contains("t (hour of week=Sun 23)"))
        #expect(
            try Self.names(Self.hours(2880), .distances) == [
                "t (sin of week)", "t (cos of week)", "t (sin of day)", "t (cos of day)", "t (elapsed)",
            ])
        // Plain days of three years have no hours.
        let days = try Self.names(Self.hours(1100, step: 24), .trees)
        #expect(days == ["t (year)", "t (month)", "t (day)", "t (day of week)", "t (weekend)", "t (elapsed days)"])
        #expect(try Self.names(Self.hours(1100, step: 24), .linear).contains("t (sin 3 of year)"))
        // A few rows teach nothing of single hours, and two minutes nothing of a clock.
        #expect(try Self.names(Self.hours(60), .linear) == ["t (sin of day)", "t (cos of day)", "t (elapsed days)"])
        #expect(try Self.names((0..<100).map { Double($0) }, .linear) == ["t (elapsed days)"])
    }

    @Test func `a moment outside of training has its own parts, and the time since the first one`() throws {
        let rows = Self.hours(2880)
        let pipeline = try FeaturePipeline.fit(
            Self.table(rows), rows: Array(0..<2880), target: nil, standardises: false, options: FeatureOptions(style: .trees))
        // 7 June 2025, 05:00, a Saturday: 523 days and 5 hours later.
        let features = try pipeline.transform(Self.table([1_749_272_400]))
        #expect(Array(features.row(0).dropLast()) == [7, 5, 1, 5])
        #expect(abs(features[0, 4] - 523.2083) < 1e-3)
    }

    @Test func `missing dates are filled in and told, and stay missing for trees`() throws {
        let rows = (0..<2880).map { $0 % 30 == 3 ? .nan : Self.hours(2880)[$0] }
        let table = Self.table(rows), all = Array(rows.indices)
        let linear = try FeaturePipeline.fit(table, rows: all, target: nil, standardises: false)
        #expect(linear.featureNames.last == "t (missing)")
        let filled = try linear.transform(table, rows: [2, 3])
        #expect(filled[0, linear.featureCount - 1] == 0 && filled[1, linear.featureCount - 1] == 1)
        #expect(filled.firstNonFiniteColumn == nil)
        let trees = try FeaturePipeline.fit(
            table, rows: all, target: nil, standardises: false, options: FeatureOptions(style: .trees)
        ).keepingMissing()
        #expect(try trees.transform(table, rows: [3]).elements.allSatisfy(\.isNaN))
    }

    @Test func `times of day are seconds, and the clock goes round`() throws {
        let lines = (0..<200).map { "\($0 % 24):\(10 + $0 % 50),\($0 % 3)" }
        let table = try Table.of("at,y\n" + lines.joined(separator: "\n") + "\n")
        let pipeline = try FeaturePipeline.fit(table, rows: Array(0..<200), target: "y", standardises: false)
        #expect(pipeline.featureNames.prefix(3) == ["at", "at (sin of day)", "at (cos of day)"])
        #expect(pipeline.featureCount == 9)
        // 6:16 is row 6.
        let row = try pipeline.transform(table, rows: [6])
        #expect(row[0, 0] == 22_560 && abs(row[0, 1] - 0.997564) < 1e-5)
        // A race takes hours and is no time of day.
        let race = try Table.of("at,y\n" + (0..<60).map { "3:\(10 + $0 % 50):07,\($0 % 3)\n" }.joined())
        let plain = try FeaturePipeline.fit(race, rows: Array(0..<60), target: "y", standardises: false)
        #expect(plain.featureNames == ["at"])
    }

    @Test func `a pipeline with dates is saved and loaded, and one of an earlier version still counts days since 1970`() throws {
        let table = Self.table(Self.hours(500))
        for style in [FeatureOptions.Style.linear, .network, .trees, .distances] {
            let pipeline = try FeaturePipeline.fit(
                table, rows: Array(0..<500), target: nil, standardises: false, options: FeatureOptions(style: style))
            let loaded = try JSONDecoder().decode(FeaturePipeline.self, from: JSONEncoder().encode(pipeline))
            #expect(loaded == pipeline)
            #expect(try loaded.transform(table) == pipeline.transform(table))
        }
        let old = """
            {"columns":[{"name":"t","encoding":{"number":{"median":19000,"isDate":true}}}],"means":[],"deviations":[],
            "featureNames":["t"],"warnings":[],"standardises":false}
            """
        let pipeline = try JSONDecoder().decode(FeaturePipeline.self, from: Data(old.utf8))
        #expect(try pipeline.transform(Self.table([1_704_067_200, .nan])).elements == [19_723, 19_000])
    }

    @Test(arguments: [
        #"{"features":[{"harmonics":{"_0":"day","_1":1000000000000}}],"start":0,"fill":0}"#,
        #"{"features":[{"harmonics":{"_0":"day","_1":0}}],"start":0,"fill":0}"#,
        #"{"features":[{"indicators":{"_0":"hour","_1":[3,2]}}],"start":0,"fill":0}"#,
        #"{"features":[{"elapsed":{"unit":0}}],"start":0,"fill":0}"#, #"{"features":[],"start":0,"fill":0}"#,
    ])
    func `a damaged encoding of dates is refused`(dates: String) throws {
        let text = """
            {"columns":[{"name":"t","encoding":{"dates":{"_0":\(dates),"isClock":false}}}],"means":[],"deviations":[],
            "featureNames":["t"],"warnings":[],"standardises":false}
            """
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(FeaturePipeline.self, from: Data(text.utf8)) }
    }
}
