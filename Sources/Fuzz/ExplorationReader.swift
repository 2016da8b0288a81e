import Events
import JSON

/// What an AutoML job saw in its data, as its folder keeps it.
enum ExplorationReader {
    static var all: FuzzedReader { FuzzedReader(name: "exploration") { _ in explorations() } }

    private static let text = """
        {"profile":{"path":"a.csv","byteCount":9,"fingerprint":"00","rowCount":3,"delimiter":",","hasHeader":true,"columns":[{"name":"x",\
        "kind":"integer","count":3,"missing":0,"distinct":3,"mostFrequent":[]},{"name":"y","kind":"integer","count":3,"missing":0,\
        "distinct":2,"mostFrequent":[{"value":"1","count":2}]}],"warnings":[]},"target":"y","rows":3,"repeatedRows":0,"classes":\
        [{"name":"1","rows":2}],"told":[{"column":"x","power":0.5,"correlation":-0.2}],"numeric":["x","y"],"correlations":\
        [[1,-0.2],[-0.2,1]],"findings":["x"],"sample":[["1","2"]]}
        """

    private static func explorations() -> Subject {
        Subject(samples: [Sample("one", text: text)]) { sample in
            do {
                guard let found = DataExploration(json: try JSONValue(parsing: sample.text)) else {
                    return .refused("it is no exploration")
                }
                guard found.correlations.allSatisfy({ $0.count == found.numeric.count }),
                    found.sample.allSatisfy({ $0.count == found.profile.columns.count })
                else { return .wrong("rows of other widths than there are columns") }
                _ = found.strongestPairs(5)
                return .accepted
            } catch { return .refused("\(error)") }
        }
    }
}
