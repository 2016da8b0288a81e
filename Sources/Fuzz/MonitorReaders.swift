import JSON
import Monitoring

/// What SageMaker Model Monitor's users have: baselines, captures, labels; and schedules as they are typed.
enum MonitorReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "monitor-baselines") { _ in baselines() },
            FuzzedReader(name: "monitor-captures") { _ in captures() },
            FuzzedReader(name: "monitor-schedules") { _ in schedules() },
        ]
    }

    private static func baselines() -> Subject {
        Subject(
            samples: [
                Sample(
                    "statistics",
                    text: """
                        {"version":0.0,"dataset":{"item_count":4},"features":[{"name":"x","inferred_type":"Integral","numerical_statistics":
                        {"common":{"num_present":4,"num_missing":0},"mean":2.5,"sum":10.0,"std_dev":1.1,"min":1.0,"max":4.0,
                        "distribution":{"kll":{"buckets":[{"lower_bound":1.0,"upper_bound":4.0,"count":4.0}],"sketch":{"parameters":
                        {"c":0.64,"k":2048.0},"data":[[1.0,2.0],[3.0]]}}}}},{"name":"t","inferred_type":"String","string_statistics":
                        {"common":{"num_present":3,"num_missing":1},"distinct_count":2.0,"distribution":{"categorical":{"buckets":
                        [{"value":"a","count":2},{"value":"b","count":1}]}}},"descent":{"singletons":1}}]}
                        """),
                Sample(
                    "constraints",
                    text: """
                        {"version":0.0,"features":[{"name":"x","inferred_type":"Integral","completeness":1.0,"num_constraints":
                        {"is_non_negative":true},"monitoringConfigOverrides":{"datatype_check_threshold":0.9}},{"name":"t","inferred_type":
                        "String","completeness":0.75,"string_constraints":{"domains":["a","b"]}}],"monitoring_config":
                        {"evaluate_constraints":"Enabled","distribution_constraints":{"comparison_threshold":0.1,"comparison_method":
                        "Robust","categorical_drift_method":"ChiSquared"},"descent":{"false_alarms":0.01}}}
                        """),
                Sample(
                    "quality",
                    text: """
                        {"version":0.0,"dataset":{"item_count":9},"binary_classification_metrics":{"auc":{"value":0.9,
                        "standard_deviation":"NaN","descent":{"standard_error":0.01}}},"binary_classification_constraints":
                        {"auc":{"threshold":0.9,"comparison_operator":"LessThanThreshold"}}}
                        """),
                Sample(
                    "confidence",
                    text:
                        #"{"bins":[{"confidence":0.6,"accuracy":0.55,"count":40},{"confidence":0.9,"accuracy":0.8,"count":60}]}"#),
            ]
        ) { sample in
            let json: JSONValue
            do { json = try JSONValue(parsing: sample.text) } catch { return .refused("\(error)") }
            var refusals: [String] = []
            func attempt(_ body: () throws -> Void) { do { try body() } catch { refusals.append("\(error)") } }
            attempt {
                let read = try DatasetStatistics(json)
                let check = DataQualityCheck(
                    statistics: read, constraints: DatasetConstraints(suggestedFor: read, falseAlarms: 0.01))
                _ = try check.report(on: read)
                guard try DatasetStatistics(read.json) == read else {
                    throw MonitoringError(.badData, "another than was written")
                }
            }
            attempt { _ = try DatasetConstraints(json).json }
            attempt { _ = try ModelQuality(json) }
            attempt { _ = try ModelQualityConstraints(json).json }
            attempt { _ = try ConstraintViolation.read(json) }
            attempt {
                let read = try ConfidenceCalibration(json: json)
                guard let (value, error) = read.accuracy(of: [0.1, 0.7, 0.95]) else { return }
                guard (0...1).contains(value), error.isFinite else {
                    throw MonitoringError(.badData, "\(value) ± \(error) is no accuracy")
                }
            }
            return refusals.count < 6 ? .accepted : .refused(refusals.joined())
        }
    }

    private static func captures() -> Subject {
        Subject(
            samples: [
                Sample(
                    "capture",
                    text:
                        #"{"captureData":{"endpointInput":{"observedContentType":"text/csv","mode":"INPUT","data":"1,2\n3,4","encoding":"CSV"},"endpointOutput":{"observedContentType":"application/json","mode":"OUTPUT","data":"{\"predictions\":[{\"score\":[0.4,0.6],\"predicted_label\":0}]}","encoding":"JSON"}},"eventMetadata":{"eventId":"e1","inferenceId":"mine","inferenceTime":"2026-12-01T00:00:07Z"},"eventVersion":"0"}"#
                ),
                Sample(
                    "truth",
                    text:
                        #"{"groundTruthData":{"data":"1\n0","encoding":"CSV"},"eventMetadata":{"eventId":"mine"},"eventVersion":"0"}"#
                ),
            ]
        ) { sample in
            var refusals: [String] = []
            do throws(MonitoringError) {
                _ = try CapturedRequest(line: sample.text).key
            } catch { refusals.append(error.message) }
            do throws(MonitoringError) {
                var truth = GroundTruth()
                try truth.add(line: sample.text)
            } catch { refusals.append(error.message) }
            return refusals.count < 2 ? .accepted : .refused(refusals.joined())
        }
    }

    private static func schedules() -> Subject {
        Subject(
            samples: ["now", "every=60s", "every=2h", "cron(0 * ? * * *)", "cron(0/15 9-17 ? JAN-MAR MON,FRI 2026)"].map {
                Sample("schedule", text: $0)
            }
        ) { sample in
            do throws(MonitoringError) {
                _ = try MonitorSchedule(sample.text).due(since: 1_796_083_200, by: 1_796_090_000)
                return .accepted
            } catch { return .refused(error.message) }
        }
    }
}
