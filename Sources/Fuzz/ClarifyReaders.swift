import Explaining
import Fairness
import JSON
import Tables

/// What SageMaker Clarify's users have: configurations and analyses; and tests of rows as they are typed.
enum ClarifyReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "clarify-configurations") { _ in configurations() },
            FuzzedReader(name: "clarify-analyses") { _ in analyses() },
            FuzzedReader(name: "row-tests") { _ in rowTests() },
        ]
    }

    private static func configurations() -> Subject {
        Subject(
            samples: [
                Sample(
                    "explanations",
                    text: """
                        {"headers": ["a", "b", "y"], "label": "y", "methods": {"shap": {"baseline": [[1, "x"], [null, 2]],
                         "num_samples": 10, "agg_method": "median", "use_logit": true, "seed": 3},
                         "pdp": {"features": [0, "b"], "grid_resolution": 7, "top_k_features": 2}}}
                        """),
                Sample(
                    "biases",
                    text: """
                        {"version": "1.0", "headers": ["a", "sex", "y"], "label": 2, "label_values_or_threshold": [1],
                         "facet": [{"name_or_index": "sex", "value_or_threshold": ["f"]}, {"name_or_index": 0}],
                         "group_variable": "a", "methods": {"pre_training_bias": {"methods": "all"},
                         "post_training_bias": {"methods": ["DPPL", "FT"]}}}
                        """),
            ]
        ) { sample in
            var refusals: [String] = []
            do throws(ExplainingError) { _ = try ExplanationSettings(sample.text) } catch { refusals.append(error.message) }
            do throws(FairnessError) { _ = try BiasConfiguration(sample.text, columns: ["a", "b"]) } catch {
                refusals.append(error.message)
            }
            return refusals.count < 2 ? .accepted : .refused(refusals.joined())
        }
    }

    private static func analyses() -> Subject {
        Subject(
            samples: [
                Sample(
                    "analysis",
                    text: """
                        {"version": "1.0", "explanations": {"kernel_shap": {"label0": {"global_shap_values": {"a": 0.5, "b": "NaN"},
                         "expected_value": 0.3}}, "pdp": []}}
                        """)
            ]
        ) { sample in
            do {
                let document = try ExplanationDocument(reading: JSONValue(parsing: sample.text))
                for label in document.labels { _ = AttributionDrift.gain(baseline: label.values, live: ["a": 1, "b": 2]) }
                return .accepted
            } catch { return .refused("\(error)") }
        }
    }

    private static let table = Table(columns: [
        Column(name: "sex", kind: .categorical, storage: .codes([0, 1, -1, 0], dictionary: ["f", "m"])),
        Column(name: "age", kind: .integer, storage: .numbers([20, 40, 60, .nan])),
    ])

    private static func rowTests() -> Subject {
        Subject(
            samples: ["sex=f", "age>40", "age<25&sex=f,m", "age=40", "sex=m"].map { Sample("test", text: $0) }
        ) { sample in
            do throws(FairnessError) {
                let test = try RowTest(sample.text), found = try test.rows(of: table)
                _ = (test.name, test.value, test.phrase)
                return found.matches.count == table.rowCount ? .accepted : .wrong("rows got lost")
            } catch { return .refused(error.message) }
        }
    }
}
